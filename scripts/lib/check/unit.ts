import { type Checker, sum, type Tally } from './checker';
import { vitestProject } from './vitest-project';

/** Types, lint and format, and the TypeScript tests (the walls between the rooms among them). */
export async function unitStage(checker: Checker, folder: string): Promise<Tally> {
  const tools = 'node_modules/.bin';
  return sum([
    await checker.check({ label: 'tsc', command: `${tools}/tsc`, args: ['--noEmit'] }),
    await checker.check({ label: 'biome', command: `${tools}/biome`, args: ['check', '.'] }),
    await vitestProject(checker, 'unit', folder, 10),
  ]);
}
