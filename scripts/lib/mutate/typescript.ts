import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { ManagedProcess } from '../../../test/toolkit/process/process';
import type { Score } from './fault';

/** What we read of Stryker's report, mutation-testing-report-schema 2. */
const Report = v.object({
  files: v.record(
    v.string(),
    v.object({
      mutants: v.array(
        v.object({
          mutatorName: v.string(),
          replacement: v.optional(v.string(), ''),
          status: v.string(),
          location: v.object({ start: v.object({ line: v.number() }) }),
        }),
      ),
    }),
  ),
});

/** Runs Stryker over a folder of src/; a score for each folder below it. */
export async function typeScriptFaults(folder: string): Promise<Score[]> {
  const place = join('build/mutate', folder);
  mkdirSync(place, { recursive: true });
  const child = ManagedProcess.start({
    name: `stryker ${folder}`,
    command: process.execPath,
    args: [
      ...[
        'node_modules/@stryker-mutator/core/bin/stryker.js',
        'run',
        'scripts/lib/mutate/stryker.config.mjs',
      ],
      ...['--mutate', `src/${folder}/**/*.ts`],
      ...['--incrementalFile', join(place, 'incremental.json')],
    ],
    logPath: join(place, 'stryker.log'),
    env: { DASHVOIP_MUTATE_FOLDER: place },
  });
  const ticker = setInterval(() => console.error(`stryker ${folder}: ${child.lastLine()}`), 30_000);
  const { code } = await child.exited;
  clearInterval(ticker);
  if (code !== 0) throw new Error(`stryker failed on ${folder}: see ${join(place, 'stryker.log')}`);
  console.error(`stryker ${folder}: the page is ${join(place, 'report.html')}`);
  const report = v.parse(Report, JSON.parse(readFileSync(join(place, 'report.json'), 'utf8')));
  return scoresOf(report);
}

function scoresOf({ files }: v.InferOutput<typeof Report>): Score[] {
  const folders = new Map<string, { noticed: number; lived: string[] }>();
  for (const [file, { mutants }] of Object.entries(files)) {
    const folder = dirname(file);
    const score = folders.get(folder) ?? { noticed: 0, lived: [] };
    folders.set(folder, score);
    for (const { status, mutatorName, replacement, location } of mutants) {
      if (status === 'Killed' || status === 'Timeout') score.noticed += 1;
      else if (status === 'Survived' || status === 'NoCoverage') {
        const what = replacement.replaceAll(/\s+/g, ' ').slice(0, 60);
        score.lived.push(`${file}:${location.start.line} ${mutatorName}: ${what}`);
      }
    }
  }
  return [...folders].sort().map(([folder, score]) => ({ folder, ...score }));
}
