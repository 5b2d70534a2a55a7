import { type Checker, sum, type Tally } from './checker';
import { vitestProject } from './vitest-project';

/** What makes cases longer, in seconds: see scripts/test. */
const LONGER = ['BOARD_CALL_SECONDS', 'BOARD_BRIDGE_SECONDS', 'BOARD_DRIFT_SECONDS'];

type Step = readonly [label: string, command: string, ...args: string[]];

/** What is built for a camera: the addon for its processor, on each version of Node, its size; both boards boot. */
export function targetStage(checker: Checker, folder: string): Promise<Tally> {
  const steps: readonly Step[] = [
    ['vboard amd64', 'board/vboard/build', 'amd64'],
    ['vboard arm64', 'board/vboard/build', 'arm64'],
    ['cross-build', 'board/vboard/cross'],
    ['size', 'scripts/size'],
  ];
  return built(checker, steps, () => vitestProject(checker, 'target', folder, 10));
}

/** The same, and calls on virtual boards with their sound cards, and from the SD card. */
export async function boardStage(checker: Checker, folder: string): Promise<Tally> {
  const target = await targetStage(checker, folder);
  if (target.failed > 0) return target;
  const seconds = LONGER.reduce((total, name) => total + Number(process.env[name] ?? 0), 0);
  const minutes = 25 + Math.ceil((seconds * 3) / 60);
  const steps: readonly Step[] = [['sd card', 'scripts/sdcard']];
  const calls = (): Promise<Tally> => vitestProject(checker, 'board', folder, minutes);
  return sum([target, await built(checker, steps, calls)]);
}

/** `tests` run once every step has gone well. */
async function built(
  checker: Checker,
  steps: readonly Step[],
  tests: () => Promise<Tally>,
): Promise<Tally> {
  const done: Tally[] = [];
  for (const [label, command, ...args] of steps) {
    const tally = await checker.check({ label, command, args });
    done.push(tally);
    if (tally.failed > 0) return sum(done);
  }
  return sum([...done, await tests()]);
}
