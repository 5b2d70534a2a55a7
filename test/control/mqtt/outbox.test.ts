import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Event, OUTBOX_LIMIT, Outbox } from '../../../src/control/mqtt/outbox';
import type { LineFile } from '../../../src/platform';

const event = (number: number, param: object = {}): Event => ({
  run: 'a',
  number,
  at: '2026-01-01T00:00:00.000Z',
  type: 'call',
  param,
});

/** A file whose every state is remembered: whoever is killed leaves one of them. */
function recorded(text?: string): LineFile & { readonly states: (string | undefined)[] } {
  const states = [text];
  return {
    states,
    read: async () => states.at(-1),
    append: async (more) => {
      const before = states.at(-1) ?? '';
      // Torn anywhere.
      for (let cut = 1; cut <= more.length; cut += 7) states.push(before + more.slice(0, cut));
      states.push(before + more);
    },
    replace: async (all) => {
      states.push(all);
    },
  };
}

/** What waits in it, by number. */
function waitingIn(outbox: Outbox): number[] {
  const numbers: number[] = [];
  for (let next = outbox.next(); next; next = outbox.next()) numbers.push(next.event.number);
  return numbers;
}

const found = async (text: string | undefined): Promise<number[]> =>
  waitingIn(await Outbox.open(recorded(text)));

describe('the outbox in a file', () => {
  it('loses nothing that it has written when it is ended at any moment, and tells none twice that was noted', async () => {
    const file = recorded();
    const outbox = await Outbox.open(file);
    for (const number of [1, 2, 3, 4]) outbox.add(event(number));
    await outbox.settled();
    expect(await found(file.states.at(-1))).toEqual([1, 2, 3, 4]);
    outbox.online();
    for (const _ of [1, 2]) outbox.delivered(outbox.next()?.event ?? event(0));
    outbox.offline();
    outbox.add(event(5));
    await outbox.settled();
    expect(await found(file.states.at(-1))).toEqual([3, 4, 5]);
    outbox.online();
    for (const _ of [3, 4, 5]) outbox.delivered(outbox.next()?.event ?? event(0));
    await outbox.settled();
    expect(await found(file.states.at(-1))).toEqual([]);
    for (const state of file.states) {
      const numbers = await found(state);
      expect(numbers).toEqual([...numbers].sort());
      // Each is a run of neighbours: nothing is missing in the middle.
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    }
  });

  it('writes nothing while there is a broker', async () => {
    const file = recorded();
    const outbox = await Outbox.open(file);
    outbox.online();
    for (const number of [1, 2]) {
      outbox.add(event(number));
      outbox.delivered(outbox.next()?.event ?? event(0));
    }
    await outbox.settled();
    expect(file.states).toEqual([undefined, '']);
  });

  it('goes on counting what gave way', async () => {
    const file = recorded();
    const outbox = await Outbox.open(file);
    for (let number = 1; number <= OUTBOX_LIMIT + 3; number++) outbox.add(event(number));
    await outbox.settled();
    const again = await Outbox.open(recorded(file.states.at(-1)));
    expect([again.dropped, again.waiting]).toEqual([3, OUTBOX_LIMIT]);
  });

  it('takes whatever stands there, and passes over what is none of its lines', async () => {
    const good = JSON.stringify({ ...event(7), dropped: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.json(), fc.string())), async (lines) => {
        const safe = lines.map((line) => line.replaceAll('\n', ' '));
        const outbox = await Outbox.open(recorded([...safe, good, '{"run":'].join('\n')));
        expect(waitingIn(outbox)).toContain(7);
      }),
    );
  });
});

describe('the outbox', () => {
  it('cuts long texts, and leaves out what is long all the same', async () => {
    const outbox = await Outbox.open(undefined);
    outbox.add(event(1, { displayName: 'x'.repeat(60_000), call: 1 }));
    outbox.add(event(2, { list: Array(5000).fill('x') }));
    expect(outbox.next()?.event.param).toEqual({ displayName: 'x'.repeat(128), call: 1 });
    expect(outbox.next()?.event).toEqual({ ...event(2), param: undefined });
  });

  it('forgets none when the oldest give way under the way of others', async () => {
    const outbox = await Outbox.open(undefined);
    for (let number = 1; number <= OUTBOX_LIMIT; number++) outbox.add(event(number));
    outbox.online();
    const first = outbox.next()?.event ?? event(0);
    outbox.add(event(OUTBOX_LIMIT + 1));
    outbox.delivered(first);
    expect(outbox.next()?.event.number).toBe(2);
    expect(outbox.waiting).toBe(OUTBOX_LIMIT);
  });
});
