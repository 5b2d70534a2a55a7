import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCase } from 'vitest/node';
import { NOTHING } from '../../scripts/lib/check/checker';
import { blindness, fuzzTargets, readSight, seedsOf } from '../../scripts/lib/check/fuzz';
import SecondTries, {
  readSecondTries,
  SECOND_TRIES_FILE,
} from '../../scripts/lib/check/second-tries';
import { verdict } from '../../scripts/lib/check/verdict';

describe('the last lines of scripts/test', () => {
  it('count and name what passed at the second try only', () => {
    const total = { ...NOTHING, passed: 7, skipped: 1, secondTries: ['a call', 'a bridge'] };
    expect(verdict(total, 3)).toEqual({
      ok: true,
      lines: ['second tries: 2: a call; a bridge', '7 passed, 0 failed, 1 skipped'],
    });
  });

  it('fail a run with more than two of them', () => {
    expect(verdict({ ...NOTHING, passed: 7, secondTries: ['a', 'b', 'c'] }, 3)).toEqual({
      ok: false,
      lines: [
        'second tries: 3: a; b; c',
        'FAILED: more than 2 tests needed a second try',
        '7 passed, 1 failed, 0 skipped',
      ],
    });
  });

  it('fail what failed, and a run in which nothing was tried', () => {
    expect(verdict({ ...NOTHING, passed: 7, failed: 1 }, 3).ok).toBe(false);
    expect(verdict({ ...NOTHING, skipped: 9 }, 3).ok).toBe(false);
    expect(verdict(NOTHING, 0).ok).toBe(true);
  });
});

describe('the second tries', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dashvoip-second-tries-'));
    process.env[SECOND_TRIES_FILE] = join(folder, 'tries.json');
  });
  afterEach(() => {
    delete process.env[SECOND_TRIES_FILE];
    rmSync(folder, { recursive: true });
  });

  const test = (fullName: string, retryCount: number, ok: boolean): TestCase =>
    ({ fullName, diagnostic: () => ({ retryCount }), ok: () => ok }) as unknown as TestCase;

  it('are those that passed then, not those that passed at once or never', () => {
    const reporter = new SecondTries();
    for (const one of [test('at once', 0, true), test('then', 1, true), test('never', 1, false)]) {
      reporter.onTestCaseResult(one);
    }
    reporter.onTestRunEnd();
    expect(readSecondTries(join(folder, 'tries.json'))).toEqual(['then']);
  });

  it('of a run that ended before its end are none', () => {
    expect(readSecondTries(join(folder, 'tries.json'))).toEqual([]);
  });
});

describe('a fuzz run', () => {
  // As libFuzzer says it.
  const said = ({ counters = 1900, seeds = 12, coverage = 431, corpus = 57 } = {}): string =>
    [
      `INFO: Loaded 1 modules   (${counters} inline 8-bit counters): ${counters} [0x1, 0x2),`,
      `INFO: seed corpus: files: ${seeds} min: 1b max: 900b total: 4000b rss: 40Mb`,
      `#${seeds + 1}\tINITED cov: 120 ft: 200 corp: 9/2000b exec/s: 0 rss: 41Mb`,
      `#4400000\tDONE   cov: ${coverage} ft: 800 corp: ${corpus}/9000b lim: 4096 exec/s: 9 rss: 45Mb`,
    ].join('\n');

  it('that has eyes says what it saw', () => {
    const sight = readSight(said());
    expect(sight).toEqual({ runs: 4_400_000, coverage: 431, corpus: 57, edges: 1900, seeds: 12 });
    expect(blindness(sight)).toBeUndefined();
  });

  it.each([
    ['no seed was found', { seeds: 0 }],
    ['no coverage: is the core built without instrumentation?', { coverage: 0 }],
    ['no input found anything new', { corpus: 1 }],
  ])('fails where %s', (why, seen) => {
    expect(blindness(readSight(said(seen)))).toBe(why);
  });

  it('finds seeds for each target', () => {
    const targets = fuzzTargets();
    expect(targets).toEqual(
      expect.arrayContaining([
        'aac_module',
        'netfifo_track',
        'rtcp_packet',
        'rtsp_track',
        'wav_file',
      ]),
    );
    const seedless = targets.filter((name) => readdirSync(seedsOf(name)).length === 0);
    expect(seedless).toEqual([]);
  });
});
