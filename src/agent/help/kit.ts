import type { Clock, Logger, Random } from '../../platform';
import { type EnclosureKit, isHelpService } from '../../sip';
import type { Call } from '../call';
import type { ECallSettings, EmergencySettings } from '../emergency-status';
import { capabilities } from './control';
import { ECall } from './e-call';
import { NmeaReceiver } from './nmea-receiver';
import { pidfLo } from './pidf-lo';
import { ServiceFinder } from './service-finder';
import type { Companion, Fix, PositionStatus } from './shapes';
import { Whereabouts } from './whereabouts';

export interface KitParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** An emergency service has said something of the data. */
  readonly onChange: () => void;
}

/** Whoever gives up before has not waited for anybody, ms. */
const PATIENCE_MS = 4000;
const ECALL = /^urn:service:(test\.)?sos\.ecall(\.|$)/i;

/** Makes what goes along with calls for help. */
export class Kit {
  readonly #enclosures: EnclosureKit;
  readonly #parts: KitParts;
  readonly #whereabouts: Whereabouts;
  #nmea: string | undefined;
  #receiver: NmeaReceiver | undefined;
  #lost = '';
  #finder: ServiceFinder | undefined;

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
    this.#finder?.moved();
  }

  /** Undefined: nobody is called any more, and no receiver is heard. */
  follow(settings: EmergencySettings | undefined): void {
    this.#followLost(settings);
    const nmea = settings?.nmea;
    if (nmea === this.#nmea) return;
    this.#receiver?.close();
    this.#nmea = nmea;
    if (nmea === undefined) this.#receiver = undefined;
    else {
      const onFix = (fix: Fix): void => this.tell(fix);
      this.#receiver = new NmeaReceiver(nmea, { ...this.#parts, onFix });
    }
  }

  /** In words. */
  get problems(): readonly string[] {
    const { problem: unheard } = this.#receiver ?? {};
    const { problem: unfound } = this.#finder ?? {};
    return [
      ...(unheard === undefined ? [] : [`position: ${this.#nmea}: ${unheard}`]),
      ...(unfound === undefined ? [] : [`emergency: LoST: ${unfound}`]),
    ];
  }

  /** Undefined when who answers for it is known as well as can be; else it resolves soon. */
  find(target: string): Promise<void> | undefined {
    return isHelpService(target) ? this.#finder?.find(target) : undefined;
  }

  /**
   * Undefined where nothing is known that could go along.
   * @param isBare no document goes along.
   */
  companionOf(
    target: string,
    whose: string,
    car: ECallSettings | undefined,
    isBare: boolean,
  ): Companion | undefined {
    const { newContentId, Enclosures } = this.#enclosures;
    const { locationEnclosure, carDataEnclosure, controlEnclosure } = this.#enclosures;
    const { random } = this.#parts;
    const host = whose
      .replace(/^sips?:/i, '')
      .replace(/^.*@/, '')
      .replace(/[;?].*$/, '');
    const position = isBare ? undefined : this.position;
    const isCar = ECALL.test(target) && !isBare;
    const eCall = car && isCar ? this.#eCallTo(target, car) : undefined;
    const route = this.#finder?.routeOf(target);
    const all = [
      ...(position ? [locationEnclosure(pidfLo(position, whose), newContentId(host, random))] : []),
      ...(eCall
        ? [
            carDataEnclosure(eCall.next(), newContentId(host, random)),
            controlEnclosure(capabilities(), newContentId(host, random)),
          ]
        : []),
    ];
    if (all.length === 0 && route === undefined) return undefined;
    let hasOtherWay = false;
    return {
      options: {
        ...(all.length === 0 ? {} : { enclosing: new Enclosures(all, random) }),
        ...(route === undefined ? {} : { route }),
      },
      get status() {
        return eCall?.status;
      },
      get hasOtherWay() {
        return hasOtherWay;
      },
      follow: (call) => {
        if (eCall) this.#follow(call, eCall, host);
        if (route === undefined) return;
        let wasThere = false;
        call.events.on('changed', () => {
          wasThere ||= call.isUp || call.state === 'ringing';
        });
        call.events.on('ended', () => {
          hasOtherWay = !wasThere && isUnreached(call);
          if (hasOtherWay) this.#finder?.giveUp(route);
        });
      },
    };
  }

  #followLost(settings: EmergencySettings | undefined): void {
    const services = (settings?.calls ?? []).filter(isHelpService).flatMap(servicesOf);
    const key = JSON.stringify([settings?.lost, services]);
    if (key === this.#lost) return;
    this.#lost = key;
    this.#finder?.close();
    const server = settings?.lost;
    const parts = { ...this.#parts, position: () => this.position };
    this.#finder = server === undefined ? undefined : new ServiceFinder(server, services, parts);
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
      try {
        for (const told of eCall.hear(document, reference)) void this.#tell(call, told, host);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#parts.log.warn('eCall: what the far end says cannot be read', { reason });
      }
      this.#parts.onChange();
    });
  }

  async #tell(call: Call, told: Uint8Array | string, host: string): Promise<void> {
    const info = this.#enclosures.infoByPackage(told, host, this.#parts.random);
    if (await call.inform(info)) return;
    this.#parts.log.warn('eCall: the far end does not take what it asked for', { call: call.id });
  }
}

/** Those that are called where that is configured. */
function servicesOf(name: string): string[] {
  return /sos\.ecall$/i.test(name) ? [`${name}.manual`, `${name}.automatic`] : [name];
}

/** Nobody was there, or nobody who takes it; who is busy is there. */
function isUnreached({ end, ageMs }: Call): boolean {
  if (end?.by === 'local') return end.status === 487 && ageMs > PATIENCE_MS;
  return end?.by === 'network' || ![486, 600, 603].includes(end?.status ?? 486);
}
