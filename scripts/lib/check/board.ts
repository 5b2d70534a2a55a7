import { type Checker, sum, type Tally } from './checker';
import { vitestProject } from './vitest-project';

/** What makes cases longer, in seconds: see scripts/test. */
const LONGER = ['BOARD_CALL_SECONDS', 'BOARD_BRIDGE_SECONDS', 'BOARD_DRIFT_SECONDS'];

/** Virtual boards, the cross-built addon and the Node versions: what the tests run on is built first, or kept. */
export async function boardStage(checker: Checker, folder: string): Promise<Tally> {
  const steps: readonly [string, string, ...string[]][] = [
    ['vboard amd64', 'board/vboard/build', 'amd64'],
    ['vboard arm64', 'board/vboard/build', 'arm64'],
    ['cross-build', 'board/vboard/cross'],
    ['sd card', 'scripts/sdcard'],
    ['size', 'scripts/size'],
  ];
  const built: Tally[] = [];
  for (const [label, command, ...args] of steps) {
    const tally = await checker.check({ label, command, args });
    built.push(tally);
    if (tally.failed > 0) return sum(built);
  }
  const seconds = LONGER.reduce((total, name) => total + Number(process.env[name] ?? 0), 0);
  const minutes = 25 + Math.ceil((seconds * 3) / 60);
  return sum([...built, await vitestProject(checker, 'board', folder, minutes)]);
}
