import type { Clock, Logger, Random } from '../../platform';
import { isHelpService, loadEnclosures } from '../../sip';
import type { Call } from '../call';
import type { EmergencySettings } from '../emergency-status';
import type { Kit } from './kit';
import type { Companion, Fix, PositionStatus } from './shapes';

export interface HelpDataParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** An emergency service has said something of the data. */
  readonly onChange: () => void;
}

/**
 * What calls for help take along: the last position that was told, which goes out with them alone, and the car. What reads and writes
 * them is loaded as soon as there is something to do, since a call for help waits for nothing.
 */
export class HelpData {
  readonly #parts: HelpDataParts;
  readonly #companions = new WeakMap<Call, Companion>();
  #kit: Kit | undefined;
  #settings: EmergencySettings | undefined;

  constructor(parts: HelpDataParts) {
    this.#parts = parts;
  }

  get position(): PositionStatus | undefined {
    return this.#kit?.position;
  }

  /** Resolves when it can go out. */
  async tell(fix: Fix): Promise<void> {
    (await this.#load()).tell(fix);
  }

  /** Undefined: nobody is called for help any more. */
  set settings(settings: EmergencySettings | undefined) {
    this.#settings = settings;
    if (!this.#kit && !settings?.eCall && settings?.nmea === undefined) return;
    this.#load().catch((error: unknown) => this.#parts.log.error(String(error)));
  }

  /** What is wrong, in words. */
  get problems(): readonly string[] {
    return this.#kit?.problems ?? [];
  }

  /** Before a service is called: undefined when nothing has to be awaited. */
  find(target: string): Promise<void> | undefined {
    return this.#kit?.find(target);
  }

  /** @param whose address of record of who calls. @returns nothing for whom that does not concern */
  companionOf(target: string, whose: string, isBare = false): Companion | undefined {
    return isHelpService(target)
      ? this.#kit?.companionOf(target, whose, this.#settings?.eCall, isBare)
      : undefined;
  }

  follow(call: Call, companion: Companion | undefined): void {
    if (!companion) return;
    this.#companions.set(call, companion);
    companion.follow(call);
  }

  /** Of what went along with it. */
  companion(call: Call): Pick<Companion, 'status' | 'hasOtherWay'> | undefined {
    return this.#companions.get(call);
  }

  async #load(): Promise<Kit> {
    const [{ Kit }, enclosures] = await Promise.all([import('./kit'), loadEnclosures()]);
    this.#kit ??= new Kit(enclosures, this.#parts);
    this.#kit.follow(this.#settings);
    return this.#kit;
  }
}
