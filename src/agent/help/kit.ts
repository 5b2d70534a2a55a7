import type { Clock, Logger, Random } from '../../platform';
import type { EnclosureKit } from '../../sip';
import type { Call } from '../call';
import type { ECallSettings, EmergencySettings } from '../emergency-status';
import { ECall } from './e-call';
import { NmeaReceiver } from './nmea-receiver';
import { pidfLo } from './pidf-lo';
import type { Companion, Fix, PositionStatus } from './shapes';
import { Whereabouts } from './whereabouts';

export interface KitParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** An emergency service has said something of the data. */
  readonly onChange: () => void;
}

const ECALL = /^urn:service:(test\.)?sos\.ecall(\.|$)/i;

/** Makes what goes along with calls for help. */
export class Kit {
  readonly #enclosures: EnclosureKit;
  readonly #parts: KitParts;
  readonly #whereabouts: Whereabouts;
  #nmea: string | undefined;
  #receiver: NmeaReceiver | undefined;

  constructor(enclosures: EnclosureKit, parts: KitParts) {
    this.#enclosures = enclosures;
    this.#parts = parts;
    this.#whereabouts = new Whereabouts(parts.clock);
  }

  get position(): PositionStatus | undefined {
    return this.#whereabouts.position;
  }

  tell(fix: Fix): void {
    this.#whereabouts.tell(fix);
  }

  /** Undefined: nobody is called any more, and no receiver is heard. */
  follow(settings: EmergencySettings | undefined): void {
    const nmea = settings?.nmea;
    if (nmea === this.#nmea) return;
    this.#receiver?.close();
    this.#nmea = nmea;
    if (nmea === undefined) this.#receiver = undefined;
    else {
      const onFix = (fix: Fix): void => this.#whereabouts.tell(fix);
      this.#receiver = new NmeaReceiver(nmea, { ...this.#parts, onFix });
    }
  }

  /** In words. */
  get problems(): readonly string[] {
    const problem = this.#receiver?.problem;
    return problem === undefined ? [] : [`position: ${this.#nmea}: ${problem}`];
  }

  /** Undefined where nothing is known that could go along. */
  companionOf(
    target: string,
    whose: string,
    car: ECallSettings | undefined,
  ): Companion | undefined {
    const { newContentId, locationEnclosure, carDataEnclosure, Enclosures } = this.#enclosures;
    const { random } = this.#parts;
    const host = whose
      .replace(/^sips?:/i, '')
      .replace(/^.*@/, '')
      .replace(/[;?].*$/, '');
    const { position } = this;
    const eCall = car && ECALL.test(target) ? this.#eCallTo(target, car) : undefined;
    const all = [
      ...(position ? [locationEnclosure(pidfLo(position, whose), newContentId(host, random))] : []),
      ...(eCall ? [carDataEnclosure(eCall.next(), newContentId(host, random))] : []),
    ];
    if (all.length === 0) return undefined;
    return {
      enclosing: new Enclosures(all, random),
      get status() {
        return eCall?.status;
      },
      follow: (call) => {
        if (eCall) this.#follow(call, eCall, host);
      },
    };
  }

  #eCallTo(target: string, car: ECallSettings): ECall {
    return new ECall({
      car,
      isAutomatic: /\.automatic$/i.test(target),
      isTest: /^urn:service:test\./i.test(target),
      beganAt: this.#parts.clock.wallTime(),
      position: () => this.position,
    });
  }

  #follow(call: Call, eCall: ECall, host: string): void {
    call.events.on('control', (document, reference) => {
      for (const told of eCall.hear(document, reference)) void this.#tell(call, told, host);
      this.#parts.onChange();
    });
  }

  async #tell(call: Call, told: Uint8Array | string, host: string): Promise<void> {
    const info = this.#enclosures.infoByPackage(told, host, this.#parts.random);
    if (await call.inform(info)) return;
    this.#parts.log.warn('eCall: the far end does not take what it asked for', { call: call.id });
  }
}
