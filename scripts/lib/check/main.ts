import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chosenSeeds, inWords } from '../../../test/sip/support/dialog-seeds';
import { boardStage, targetStage } from './board';
import { Checker, sum, type Tally } from './checker';
import { nativeStage } from './native';
import { STAGE_NAMES, type StageName, stagesFor, WHOLE_RUN } from './selection';
import { verdict } from './verdict';
import { vitestProject } from './vitest-project';
import { wildStage } from './wild';

const FOLDER = 'build/test';
const STAGES: Readonly<Record<StageName, (checker: Checker) => Promise<Tally>>> = {
  unit: unitStage,
  native: (checker) => nativeStage(checker, FOLDER),
  interop: (checker) => vitestProject(checker, 'interop', FOLDER, 15),
  wild: (checker) => wildStage(checker),
  package: (checker) => vitestProject(checker, 'package', FOLDER, 5),
  target: (checker) => targetStage(checker, FOLDER),
  board: (checker) => boardStage(checker, FOLDER),
};

mkdirSync(FOLDER, { recursive: true });
const checker = new Checker(FOLDER);
const chosen = choose();
const tallies: Partial<Record<StageName, Tally>> = {};
for (const name of STAGE_NAMES) {
  if (chosen.includes(name)) tallies[name] = await STAGES[name](checker);
}
const total = sum(Object.values(tallies));
writeFileSync(
  join(FOLDER, 'summary.json'),
  `${JSON.stringify({ total, stages: tallies }, null, 2)}\n`,
);
const { ok, lines } = verdict(total, chosen.length);
for (const line of lines) console.log(line);
process.exitCode = ok ? 0 : 1;

/** What the command line asks for: everything, one stage, or what a change can have touched. */
function choose(): readonly StageName[] {
  const { only, since } = parseArgs({
    options: { only: { type: 'string' }, since: { type: 'string' } },
  }).values;
  if (only !== undefined) return STAGE_NAMES.filter((name) => name === only);
  if (since === undefined) return WHOLE_RUN;
  const git = (...args: string[]): string[] =>
    execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
  const changed = [
    ...git('diff', '--name-only', since),
    ...git('ls-files', '--others', '--exclude-standard'),
  ];
  const stages = stagesFor(changed);
  checker.say(
    `${changed.length} files changed since ${since}: ${stages.join(', ') || 'nothing to run'}`,
  );
  return stages;
}

/** Types, lint and format, and the TypeScript tests (the walls between the rooms among them). */
async function unitStage(checker: Checker): Promise<Tally> {
  const tools = 'node_modules/.bin';
  checker.say(`dialogs at random: ${inWords(chosenSeeds())}; all of them: scripts/dialogs`);
  return sum([
    await checker.check({ label: 'tsc', command: `${tools}/tsc`, args: ['--noEmit'] }),
    await checker.check({ label: 'biome', command: `${tools}/biome`, args: ['check', '.'] }),
    await vitestProject(checker, 'unit', FOLDER, 10),
  ]);
}
