import type { Clock } from '../../platform';

/**
 * The last line of defence: what is thrown in a timer or on a datagram is a bug of ours, and it is
 * reported instead of taking the agent down with it.
 */
export class Guard {
  readonly #report: (error: unknown) => void;
  #caught = 0;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Bugs that showed so far. */
  get caught(): number {
    return this.#caught;
  }

  run(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#caught++;
      this.#report(error);
    }
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, () => this.run(fire)),
    };
  }
}
