import { NOTHING, type Outcome, type Tally } from './checker';

/** Of one build's tests, which run side by side. */
export const PARTS = [1, 2, 3] as const;

/** First and last test of a part, from 1. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export function rangeOf(part: number, tests: number): Range {
  const end = (parts: number): number => Math.round((tests * parts) / PARTS.length);
  return { first: end(part - 1) + 1, last: end(part) };
}

/** How many tests a program says that it has when it is asked with `--count`. */
export function countIn(output: string): number | undefined {
  const [, count] = /unskipped test cases passing the current filters: (\d+)/.exec(output) ?? [];
  return count === undefined ? undefined : Number(count);
}

/**
 * From doctest's last lines, whose numbers of passed and skipped tests are those of the whole program; a run that
 * ended badly after passing everything (a leak, a race) is one failure.
 */
export function doctestTally(
  { ok, output }: Pick<Outcome, 'ok' | 'output'>,
  { first, last }: Range,
): Tally {
  const [, failing, skipped] =
    /test cases:\s*\d+ \|\s*\d+ passed \|\s*(\d+) failed(?: \|\s*(\d+) skipped)?/.exec(output) ??
    [];
  if (failing === undefined) return { ...NOTHING, failed: 1 };
  const failed = Number(failing);
  return {
    ...NOTHING,
    passed: last - first + 1 - failed,
    failed: failed === 0 && !ok ? 1 : failed,
    skipped: first === 1 ? Number(skipped ?? 0) : 0,
  };
}
