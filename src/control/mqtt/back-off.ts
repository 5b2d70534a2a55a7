import { type Random, randomFraction } from '../../platform';

const FIRST_MS = 1000;
export const LONGEST_MS = 60_000;

/** How long to wait before the next try: longer each time, and never as long as others who lost the same broker. */
export class BackOff {
  readonly #random: Random;
  #tries = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** ms */
  next(): number {
    const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#tries);
    this.#tries += 1;
    return Math.round(whole * (0.5 + randomFraction(this.#random) / 2));
  }

  reset(): void {
    this.#tries = 0;
  }
}
