import { type Clock, type Random, randomFraction, type Timer } from '../platform';

/** RFC 7675 §5.1: between checks, ms; each is shortened or lengthened by a fifth at random. */
const INTERVAL_MS = 5000;
/** Without an answer within this time nothing may be sent any more, ms. */
const EXPIRES_MS = 30_000;

export interface ConsentListener {
  /** Asks the far end; `granted` is to be called when it answers. */
  ask(): void;
  onExpired(): void;
}

/** Whether the far end of a pair still wants what it is sent (RFC 7675). */
export class Consent {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #listener: ConsentListener;
  #grantedAt: number;
  #timer: Timer | undefined;

  constructor(clock: Clock, random: Random, listener: ConsentListener) {
    this.#clock = clock;
    this.#random = random;
    this.#listener = listener;
    this.#grantedAt = clock.now();
    this.#wait();
  }

  granted(): void {
    this.#grantedAt = this.#clock.now();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #wait(): void {
    const delayMs = INTERVAL_MS * (0.8 + 0.4 * randomFraction(this.#random));
    this.#timer = this.#clock.setTimer(delayMs, () => {
      if (this.#clock.now() - this.#grantedAt >= EXPIRES_MS) {
        this.#listener.onExpired();
        return;
      }
      this.#wait();
      this.#listener.ask();
    });
  }
}
