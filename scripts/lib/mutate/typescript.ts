import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Tries some of the faults only; the same ones with the same seed. */
export interface Sample {
  readonly percent: string;
  readonly seed: string;
}

/** Runs Stryker over a folder of src/, and over each below it by itself: what is done is done. */
export async function* typeScriptFaults(folder: string, sample?: Sample): AsyncGenerator<Score> {
  const entries = readdirSync(join('src', folder), { withFileTypes: true });
  if (entries.some((entry) => entry.isFile())) yield await scoreOf(folder, sample);
  for (const entry of entries) {
    if (entry.isDirectory()) yield* typeScriptFaults(join(folder, entry.name), sample);
  }
}

async function scoreOf(folder: string, sample: Sample | undefined): Promise<Score> {
  const place = join('build/mutate', folder);
  // What another sample left out is not known yet.
  const name = sample ? `-${sample.percent}-${sample.seed}` : '';
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
      ...['--mutate', `src/${folder}/*.ts`],
      ...['--incrementalFile', join(place, `incremental${name}.json`)],
    ],
    logPath: join(place, 'stryker.log'),
    env: {
      DASHVOIP_MUTATE_FOLDER: place,
      ...(sample
        ? { DASHVOIP_MUTATE_SAMPLE: sample.percent, DASHVOIP_MUTATE_SEED: sample.seed }
        : {}),
    },
  });
  const ticker = setInterval(() => console.error(`stryker ${folder}: ${child.lastLine()}`), 30_000);
  const { code } = await child.exited;
  clearInterval(ticker);
  if (code !== 0) throw new Error(`stryker failed on ${folder}: see ${join(place, 'stryker.log')}`);
  console.error(`stryker ${folder}: the page is ${join(place, 'report.html')}`);
  const report = v.parse(Report, JSON.parse(readFileSync(join(place, 'report.json'), 'utf8')));
  return { folder: join('src', folder), ...counted(report) };
}

function counted({ files }: v.InferOutput<typeof Report>): Omit<Score, 'folder'> {
  const lived: string[] = [];
  let [faults, noticed] = [0, 0];
  for (const [file, { mutants }] of Object.entries(files)) {
    for (const { status, mutatorName, replacement, location } of mutants) {
      if (status === 'Ignored') continue;
      faults += 1;
      if (status === 'Killed' || status === 'Timeout') noticed += 1;
      // Stryker's word for what the sample left out.
      else if (status !== 'CompileError') {
        const what = replacement.replaceAll(/\s+/g, ' ').slice(0, 60);
        lived.push(`${file}:${location.start.line} ${mutatorName}: ${what}`);
      }
    }
  }
  return { faults, noticed, lived };
}
