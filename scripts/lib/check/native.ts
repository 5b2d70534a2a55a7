import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Checker, NOTHING, type Outcome, sum, type Tally } from './checker';
import { fuzz } from './fuzz';
import { buildNative } from './native-build';

const SANITIZERS: readonly (readonly [name: string, option: string])[] = [
  ['ASan+UBSan', 'address,undefined'],
  ['TSan', 'thread'],
];

/** C++: format, tests under address and undefined-behaviour sanitizers, under the thread sanitizer, fuzz runs. */
export async function nativeStage(checker: Checker, folder: string): Promise<Tally> {
  return sum([
    await clangFormat(checker),
    await sanitizedTests(checker),
    await fuzz(checker, folder),
  ]);
}

function clangFormat(checker: Checker): Promise<Tally> {
  const sources = readdirSync('native', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(cc|h)$/.test(name))
    .map((name) => join('native', name));
  return checker.check({
    label: 'clang-format',
    command: 'clang-format',
    args: ['--dry-run', '--Werror', ...sources],
  });
}

/** The tests mostly wait for devices and threads: built one after the other, they run side by side. */
async function sanitizedTests(checker: Checker): Promise<Tally> {
  const runs: (() => Promise<Tally>)[] = [];
  const builds: Tally[] = [];
  for (const [name, sanitizers] of SANITIZERS) {
    const options = ['-DDASHVOIP_TESTS=ON', `-DDASHVOIP_SANITIZE=${sanitizers}`];
    const { folder, tally } = await buildNative(checker, name, options, []);
    builds.push(tally);
    if (tally.failed === 0) runs.push(() => doctest(checker, name, folder));
  }
  return sum([...builds, ...(await Promise.all(runs.map((run) => run())))]);
}

async function doctest(checker: Checker, name: string, folder: string): Promise<Tally> {
  let result: Tally = { ...NOTHING, failed: 1 };
  const outcome = await checker.run(
    {
      label: `doctest ${name}`,
      // Address space layout is left alone: the thread sanitizer cannot place its shadow in some layouts.
      command: 'setarch',
      args: ['-R', join(folder, 'bin/dashvoip-tests'), '--no-colors'],
      env: { TSAN_OPTIONS: 'halt_on_error=0 exitcode=66', UBSAN_OPTIONS: 'print_stacktrace=1' },
    },
    (ended) => {
      result = doctestTally(ended);
      return `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
    },
  );
  if (result.failed > 0) checker.showEnd(outcome);
  return result;
}

/** From doctest's last lines; a run that ended badly after passing everything (a leak, a race) is one failure. */
function doctestTally({ ok, output }: Outcome): Tally {
  const line = output.match(
    /test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed(?: \|\s*(\d+) skipped)?/,
  );
  if (!line) return { ...NOTHING, failed: 1 };
  const [passed, failed, skipped] = [1, 2, 3].map((group) => Number(line[group] ?? 0));
  return {
    ...NOTHING,
    passed: passed ?? 0,
    failed: failed === 0 && !ok ? 1 : (failed ?? 0),
    skipped: skipped ?? 0,
  };
}
