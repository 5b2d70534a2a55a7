import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BOARD_NODE } from '../../../test/toolkit/peers/board-node';
import { CpuMeter, memoryUse } from '../../../test/toolkit/process/proc-stats';
import { sleep } from '../../../test/toolkit/process/wait';
import { withScene } from '../flood/scene';
import type { Progress } from '../terminal';

/** Sections of the configuration by what they bring. */
export type WaysIn = readonly (readonly [
  name: string,
  sections: Readonly<Record<string, unknown>>,
])[];

/** What a start leaves to be collected is. */
const GROWN_MS = 20_000;

export const REST_HEAD = ['without a call', 'CPU of a core', 'private MB', 'more'] as const;

/** Each on an agent of its own, with a camera and the heap of a board. */
export async function runAtRest(
  ways: WaysIn,
  seconds: number,
  progress: Progress,
): Promise<string[][]> {
  const rows: string[][] = [];
  let least: number | undefined;
  for (const [name, sections] of ways) {
    progress.step(`at rest: ${name}, ${seconds} s`);
    const { cpu, memory } = await withScene(
      `rest ${name}`,
      BOARD_NODE,
      async ({ agent }) => {
        await sleep(GROWN_MS);
        const meter = new CpuMeter(agent.process.pid);
        await sleep(seconds * 1000);
        return { cpu: meter.percent(), memory: memoryUse(agent.process.pid).privateDirtyMb };
      },
      sections,
    );
    least ??= memory;
    rows.push([name, `${cpu.toFixed(2)} %`, memory.toFixed(1), (memory - least).toFixed(1)]);
  }
  return rows;
}

export const SIZE_HEAD = ['file', 'KB', 'gzipped'] as const;

/** What is loaded at once, and what on demand. */
export function sizes(): string[][] {
  const scripts = readdirSync('dist').filter((name) => name.endsWith('.cjs'));
  const page = existsSync('dist/page') ? filesBelow('dist/page') : [];
  const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(0);
  const row = (name: string, files: readonly string[]): string[] => {
    const contents = files.map((file) => readFileSync(file));
    const sum = (of: (content: Buffer) => number): number =>
      contents.reduce((total, content) => total + of(content), 0);
    return [
      name,
      kilobytes(sum(({ length }) => length)),
      kilobytes(sum((content) => gzipSync(content).length)),
    ];
  };
  return [
    ...scripts.map((name) => row(name, [join('dist', name)])),
    ...(page.length > 0 ? [row('page, all of it', page)] : []),
  ];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !/\.(map|gz|br)$/.test(path));
}
