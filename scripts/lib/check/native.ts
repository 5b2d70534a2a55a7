import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Checker, NOTHING, sum, type Tally } from './checker';
import { countIn, doctestTally, PARTS, type Range, rangeOf } from './doctest';
import { buildFuzzers, fuzz } from './fuzz';
import { type Built, buildNative } from './native-build';

const ADDRESS = [
  '-DDASHVOIP_TESTS=ON',
  '-DDASHVOIP_SCTP=ON',
  '-DDASHVOIP_G729=ON',
  '-DDASHVOIP_SANITIZE=address,undefined',
];
const THREAD = ['-DDASHVOIP_TESTS=ON', '-DDASHVOIP_SCTP=ON', '-DDASHVOIP_SANITIZE=thread'];
/** What compiles beside tests stands behind them, but not for ever. */
const BEHIND = 5;

/**
 * C++: format, tests under address and undefined-behaviour sanitizers, under the thread sanitizer, fuzz runs. While
 * the tests of one build wait for devices and threads, the next one compiles.
 */
export async function nativeStage(checker: Checker, folder: string): Promise<Tally> {
  const format = await clangFormat(checker);
  const address = await buildNative(checker, 'ASan-UBSan', ADDRESS);
  const [addressTests, thread] = await Promise.all([
    tests(checker, 'ASan+UBSan', address),
    buildNative(checker, 'TSan', THREAD, [], BEHIND),
  ]);
  const [threadTests, fuzzers] = await Promise.all([
    tests(checker, 'TSan', thread),
    buildFuzzers(checker, BEHIND),
  ]);
  const fuzzed = await fuzz(checker, fuzzers, folder);
  return sum([
    ...[format, address.tally, addressTests, thread.tally, threadTests],
    ...[fuzzers.tally, fuzzed],
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

/** The tests of one build, in parts side by side: none when it failed. */
async function tests(checker: Checker, name: string, { folder, tally }: Built): Promise<Tally> {
  if (tally.failed > 0) return NOTHING;
  const count = await countTests(folder);
  const parts = PARTS.map((part) => doctest(checker, name, folder, rangeOf(part, count)));
  return sum(await Promise.all(parts));
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
