import type { Clock, Timer } from '../platform';

/** How often a message is sent until it is answered (RFC 6189 §6). */
export interface Pace {
  readonly firstMs: number;
  readonly mostMs: number;
  /** After the first time. */
  readonly times: number;
}

/** Of Hello. */
export const T1: Pace = { firstMs: 50, mostMs: 200, times: 20 };
/** Of all others. */
export const T2: Pace = { firstMs: 150, mostMs: 1200, times: 10 };

/** Sends one message again and again until it is told to stop. */
export class Retransmission {
  readonly #clock: Clock;
  readonly #send: (message: Buffer) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, send: (message: Buffer) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  get isUnderWay(): boolean {
    return this.#timer !== undefined;
  }

  /** In place of the one before. @param gaveUp nobody has answered. */
  start(message: Buffer, pace: Pace, gaveUp: () => void): void {
    this.stop();
    this.#send(message);
    this.#wait(message, pace, pace.firstMs, 0, gaveUp);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wait(message: Buffer, pace: Pace, delayMs: number, sent: number, gaveUp: () => void): void {
    this.#timer = this.#clock.setTimer(delayMs, () => {
      if (sent === pace.times) {
        this.#timer = undefined;
        gaveUp();
        return;
      }
      this.#send(message);
      this.#wait(message, pace, Math.min(2 * delayMs, pace.mostMs), sent + 1, gaveUp);
    });
  }
}
