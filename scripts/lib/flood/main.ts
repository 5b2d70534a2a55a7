import { mkdirSync, rmSync } from 'node:fs';
import { endWith, optionsOf } from '../options';
import { formatTable, Progress } from '../terminal';
import { FAST_HEAD, runFast } from './fast';
import { FOLDER, withScene } from './scene';
import { runSlow, SLOW_HEAD } from './slow';

const USAGE = 'usage: scripts/bench --flood [--seconds N] [--settle N] [--minutes N] [--abreast N]';

interface Options {
  /** Of each fast flood; 0 leaves them out. */
  readonly seconds: number;
  /** Between the end of a flood and the second look at the memory. */
  readonly settle: number;
  /** Of each slow flood, with the board's heap; 0 leaves them out. */
  readonly minutes: number;
  /** So many slow floods at a time. */
  readonly abreast: number;
}

async function main(): Promise<void> {
  const options = readOptions();
  const progress = new Progress();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  if (options.seconds > 0) {
    show(
      FAST_HEAD,
      await withScene('fast', undefined, (scene) => runFast(scene, options, progress)),
    );
  }
  if (options.minutes > 0) {
    show(SLOW_HEAD, await runSlow(options.minutes, options.abreast, progress));
  }
  process.exit(0);
}

function show(head: readonly string[], rows: readonly string[][]): void {
  const align = head.map((_, column) => (column === 0 ? 'left' : 'right'));
  console.log(`\n${formatTable([head, ...rows], align)}`);
}

function readOptions(): Options {
  const { values } = optionsOf(USAGE, {
    options: {
      flood: { type: 'boolean' },
      seconds: { type: 'string', default: '10' },
      settle: { type: 'string', default: '60' },
      minutes: { type: 'string', default: '0' },
      abreast: { type: 'string', default: '1' },
    },
  });
  const [seconds, settle, minutes, abreast] = [
    ...[values.seconds, values.settle, values.minutes, values.abreast].map(Number),
  ];
  const isGood = (value: number | undefined): value is number => value !== undefined && value >= 0;
  if (!isGood(seconds) || !isGood(settle) || !isGood(minutes) || !isGood(abreast) || abreast < 1) {
    endWith(USAGE, 'expected numbers that are not negative, and --abreast of 1 or more');
  }
  return { seconds, settle, minutes, abreast };
}

await main();
