/** How often something may happen: `burst` at once, and `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Tokens that drip in at a rate; each thing that happens takes one. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = nowMs;
  }

  hasToken(nowMs: number): boolean {
    // A clock that was set back fills nothing, and takes nothing away.
    const dripped = (Math.max(0, nowMs - this.#filledAt) * this.#rate.perSecond) / 1000;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + dripped);
    this.#filledAt = nowMs;
    return this.#tokens >= 1;
  }

  take(nowMs: number): boolean {
    if (!this.hasToken(nowMs)) return false;
    this.#tokens--;
    return true;
  }

  /** Takes what is known only afterwards; it may leave a debt. */
  spend(tokens: number): void {
    this.#tokens -= tokens;
  }
}
