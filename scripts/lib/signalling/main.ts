import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { endWith, optionsOf } from '../options';
import { formatTable, Progress } from '../terminal';
import { GROWTH_HEAD, runGrowth } from './growth';
import { REGISTERING_HEAD, runRegistering } from './registering';
import { runShortCalls, SHORT_HEAD } from './short-calls';

const USAGE = 'usage: scripts/bench --signalling [--calls N] [--growth N]';
const FOLDER = resolve('build/bench/signalling');

async function main(): Promise<void> {
  const { calls, growth } = readOptions();
  const progress = new Progress();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  show(REGISTERING_HEAD, await runRegistering(FOLDER, progress));
  show(SHORT_HEAD, await runShortCalls(calls, FOLDER, progress));
  if (growth > 0) show(GROWTH_HEAD, await runGrowth(growth, FOLDER, progress));
  process.exit(0);
}

function show(head: readonly string[], rows: readonly string[][]): void {
  const align = head.map((_, column) => (column === 0 ? 'left' : 'right'));
  console.log(`\n${formatTable([head, ...rows], align)}`);
}

function readOptions(): { readonly calls: number; readonly growth: number } {
  const { values } = optionsOf(USAGE, {
    options: {
      signalling: { type: 'boolean' },
      calls: { type: 'string', default: '1000' },
      growth: { type: 'string', default: '0' },
    },
  });
  const [calls, growth] = [Number(values.calls), Number(values.growth)];
  if (!(calls >= 1) || !(growth >= 0)) endWith(USAGE, 'expected numbers, --calls of 1 or more');
  return { calls, growth };
}

await main();
