import type { Clock, Timer } from './clock';

/** A heap, and what takes out of it all that nobody uses. */
export interface CollectedHeap {
  /** In use, garbage included, bytes. */
  used(): number;
  collect(): void;
}

/** Between two looks, ms: what a flood leaves behind is gone within a minute. */
export const LOOK_MS = 30_000;
/** What the start leaves behind is gone sooner, ms. */
export const FIRST_LOOK_MS = 5000;
/** Garbage that is worth a collection of some 10 ms, bytes: an agent at rest makes less between two looks. */
export const WORTH_IT = 1 << 18;

/**
 * V8's own, all of it at once: what V8 does by itself only when it wants more room.
 * @param trim gives the system back what is freed outside of V8's heap.
 */
export async function systemHeap(trim: () => void): Promise<CollectedHeap> {
  const collect: unknown = globalThis.gc ?? (await gcOfAnotherContext());
  return {
    used: () => process.memoryUsage().heapUsed,
    collect: () => {
      if (typeof collect === 'function') collect();
      trim();
    },
  };
}

/** Without `--expose-gc`, as the board has it: these modules and a context are half a megabyte. */
async function gcOfAnotherContext(): Promise<unknown> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import('node:v8'),
    import('node:vm'),
  ]);
  setFlagsFromString('--expose-gc');
  // Contexts made from now on have it.
  return runInNewContext('gc');
}

/**
 * Looks now and then whether garbage has gathered, and takes it out. An engine that is idle lets it lie for hours,
 * megabytes after a burst of messages, and a camera has few.
 */
export class GarbageCollection {
  readonly #heap: CollectedHeap;
  readonly #clock: Clock;
  /** In use after the last collection, or less. */
  #live: number;
  #timer: Timer;

  constructor(heap: CollectedHeap, clock: Clock) {
    this.#heap = heap;
    this.#clock = clock;
    this.#live = heap.used();
    this.#timer = this.#next(FIRST_LOOK_MS);
  }

  stop(): void {
    this.#timer.cancel();
  }

  #next(delayMs: number): Timer {
    return this.#clock.setTimer(delayMs, () => {
      this.#look();
      this.#timer = this.#next(LOOK_MS);
    });
  }

  #look(): void {
    const used = this.#heap.used();
    if (used - this.#live > WORTH_IT) this.#heap.collect();
    this.#live = Math.min(used, this.#heap.used());
  }
}
