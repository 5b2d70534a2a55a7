import { type Clock, type Random, randomFraction, type Timer } from '../../platform';
import type { RefreshOutcome } from './target-refresh';

/** The session whose description is to change. */
export interface RenegotiatorHost {
  /** An offer may go out now (RFC 3261 §14.1, RFC 3311 §5.1). */
  readonly isReady: boolean;
  /** Whether the Call-ID is ours: then we wait longer after a glare. */
  readonly ownsCallId: boolean;
  sendOffer(done: (outcome: RefreshOutcome) => void): void;
  onOutcome(outcome: Exclude<RefreshOutcome, 'glare'>): void;
}

/** Glares in a row after which we give way for good; each one is a matter of chance. */
const MAX_GLARES = 8;

/** Our re-INVITEs, or UPDATEs before the answer, one after the other: waits for its turn, and after 491 once more (§14.1). */
export class Renegotiator {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #host: RenegotiatorHost;
  /** Asked for since the last one went out; one more serves them all. */
  #wanted: ((agreed: boolean) => void)[] = [];
  /** Served by the one in progress. */
  #served: ((agreed: boolean) => void)[] = [];
  #isSending = false;
  #glares = 0;
  #glareTimer: Timer | undefined;

  constructor(clock: Clock, random: Random, host: RenegotiatorHost) {
    this.#clock = clock;
    this.#random = random;
    this.#host = host;
  }

  /** Whether one of ours awaits its final response. */
  get isSending(): boolean {
    return this.#isSending;
  }

  request(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wanted.push(resolve);
      this.proceed();
    });
  }

  /** Something that stood in the way may be gone. */
  proceed(): void {
    const waits = this.#isSending || this.#glareTimer || !this.#host.isReady;
    if (waits || this.#wanted.length + this.#served.length === 0) return;
    this.#served.push(...this.#wanted);
    this.#wanted = [];
    this.#isSending = true;
    this.#host.sendOffer((outcome) => this.#onOutcome(outcome));
  }

  /** The session has ended: nothing will come of what was asked for. */
  stop(): void {
    this.#glareTimer?.cancel();
    this.#glareTimer = undefined;
    this.#settle(false);
    for (const resolve of this.#wanted.splice(0)) resolve(false);
  }

  #onOutcome(outcome: RefreshOutcome): void {
    this.#isSending = false;
    if (outcome === 'glare' && this.#glares < MAX_GLARES) {
      this.#glares++;
      this.#glareTimer = this.#clock.setTimer(this.#glareDelay(), () => {
        this.#glareTimer = undefined;
        this.proceed();
      });
      return;
    }
    this.#glares = 0;
    this.#host.onOutcome(outcome === 'glare' ? 'refused' : outcome);
    this.#settle(outcome === 'agreed');
    this.proceed();
  }

  #settle(agreed: boolean): void {
    for (const resolve of this.#served.splice(0)) resolve(agreed);
  }

  /** §14.1, in units of 10 ms: 2.1 to 4 s for the owner of the Call-ID, up to 2 s for the other. */
  #glareDelay(): number {
    const [least, most] = this.#host.ownsCallId ? [210, 400] : [0, 200];
    return 10 * Math.round(least + randomFraction(this.#random) * (most - least));
  }
}
