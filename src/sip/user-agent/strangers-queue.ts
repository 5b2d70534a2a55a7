import type { Clock, Timer } from '../../platform';

/** They come again after T1 (RFC 3261 §17.1.1.2): more than a few need not be kept. */
const MAX_WAITING = 8;
/** After so long the loop has been at its sockets again, ms. */
const TURN_MS = 2;

/**
 * INVITEs of sources that are not proved, one for each turn of the event loop. To answer a call takes longer than
 * to read a hundred messages: so the ACKs, BYEs and responses behind a burst of calls, which have come in the
 * meantime, are read before the next of them is answered.
 */
export class StrangersQueue {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;
  #turn: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Does the work at once when it is the first of its turn.
   * @param later the same in a turn of its own. @returns false when there is no room for it.
   */
  take(work: () => void, later: () => void): boolean {
    if (!this.#isTaken) {
      this.#do(work);
      return true;
    }
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(later);
    return true;
  }

  /** Forgets who waits. */
  close(): void {
    this.#turn?.cancel();
    this.#waiting.length = 0;
  }

  #do(work: () => void): void {
    this.#isTaken = true;
    try {
      work();
    } finally {
      // Set after the work: a timer that fell due during it would fire before the sockets are read.
      this.#turn = this.#clock.setTimer(TURN_MS, () => this.#next());
    }
  }

  #next(): void {
    this.#isTaken = false;
    const work = this.#waiting.shift();
    if (work) this.#do(work);
  }
}
