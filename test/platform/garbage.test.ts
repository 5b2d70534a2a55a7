import { describe, expect, it } from 'vitest';
import {
  FIRST_LOOK_MS,
  GarbageCollection,
  LOOK_MS,
  systemHeap,
  WORTH_IT,
} from '../../src/platform';
import { VirtualClock } from '../support/virtual-clock';

/** `live` bytes are in use, the others garbage. */
function heapOf(live: number) {
  const heap = { live, garbage: 0, collections: 0 };
  return {
    heap,
    used: () => heap.live + heap.garbage,
    collect: () => {
      heap.garbage = 0;
      heap.collections += 1;
    },
  };
}

/** Objects of 32 MB that nobody holds. */
function litter(): number {
  return Array.from({ length: 400 }, () => new Array(10_000).fill(1.5)).length;
}

describe('garbage', () => {
  it('is taken out at the next look when it is worth it, once', () => {
    const clock = new VirtualClock();
    const fake = heapOf(7e6);
    new GarbageCollection(fake, clock);
    clock.advance(FIRST_LOOK_MS);
    fake.heap.garbage = WORTH_IT + 1;
    clock.advance(LOOK_MS - 1);
    expect(fake.heap).toMatchObject({ collections: 0 });
    clock.advance(1);
    expect(fake.heap).toMatchObject({ collections: 1, garbage: 0 });
    clock.advance(20 * LOOK_MS);
    expect(fake.heap.collections).toBe(1);
  });

  it('of the start is taken out soon', () => {
    const clock = new VirtualClock();
    const fake = heapOf(7e6);
    new GarbageCollection(fake, clock);
    fake.heap.garbage = WORTH_IT + 1;
    clock.advance(FIRST_LOOK_MS);
    expect(fake.heap).toMatchObject({ collections: 1, garbage: 0 });
  });

  it('lies while it is little, and counts with what comes later', () => {
    const clock = new VirtualClock();
    const fake = heapOf(7e6);
    new GarbageCollection(fake, clock);
    fake.heap.garbage = WORTH_IT;
    clock.advance(FIRST_LOOK_MS + LOOK_MS);
    expect(fake.heap.collections).toBe(0);
    fake.heap.garbage += 2 * WORTH_IT;
    clock.advance(LOOK_MS);
    expect(fake.heap.collections).toBe(1);
  });

  it('is told from what came to stay, which is tried once', () => {
    const clock = new VirtualClock();
    const fake = heapOf(7e6);
    new GarbageCollection(fake, clock);
    fake.heap.live += 5e6;
    clock.advance(10 * LOOK_MS);
    expect(fake.heap.collections).toBe(1);
  });

  it('is looked for no more after the end', () => {
    const clock = new VirtualClock();
    const fake = heapOf(7e6);
    new GarbageCollection(fake, clock).stop();
    fake.heap.garbage = 2 * WORTH_IT;
    clock.advance(10 * LOOK_MS);
    expect(fake.heap.collections).toBe(0);
  });

  it('of the engine itself is gone after a collection, and what was freed is given back', async () => {
    let trims = 0;
    const heap = await systemHeap(() => {
      trims += 1;
    });
    heap.collect();
    const before = heap.used();
    litter();
    expect(heap.used() - before).toBeGreaterThan(20e6);
    heap.collect();
    expect(heap.used() - before).toBeLessThan(5e6);
    expect(trims).toBe(2);
  });
});
