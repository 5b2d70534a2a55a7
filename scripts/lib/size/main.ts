import { formatTable } from '../terminal';
import { measureSizes, type Sizes } from './sizes';

const sizes = measureSizes();
if (process.argv.includes('--json')) console.log(JSON.stringify(sizes, undefined, 2));
else console.log(tables(sizes));

function tables({ parts, installed }: Sizes): string {
  const partRows = parts.map(({ name, bytes, budget }) => [
    name,
    kilobytes(bytes),
    budget === undefined ? '' : `≤ ${kilobytes(budget)}`,
  ]);
  const installedRows = installed.map(({ runtime, runtimeBytes, bytes }) => [
    runtime,
    megabytes(runtimeBytes),
    megabytes(bytes),
  ]);
  return [
    formatTable([['part', 'kB', 'budget'], ...partRows], ['left', 'right', 'right']),
    formatTable(
      [['installed with', 'runtime MB', 'all MB'], ...installedRows],
      ['left', 'right', 'right'],
    ),
  ].join('\n\n');
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
