import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chosenSeeds, inWords, SEEDS, type SeedRange } from '../../test/sip/support/dialog-seeds';
import { ManagedProcess } from '../../test/toolkit/process/process';
import { endWith } from './options';
import { Progress } from './terminal';

const FOLDER = 'build/dialogs';
const TEST = 'test/sip/user-agent/random-dialogs.test.ts';
/** Seeds between two words of how far it is. */
const AT_A_TIME = 2500;

const progress = new Progress();
const all = seedsAsked(process.argv[2] ?? `0-${SEEDS - 1}`);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const startedAt = performance.now();
const failed: string[] = [];
for (let first = all.first; first <= all.last; first += AT_A_TIME) {
  const part = { first, last: Math.min(first + AT_A_TIME - 1, all.last) };
  failed.push(...(await failuresOf(part)));
  progress.step(report(part.last + 1 - all.first));
}
for (const failure of failed) console.log(failure);
console.log(`${all.last + 1 - all.first} seeds, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

function seedsAsked(text: string): SeedRange {
  try {
    return chosenSeeds(text);
  } catch (error) {
    endWith('usage: scripts/dialogs [SEED | FIRST-LAST]', String(error));
  }
}

/** One line for each seed, or one for all where the tests could not even run. */
async function failuresOf(part: SeedRange): Promise<string[]> {
  const logPath = join(FOLDER, `${part.first}-${part.last}.log`);
  const [choice = '', seeds = ''] = inWords(part).split('=');
  const child = ManagedProcess.start({
    name: 'dialogs',
    command: process.execPath,
    args: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', TEST],
    env: { NO_COLOR: '1', [choice]: seeds },
    logPath,
  });
  const { code } = await child.exited;
  if (code === 0) return [];
  const named = new Set(
    [...child.output.matchAll(/seed \d+ \(alone: [^)]*\): [^"\n]*/g)].map(String),
  );
  return named.size > 0 ? [...named] : [`seeds ${seeds}: see ${logPath}`];
}

function report(done: number): string {
  const total = all.last + 1 - all.first;
  const minutes = (performance.now() - startedAt) / 60_000;
  const left = Math.ceil((minutes / done) * (total - done));
  return `${done} of ${total} seeds, ${failed.length} failed, ${left} min left`;
}
