import type { Clock, Logger, Random } from '../../platform';
import { isHelpService, loadEnclosures } from '../../sip';
import type { Call } from '../call';
import type { ECallSettings, ECallStatus } from '../emergency-status';
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
 * What calls for help take along: the last position that was told, which goes out with them alone, and the car. What writes them is
 * loaded as soon as there is something to write, since a call for help waits for nothing.
 */
export class HelpData {
  readonly #parts: HelpDataParts;
  readonly #companions = new WeakMap<Call, Companion>();
  #kit: Kit | undefined;
  #last: (Fix & { readonly time: string }) | undefined;
  #toldAt = 0;
  #car: ECallSettings | undefined;

  constructor(parts: HelpDataParts) {
    this.#parts = parts;
  }

  get position(): PositionStatus | undefined {
    const ageS = Math.floor((this.#parts.clock.now() - this.#toldAt) / 1000);
    return this.#last && { ...this.#last, ageS };
  }

  /** Resolves when it can go out. */
  async tell(fix: Fix): Promise<void> {
    const { clock } = this.#parts;
    const toldAt = clock.now();
    const time = fix.time === undefined ? clock.wallTime() : new Date(fix.time);
    await this.#load();
    this.#last = { ...fix, time: time.toISOString() };
    this.#toldAt = toldAt;
  }

  set car(car: ECallSettings | undefined) {
    this.#car = car;
    if (car) this.#load().catch((error: unknown) => this.#parts.log.error(String(error)));
  }

  /** @param whose address of record of who calls. @returns nothing for whom that does not concern */
  companionOf(target: string, whose: string): Companion | undefined {
    return isHelpService(target) ? this.#kit?.companionOf(target, whose, this.#car) : undefined;
  }

  follow(call: Call, companion: Companion | undefined): void {
    if (!companion) return;
    this.#companions.set(call, companion);
    companion.follow(call);
  }

  statusOf(call: Call): ECallStatus | undefined {
    return this.#companions.get(call)?.status;
  }

  async #load(): Promise<void> {
    const [{ Kit }, enclosures] = await Promise.all([import('./kit'), loadEnclosures()]);
    this.#kit ??= new Kit(enclosures, { ...this.#parts, position: () => this.position });
  }
}
