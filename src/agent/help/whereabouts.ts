import type { Clock } from '../../platform';
import type { Fix, PositionStatus } from './shapes';

/** For so long one that was told later and is older takes no place, ms: after that a clock was put right. */
const FRESH_MS = 10_000;

/** The last position that an app, the firmware or a receiver has told. */
export class Whereabouts {
  readonly #clock: Clock;
  #last: (Fix & { readonly time: string }) | undefined;
  #toldAt = 0;
  /** When it was there, where that was told; ms since 1970. */
  #thereAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get position(): PositionStatus | undefined {
    const ageS = Math.floor((this.#clock.now() - this.#toldAt) / 1000);
    return this.#last && { ...this.#last, ageS };
  }

  /** Of several that say when it was there the newer counts, else the one that was told last. */
  tell(fix: Fix): void {
    const now = this.#clock.now();
    const time = fix.time === undefined ? this.#clock.wallTime() : new Date(fix.time);
    const thereAt = fix.time === undefined ? Number.POSITIVE_INFINITY : time.getTime();
    if (now - this.#toldAt < FRESH_MS && thereAt < this.#thereAt) return;
    this.#last = { ...fix, time: time.toISOString() };
    this.#toldAt = now;
    this.#thereAt = fix.time === undefined ? 0 : thereAt;
  }
}
