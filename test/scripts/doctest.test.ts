import { describe, expect, it } from 'vitest';
import { countIn, doctestTally, PARTS, rangeOf } from '../../scripts/lib/check/doctest';

const said = (ok: boolean, cases: string) => ({
  ok,
  output: `[doctest] test cases: ${cases}\n[doctest] assertions:  78 |  78 passed | 0 failed |\n`,
});

describe('a program of C++ tests, run in parts', () => {
  it.each([1, 2, 5, 600, 601])('has each of its %i tests in one part', (tests) => {
    const run = PARTS.map((part) => rangeOf(part, tests)).flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    expect(run).toEqual(Array.from({ length: tests }, (_, index) => index + 1));
  });

  it('says how many there are', () => {
    expect(countIn('unskipped test cases passing the current filters: 600\n')).toBe(600);
    expect(countIn('no such file')).toBeUndefined();
  });

  it('counts those of the part, for the program counts all as passed', () => {
    const part = { first: 201, last: 400 };
    expect(doctestTally(said(true, '600 | 600 passed | 0 failed | 0 skipped'), part)).toMatchObject(
      {
        passed: 200,
        failed: 0,
        skipped: 0,
      },
    );
    expect(
      doctestTally(said(false, '600 | 597 passed | 3 failed | 2 skipped'), part),
    ).toMatchObject({
      passed: 197,
      failed: 3,
      skipped: 0,
    });
  });

  it('counts tests that are skipped once, with the first part', () => {
    const cases = said(true, '600 | 600 passed | 0 failed | 2 skipped');
    expect(doctestTally(cases, { first: 1, last: 200 }).skipped).toBe(2);
  });

  it('takes an end that is no good for a failure, as of a leak or a race, and no end for one too', () => {
    const part = { first: 1, last: 3 };
    expect(doctestTally(said(false, '9 | 9 passed | 0 failed'), part).failed).toBe(1);
    expect(doctestTally({ ok: true, output: 'killed' }, part)).toMatchObject({
      passed: 0,
      failed: 1,
    });
  });
});
