import type { Tally } from './checker';

/** A stall of a shared machine spoils a recording now and then; what needs more tries than this is broken. */
const MAX_SECOND_TRIES = 2;

/** The last lines of a run of `stages` stages, and whether it passed: it does not when nothing was tried. */
export function verdict(
  { passed, failed, skipped, secondTries }: Tally,
  stages: number,
): { readonly ok: boolean; readonly lines: readonly string[] } {
  const again = secondTries.length;
  const tooMany = again > MAX_SECOND_TRIES ? 1 : 0;
  return {
    ok: failed + tooMany === 0 && (passed > 0 || stages === 0),
    lines: [
      `second tries: ${again}${again > 0 ? `: ${secondTries.join('; ')}` : ''}`,
      ...(tooMany ? [`FAILED: more than ${MAX_SECOND_TRIES} tests needed a second try`] : []),
      `${passed} passed, ${failed + tooMany} failed, ${skipped} skipped`,
    ],
  };
}
