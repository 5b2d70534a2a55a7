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
  /** A binary heap, the next one first; those that were cancelled stay until their turn. */
  readonly #heap: Entry[] = [];

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
    this.#push(entry);
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
    for (let [first] = this.#heap; first; [first] = this.#heap) {
      const isPending = this.#timers.has(first);
      if (isPending && first.at > end) return undefined;
      this.#shift();
      if (isPending) return first;
    }
    return undefined;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (!parent || isBefore(parent, entry)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  #shift(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      const isRight = right !== undefined && left !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!child || isBefore(last, child)) break;
      heap[place] = child;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = last;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
