import { expect } from 'vitest';

const SHORT = 8000;
/** Long enough for a quadratic step to take seconds. */
const TIMES = 8;
/** Nobody is kept waiting by that, whatever the growth, ms. */
const UNNOTICED_MS = 150;

/**
 * Checks that the time of `run` grows with the length of its input and no faster: eight times as much
 * may take three times as long as eight times the same, where a quadratic step would take eight times as long. What the
 * processor spent on it counts, and the best of some runs, so that a busy machine is no reason to fail.
 */
export function expectLinear(make: (length: number) => string, run: (input: string) => void): void {
  const [few, many] = [make(SHORT), make(SHORT * TIMES)];
  expect(many.length).toBeGreaterThan(few.length * (TIMES - 1));
  const long = best(() => run(many));
  if (long < UNNOTICED_MS) return;
  const short = best(() => {
    for (let i = 0; i < TIMES; i += 1) run(few);
  });
  expect(long, `${long} ms at once for what takes ${short} ms in ${TIMES} parts`).toBeLessThan(
    Math.max(UNNOTICED_MS, short * 3),
  );
}

/** The shortest of up to five runs; one that goes unnoticed needs no second. */
function best(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5 && least >= UNNOTICED_MS; round += 1) {
    const begun = process.cpuUsage();
    run();
    // Which of the two it was is told by the tick, their sum by the nanosecond.
    const { user, system } = process.cpuUsage(begun);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
