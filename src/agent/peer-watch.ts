import type { CallStatus } from './call-state';

/** Whoever was heard or answered within this time is there, whatever else is seen, ms. */
const SIGN_MS = 5000;
/** ICMP errors that came within this time are of the present, ms. */
const PRESENT_MS = 3000;
/** With ICMP errors beside it, an unanswered question needs no longer than this, ms. */
const PATIENCE_MS = 10_000;
/** A call on hold is silent by right; without a session timer it is asked this often, ms (RFC 4028's least). */
const HELD_MS = 90_000;

export type Doubt =
  /** Nothing is to be done. */
  | 'none'
  /** To be asked whether it is still there. */
  | 'ask'
  /** Asked, not answered, and its ports are closed. */
  | 'gone';

/** When the far end of one call is to be asked whether it is still there: looks at it every second. */
export class PeerWatch {
  readonly #limitMs: number;
  /** Of the last answer, or of the beginning: no question comes sooner than the limit after it. */
  #provedAt: number;
  #askedAt: number | undefined;
  #unreachable = 0;
  #unreachableAt = Number.NEGATIVE_INFINITY;

  /** @param limitMs silence after which a far end that should be heard is asked. */
  constructor(limitMs: number, now: number) {
    this.#limitMs = limitMs;
    this.#provedAt = now;
  }

  /** Neither being asked nor proved a moment ago: a question would tell something new. */
  isDoubtful(now: number): boolean {
    return this.#askedAt === undefined && now - this.#provedAt >= SIGN_MS;
  }

  /** @param hasSessionTimer the call ends by RFC 4028 when the far end is gone. */
  look(call: CallStatus, hasSessionTimer: boolean, now: number): Doubt {
    this.#noteUnreachable(call, now);
    const hasSign = now - this.#unreachableAt < PRESENT_MS;
    const silentMs = call.media?.silentMs ?? Number.POSITIVE_INFINITY;
    if (this.#askedAt !== undefined) {
      // Signs may be forged, and end no call whose media have been heard since.
      const askedMs = now - this.#askedAt;
      return hasSign && askedMs >= PATIENCE_MS && silentMs >= askedMs ? 'gone' : 'none';
    }
    const provedMs = Math.min(silentMs, now - this.#provedAt);
    if (call.state === 'held') {
      return !hasSessionTimer && provedMs >= Math.max(HELD_MS, this.#limitMs) ? 'ask' : 'none';
    }
    const limitMs = hasSign ? Math.min(SIGN_MS, this.#limitMs) : this.#limitMs;
    return provedMs >= limitMs ? 'ask' : 'none';
  }

  asked(now: number): void {
    this.#askedAt = now;
  }

  answered(now: number): void {
    this.#askedAt = undefined;
    this.#provedAt = now;
  }

  /** Its signalling port is closed, as ICMP says. */
  portClosed(now: number): void {
    this.#unreachableAt = now;
  }

  #noteUnreachable({ media }: CallStatus, now: number): void {
    const count = (media?.audio?.sent.unreachable ?? 0) + (media?.video?.sent.unreachable ?? 0);
    if (count > this.#unreachable) this.#unreachableAt = now;
    this.#unreachable = count;
  }
}
