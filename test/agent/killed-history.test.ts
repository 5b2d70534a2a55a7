import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeptHistory } from '../../src/agent';
import { HISTORY_LIMIT, History, type HistoryEntry } from '../../src/agent/history';
import { life } from '../support/mortal-fs';

vi.mock('node:fs/promises', async (original) => {
  const { mortalPromises } = await import('../support/mortal-fs');
  const real = await original<typeof import('node:fs/promises')>();
  return mortalPromises(real, await import('node:fs'));
});

const root = mkdtempSync(join(tmpdir(), 'dashvoip-history-'));
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => life.begin());

function entry(call: number): HistoryEntry {
  const startedAt = '2026-11-23T05:36:28.055Z';
  const [direction, remote, ended] = ['incoming', 'sip:home@example.org', 'hung up'] as const;
  return { call, direction, remote, startedAt, durationS: 1, ended };
}

const asText = (calls: readonly number[]): string =>
  calls.map((call) => `${JSON.stringify(entry(call))}\n`).join('');
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, place) => from + place);
const callsIn = (kept: KeptHistory): number[] =>
  new History(kept)
    .find({})
    .map(({ call }) => call)
    .reverse();

/** Three calls that end one after the other; how many of them were written while the process lived. */
async function liveThrough(folder: string, first: number): Promise<number> {
  let written = 0;
  const run = async (): Promise<void> => {
    const kept = await KeptHistory.open(folder);
    for (const call of numbers(first, first + 2)) {
      kept.add(entry(call));
      await kept.settled();
      written += 1;
    }
  };
  await Promise.race([run(), life.death]);
  return written;
}

describe('a process that is killed while it writes the history', () => {
  it.each([
    ['with none before', undefined, 0],
    ['with a few before', asText([1, 2]), 2],
    ['with a last line that is torn', `${asText([1, 2])}{"call":3,"dir`, 2],
    ['when all is written anew', asText(numbers(1, 2 * HISTORY_LIMIT - 1)), 2 * HISTORY_LIMIT - 1],
  ])(
    '%s: what was written is there, whole and in its order, at every call of the file system',
    async (_, text, before) => {
      let kills = 0;
      for (const arrives of [0, 0.5, 1]) {
        for (let calls = 0; ; calls++) {
          const folder = mkdtempSync(join(root, 'run-'));
          const file = join(folder, 'history.jsonl');
          if (text !== undefined) writeFileSync(file, text);
          life.begin(calls, arrives);
          const written = await liveThrough(folder, before + 1);
          const wasKilled = life.isOver;
          life.begin();
          const next = await KeptHistory.open(folder);
          const there = callsIn(next);
          // The one that was being written may be there, too.
          const last = there[there.length - 1] ?? 0;
          expect([before + written, before + written + 1]).toContain(last);
          expect(there).toEqual(numbers(Math.max(1, last - HISTORY_LIMIT + 1), last));
          next.add(entry(last + 1));
          await next.settled();
          expect(callsIn(await KeptHistory.open(folder))).toEqual(
            numbers(Math.max(1, last - HISTORY_LIMIT + 2), last + 1),
          );
          kills += 1;
          if (!wasKilled) break;
        }
      }
      // Of each way to be killed: reading and three times writing at least.
      expect(kills).toBeGreaterThanOrEqual(3 * 5);
    },
  );
});

describe('a root that cannot be written', () => {
  it('has the history kept in memory, which is told, until it can', async () => {
    const folder = mkdtempSync(join(root, 'run-'));
    writeFileSync(join(folder, 'history.jsonl'), asText([1]));
    life.isReadOnly = true;
    const kept = await KeptHistory.open(folder);
    const history = new History(kept);
    history.add(entry(2));
    await kept.settled();
    expect(history.find({}).map(({ call }) => call)).toEqual([2, 1]);
    expect(history.problems).toEqual([
      expect.stringMatching(/^history: kept in memory only: EROFS: read-only file system/),
    ]);
    life.isReadOnly = false;
    history.add(entry(3));
    await kept.settled();
    expect(history.problems).toEqual([]);
    expect(readFileSync(join(folder, 'history.jsonl'), 'utf8')).toBe(asText([1, 2, 3]));
  });
});
