import type { Clock, Logger, Timer } from '../platform';
import { isHelpService } from '../sip';
import type { Call } from './call';
import type { Caller } from './caller';
import type { ECallStatus, EmergencySettings, EmergencyStatus } from './emergency-status';
import { AgentException } from './exception';
import type { HelpData } from './help';

export interface EmergencyParts {
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Calls, and ends what stands in its way.
   * @param isBare nothing is to go along.
   * @throws AgentException
   */
  readonly dial: (target: string, isBare: boolean) => Call;
  readonly helpData: Pick<HelpData, 'position' | 'find' | 'companion'>;
  readonly isEmergencyNumber: (target: string) => boolean;
  /** Whether a caller is who was called as `target`. */
  readonly isSame: (target: string, caller: Caller) => boolean;
  readonly announce: (file: string, call: Call) => void;
  readonly onChange: (status: EmergencyStatus) => void;
}

/** From the end of a call to the next one, and to the next round; a network that is away may come, ms. */
const NEXT_MS = 1000;
const ROUND_MS = 10_000;

/**
 * The car's own call for help: those of a list in turn, until one answers and presses a key. No policy ends it: not the
 * greatest length of a call, and not do-not-disturb where one of them calls back.
 */
export class Emergency {
  readonly #parts: EmergencyParts;
  #settings: EmergencySettings | undefined;
  /** Of the one that is under way: no change of the configuration ends it. */
  #plan: EmergencySettings | undefined;
  #status: EmergencyStatus | undefined;
  #call: Call | undefined;
  #timer: Timer | undefined;
  #place = 0;
  #positionAgeS: number | undefined;
  #eCall: ECallStatus | undefined;
  /** The car has called for help, and no person. */
  #isAutomatic = false;
  #called = new Set<string>();
  /** Where something that goes along is in the way. */
  #bare = new Set<string>();
  /** Whom it called is answered at once until then, by the clock. */
  #callBackUntil = 0;

