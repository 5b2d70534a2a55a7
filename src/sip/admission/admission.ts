import type { Clock } from '../../platform';
import type { SocketAddress } from '../transport';
import { KnownCalls } from './known-calls';
import { isInvite, peekCallId } from './peek';
import { SecondTries } from './second-tries';
import { type SourceRates, Sources } from './sources';

/** Largest message that is read: a call with every codec and several proxies needs a quarter. */
export const MAX_MESSAGE_BYTES = 16 * 1024;

export interface AdmissionCounters {
  /** Messages dropped unread because their source, or all strangers together, sent too many. */
  limited: number;
  /** Messages larger than `MAX_MESSAGE_BYTES`. */
  oversized: number;
}

export type Verdict =
  | 'drop'
  /** Its source is granted one more message. */
  | 'granted'
  /** Only because of the call that it names: it may begin nothing new. */
  | 'call-only'
  /** Granted, but too large: it is owed 513 (RFC 3261 §21.5.7). */
  | 'oversized';

/**
 * Decides about each datagram before it is read, since reading is what a flood makes expensive. What
 * belongs to a call of ours is let in whatever its source; everybody else has a rate.
 */
export class Admission {
  readonly counters: AdmissionCounters = { limited: 0, oversized: 0 };
  readonly calls = new KnownCalls();
  readonly #clock: Clock;
  readonly #sources: Sources;
  readonly #secondTries = new SecondTries();

  constructor(clock: Clock, rates: SourceRates) {
    this.#clock = clock;
    this.#sources = new Sources(rates, clock.now());
  }

  judge(bytes: Uint8Array, source: SocketAddress): Verdict {
    const now = this.#clock.now();
    const isOversized = bytes.length > MAX_MESSAGE_BYTES;
    if (isOversized) this.counters.oversized++;
    if (this.#sources.admit(source, now) && this.#mayInvite(bytes, source, now)) {
      return isOversized ? 'oversized' : 'granted';
    }
    if (!isOversized) {
      const callId = peekCallId(bytes);
      if (callId !== undefined && this.calls.admit(callId, now)) return 'call-only';
      if (isInvite(bytes) && this.#secondTries.admit(bytes, source, now)) return 'granted';
    }
    this.counters.limited++;
    return 'drop';
  }

  #mayInvite(bytes: Uint8Array, source: SocketAddress, nowMs: number): boolean {
    return !isInvite(bytes) || this.#sources.admitInvite(source, nowMs);
  }

  /** Milliseconds that the datagram judged last has taken. */
  charge(ms: number): void {
    this.#sources.charge(ms);
  }

  /** The source named what only our answers could tell it. */
  prove(source: SocketAddress): void {
    this.#sources.prove(source, this.#clock.now());
  }

  /** We send a request of our own there. */
  trust(source: SocketAddress): void {
    this.#sources.trust(source, this.#clock.now());
  }

  isProved(source: SocketAddress): boolean {
    return this.#sources.isProved(source);
  }
}
