import type { Clock, Timer } from '../../src/platform';

interface Entry extends Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock that moves only when told to; timers fire in order of time, then of creation. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers = new Set<Entry>();

  now(): number {
    return this.#now;
  }

  wallTime(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#now);
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const entry: Entry = {
      at: this.#now + Math.max(0, delayMs),
      order: this.#order++,
      fire,
      cancel: () => this.#timers.delete(entry),
    };
    this.#timers.add(entry);
    return entry;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves time forward, firing what falls due on the way at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#nextDue(end); next; next = this.#nextDue(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Time goes by while somebody works: what falls due meanwhile fires later. */
  pass(ms: number): void {
    this.#now += ms;
  }

  #nextDue(end: number): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.#timers) {
      if (entry.at > end) continue;
      if (!best || entry.at < best.at || (entry.at === best.at && entry.order < best.order)) {
        best = entry;
      }
    }
    return best;
  }
}