  constructor(settings: EmergencySettings | undefined, parts: EmergencyParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  /** For the next one. */
  set settings(settings: EmergencySettings | undefined) {
    this.#settings = settings;
  }

  /** The present one, or the last; absent when there was none. */
  get status(): EmergencyStatus | undefined {
    return this.#status;
  }

  get isUnderWay(): boolean {
    return ['calling', 'answered', 'confirmed', 'waiting'].includes(this.#status?.state ?? '');
  }

  owns(call: Call): boolean {
    return this.#call === call;
  }

  /** Begins; one that is under way goes on. @throws AgentException */
  start(isAutomatic: boolean): void {
    if (this.isUnderWay) return;
    if (!this.#settings) {
      throw new AgentException('wrong-state', 'nobody to call: set emergency.calls');
    }
    this.#place = 0;
    this.#called = new Set();
    this.#bare = new Set();
    this.#isAutomatic = isAutomatic;
    this.#plan = this.#settings;
    this.#callNext(this.#plan);
  }

  /** @throws AgentException */
  cancel(): void {
    if (!this.isUnderWay) throw new AgentException('wrong-state', 'no emergency call is under way');
    this.#end('cancelled', 'cancelled here');
    this.#leave('emergency call cancelled here');
  }

  /** A service is called for help: nobody else rings meanwhile (RFC 6881 ED-72, ED-73). */
  get isUndisturbed(): boolean {
    return this.isUnderWay && isHelpService(this.#status?.to ?? '');
  }

  /**
   * Whether he was called for help, and calls back in time.
   * @param saysSo it is said to be so, without a name that is known (RFC 7090).
   */
  isCallBack(caller: Caller, saysSo: boolean): boolean {
    const { clock, isSame } = this.#parts;
    // Who helps already is not cut off.
    const isHelped = this.#status?.state === 'confirmed' && this.#call !== undefined;
    if (caller.origin === 'direct' || isHelped) return false;
    if (!this.isUnderWay && clock.now() >= this.#callBackUntil) return false;
    return [...this.#called].some(
      (target) => isSame(target, caller) || (saysSo && isHelpService(target)),
    );
  }

  /** One of them has called back, and is talked to: nobody else is needed. */
  calledBack(call: Call): void {
    if (!this.isUnderWay || this.#call === call) return;
    this.#leave('emergency call: called back meanwhile');
    this.#follow(call);
    this.#tell('confirmed', call.peerName, '');
  }

  /** More is known of the data that go along. */
  dataChanged(): void {
    if (!this.#call || !this.#status) return;
    this.#tell(this.#status.state, this.#status.to, this.#status.detail);
  }

  /** Who answers for a service is asked for first, and not awaited for long. */
  #callNext(settings: EmergencySettings): void {
    const target = this.#target(settings);
    this.#called.add(target);
    this.#eCall = undefined;
    this.#positionAgeS = undefined;
    const service = serviceOf(target, this.#isAutomatic);
    const found = this.#parts.helpData.find(service);
    if (!found) {
      this.#dial(target, service, settings);
      return;
    }
    this.#tell('calling', target, '');
    const status = this.#status;
    void found.then(() => {
      // Nobody has cancelled it, or called back meanwhile.
      if (this.#status === status) this.#dial(target, service, settings);
    });
  }

  #dial(target: string, service: string, settings: EmergencySettings): void {
    const isBare = this.#bare.has(target) || !isHelpService(target);
    if (!isBare) this.#positionAgeS = this.#parts.helpData.position?.ageS;
    try {
      const call = this.#parts.dial(service, isBare);
      this.#follow(call);
      const limit = 'not answered in time (emergency.ringSeconds)';
      this.#timer = this.#after(settings.ringSeconds * 1000, () => call.hangup(limit));
      call.events.on('confirmed', () => this.#onAnswered(call, settings));
      this.#tell('calling', target, '');
    } catch (error) {
      if (!(error instanceof AgentException)) throw error;
      this.#tell('waiting', target, error.message);
      this.#goOn(settings);
    }
  }

  #follow(call: Call): void {
    this.#call = call;
    call.events.on('key', () => this.#onKey(call));
    call.events.on('ended', () => this.#onEnded(call));
  }

  #onAnswered(call: Call, { confirmSeconds, announcement }: EmergencySettings): void {
    if (this.#call !== call || this.#status?.state !== 'calling') return;
    this.#timer?.cancel();
    const { to } = this.#status;
    // Where people are paid to answer no machine does.
    if (this.#parts.isEmergencyNumber(to)) {
      this.#tell('confirmed', to, '');
      return;
    }
    const limit = 'answered, and no key was pressed (emergency.confirmSeconds)';
    this.#timer = this.#after(confirmSeconds * 1000, () => call.hangup(limit));
    this.#tell('answered', to, '');
    if (announcement !== undefined) this.#parts.announce(announcement, call);
  }

  #onKey(call: Call): void {
    if (this.#call !== call || this.#status?.state !== 'answered') return;
    this.#timer?.cancel();
    this.#tell('confirmed', this.#status.to, '');
  }

  #onEnded(call: Call): void {
    if (this.#call !== call || !this.#status) return;
    this.#timer?.cancel();
    this.#call = undefined;
    const { state, to } = this.#status;
    const detail = call.status().ended ?? '';
    const isLost = call.end?.by === 'network';
    if (state === 'confirmed' && !isLost) this.#end('ended', detail);
    else if (this.#plan) {
      this.#tell('waiting', to, detail);
      if (this.#isMisread(call, to)) this.#bare.add(to);
      else if (!this.#parts.helpData.companion(call)?.hasOtherWay) {
        this.#goOn(this.#plan);
        return;
      }
      // Once more, in another way.
      this.#timer = this.#after(NEXT_MS, () => this.#plan && this.#callNext(this.#plan));
    }
  }

  /** Who sees no description among several parts answers as if there were none. */
  #isMisread({ end }: Call, to: string): boolean {
    const isUnusable = end?.by === 'local' && end.status === 488;
    return isUnusable && isHelpService(to) && !this.#bare.has(to);
  }

  #goOn(settings: EmergencySettings): void {
    const { calls, rounds } = settings;
    this.#place += 1;
    if (this.#place >= calls.length * rounds) {
      this.#end('failed', this.#status?.detail ?? '');
      return;
    }
    const wait = this.#place % calls.length === 0 ? ROUND_MS : NEXT_MS;
    this.#timer = this.#after(wait, () => this.#callNext(settings));
  }

  #target({ calls }: EmergencySettings): string {
    return calls[this.#place % calls.length] ?? '';
  }

  #leave(words: string): void {
    const call = this.#call;
    this.#timer?.cancel();
    this.#call = undefined;
    call?.hangup(words);
  }

  #end(state: 'ended' | 'failed' | 'cancelled', detail: string): void {
    const minutes = this.#plan?.callBackMinutes ?? 0;
    this.#callBackUntil = this.#parts.clock.now() + minutes * 60_000;
    this.#tell(state, this.#status?.to ?? '', detail);
  }

  #after(ms: number, act: () => void): Timer {
    return this.#parts.clock.setTimer(ms, act);
  }

  #tell(state: EmergencyStatus['state'], to: string, detail: string): void {
    const call = this.#call ? { call: this.#call.id } : {};
    const length = this.#plan?.calls.length ?? 1;
    const round = Math.floor(this.#place / length) + 1;
    const positionAgeS = this.#positionAgeS;
    const position = positionAgeS === undefined ? {} : { positionAgeS };
    if (this.#call) this.#eCall = this.#parts.helpData.companion(this.#call)?.status;
    const eCall = this.#eCall ? { eCall: this.#eCall } : {};
    this.#status = { state, to, ...call, round, ...position, ...eCall, detail };
    this.#parts.log.warn('emergency call', {
      ...{ state, to, round, positionAgeS, eCall: this.#eCall?.data },
      detail: detail || undefined,
    });
    this.#parts.onChange(this.#status);
  }
}

/** The service that is called: who asks for help, a person or the car, is part of its name (RFC 8147 §8). */
function serviceOf(target: string, isAutomatic: boolean): string {
  if (!/^urn:service:sos\.ecall$/i.test(target)) return target;
  return `${target}.${isAutomatic ? 'automatic' : 'manual'}`;
}
