import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Checker, NOTHING, sum, type Tally } from './checker';
import { countIn, doctestTally, PARTS, type Range, rangeOf } from './doctest';
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

/** The tests mostly wait for devices and threads: built one after the other, they run side by side, each in parts. */
async function sanitizedTests(checker: Checker): Promise<Tally> {
  const runs: (() => Promise<Tally>)[] = [];
  const builds: Tally[] = [];
  for (const [name, sanitizers] of SANITIZERS) {
    const options = ['-DDASHVOIP_TESTS=ON', `-DDASHVOIP_SANITIZE=${sanitizers}`];
    const { folder, tally } = await buildNative(checker, name, options, []);
    builds.push(tally);
    if (tally.failed > 0) continue;
    const tests = await countTests(folder);
    for (const part of PARTS) runs.push(() => doctest(checker, name, folder, rangeOf(part, tests)));
  }
  return sum([...builds, ...(await Promise.all(runs.map((run) => run())))]);
}

async function countTests(folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)(testProgram(folder), ['--count', '--no-colors']);
  const count = countIn(stdout);
  if (count === undefined) throw new Error(`${testProgram(folder)} --count: found ${stdout}`);
  return count;
}

const testProgram = (folder: string): string => join(folder, 'bin/dashvoip-tests');

async function doctest(
  checker: Checker,
  name: string,
  folder: string,
  range: Range,
): Promise<Tally> {
  const { first, last } = range;
  let result: Tally = { ...NOTHING, failed: 1 };
  const outcome = await checker.run(
    {
      label: `doctest ${name} ${first}-${last}`,
      // Address space layout is left alone: the thread sanitizer cannot place its shadow in some layouts.
      command: 'setarch',
      args: ['-R', testProgram(folder), '--no-colors', `--first=${first}`, `--last=${last}`],
      env: { TSAN_OPTIONS: 'halt_on_error=0 exitcode=66', UBSAN_OPTIONS: 'print_stacktrace=1' },
    },
    (ended) => {
      result = doctestTally(ended, range);
      return `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
    },
  );
  if (result.failed > 0) checker.showEnd(outcome);
  return result;
}
