import { mkdirSync } from 'node:fs';
import { boardStage, targetStage } from './board';
import { Checker, sum, type Tally } from './checker';
import { nativeStage } from './native';
import { unitStage } from './unit';
import { vitestProject } from './vitest-project';

const FOLDER = 'build/test';
const STAGES: Readonly<Record<string, (checker: Checker) => Promise<Tally>>> = {
  unit: (checker) => unitStage(checker, FOLDER),
  native: (checker) => nativeStage(checker, FOLDER),
  interop: (checker) => vitestProject(checker, 'interop', FOLDER, 15),
  package: (checker) => vitestProject(checker, 'package', FOLDER, 5),
  target: (checker) => targetStage(checker, FOLDER),
  board: (checker) => boardStage(checker, FOLDER),
};

/** `board` begins with all of `target`. */
const WHOLE_RUN: readonly string[] = ['unit', 'native', 'interop', 'package', 'board'];

mkdirSync(FOLDER, { recursive: true });
const checker = new Checker(FOLDER);
const chosen = process.argv[2] === undefined ? WHOLE_RUN : [process.argv[2]];
const tallies: Tally[] = [];
for (const [name, stage] of Object.entries(STAGES)) {
  if (chosen.includes(name)) tallies.push(await stage(checker));
}
const total = sum(tallies);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
