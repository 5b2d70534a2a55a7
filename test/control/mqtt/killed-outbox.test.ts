import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Event, OUTBOX_LIMIT, Outbox } from '../../../src/control/mqtt/outbox';
import { lineFileAt } from '../../../src/platform';
import { life } from '../../support/mortal-fs';

vi.mock('node:fs/promises', async (original) => {
  const { mortalPromises } = await import('../../support/mortal-fs');
  const real = await original<typeof import('node:fs/promises')>();
  return mortalPromises(real, await import('node:fs'));
});

const root = mkdtempSync(join(tmpdir(), 'dashvoip-outbox-'));
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => life.begin());

const event = (number: number): Event => ({
  ...{ run: 'a', number, at: '2026-01-01T00:00:00.000Z', type: 'call' },
});
const asText = (count: number): string =>
  Array.from(
    { length: count },
    (_, place) => `${JSON.stringify({ ...event(place + 1), dropped: 0 })}\n`,
  ).join('');

function waitingIn(outbox: Outbox): number[] {
  const numbers: number[] = [];
  for (let next = outbox.next(); next; next = outbox.next()) numbers.push(next.event.number);
  return numbers;
}

/** What of it is certain: events that were written, and those of them that were noted as delivered. */
interface Progress {
  written: number;
  delivering: number;
  delivered: number;
}

/** Three events without a broker, one that takes two of all that wait and is gone, and one event more. */
async function liveThrough(folder: string, before: number): Promise<Progress> {
  const progress: Progress = { written: before, delivering: 0, delivered: 0 };
  const run = async (): Promise<void> => {
    const outbox = await Outbox.open(lineFileAt(join(folder, 'mqtt.jsonl')));
    const add = async (number: number): Promise<void> => {
      outbox.add(event(number));
      await outbox.settled();
      progress.written = number;
    };
    for (const more of [1, 2, 3]) await add(before + more);
    outbox.online();
    const [one, two] = [outbox.next(), outbox.next()];
    if (!one || !two) throw new Error('nothing waits');
    outbox.delivered(one.event);
    outbox.delivered(two.event);
    progress.delivering = two.event.number;
    outbox.offline();
    await outbox.settled();
    progress.delivered = two.event.number;
    await add(before + 4);
  };
  await Promise.race([run(), life.death]);
  return progress;
}

describe('a process that is killed while it writes the events that wait for a broker', () => {
  it.each([
    ['with none before', undefined, 0],
    ['with a few before', asText(2), 2],
    ['with a last line that is torn', `${asText(2)}{"run":"a","num`, 2],
    ['when all is written anew', asText(2 * OUTBOX_LIMIT - 2), 2 * OUTBOX_LIMIT - 2],
  ])(
    '%s: none that was written is lost, and none that was noted is told again, at every call of the file system',
    async (_, text, before) => {
      let kills = 0;
      for (const arrives of [0, 0.5, 1]) {
        for (let calls = 0; ; calls++) {
          const folder = mkdtempSync(join(root, 'run-'));
          if (text !== undefined) writeFileSync(join(folder, 'mqtt.jsonl'), text);
          life.begin(calls, arrives);
          const { written, delivering, delivered } = await liveThrough(folder, before);
          const wasKilled = life.isOver;
          life.begin();
          const next = await Outbox.open(lineFileAt(join(folder, 'mqtt.jsonl')));
          const there = waitingIn(next);
          const [first = 0, last = 0] = [there[0], there.at(-1)];
          // The one that was being written, or noted, may be there or not.
          expect([written, written + 1]).toContain(last);
          const oldest = (noted: number): number => Math.max(noted + 1, last - OUTBOX_LIMIT + 1);
          if (last > 0) expect([oldest(delivered), oldest(delivering)]).toContain(first);
          expect(there).toEqual(there.map((_number, place) => first + place));
          next.add(event(last + 1));
          await next.settled();
          const again = await Outbox.open(lineFileAt(join(folder, 'mqtt.jsonl')));
          expect(waitingIn(again).at(-1)).toBe(last + 1);
          expect(again.waiting).toBe(Math.min(OUTBOX_LIMIT, there.length + 1));
          kills += 1;
          if (!wasKilled) break;
        }
      }
      // Of each way to be killed: reading, and five times writing at least.
      expect(kills).toBeGreaterThanOrEqual(3 * 6);
    },
  );
});
