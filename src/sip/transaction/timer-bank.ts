import type { Clock, Timer } from '../../platform';
import type { TimerName } from './timers';

/** The running timers of one transaction, by name. */
export class TimerBank {
  readonly #clock: Clock;
  readonly #fire: (timer: TimerName) => void;
  readonly #running = new Map<TimerName, Timer>();

  constructor(clock: Clock, fire: (timer: TimerName) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  set(name: TimerName, delayMs: number): void {
    this.clear(name);
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#running.delete(name);
      this.#fire(name);
    });
    this.#running.set(name, timer);
  }

  clear(name: TimerName): void {
    this.#running.get(name)?.cancel();
    this.#running.delete(name);
  }

  clearAll(): void {
    for (const timer of this.#running.values()) timer.cancel();
    this.#running.clear();
  }
}
