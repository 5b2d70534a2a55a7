import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endWith, optionsOf } from '../options';
import { benchParse, type ParseBench } from '../parse-bench';
import { Progress } from '../terminal';
import { type Contestant, contestants, type Task } from './contestants';
import { type Results, resultOf, textOf } from './result';
import { runTrial } from './trial';
import { WireFloor } from './wire-floor';

const USAGE = 'usage: scripts/bench [--json] [--quick] [--pjsua PATH]';
const FOLDER = resolve('build/bench');

interface Options {
  readonly json: boolean;
  readonly quick: boolean;
  readonly pjsua: string | undefined;
}

async function main(): Promise<void> {
  const options = readOptions();
  const progress = new Progress();
  try {
    const rounds = options.quick ? 1 : 3;
    const seconds = options.quick ? 6 : 12;
    progress.step('parsing one INVITE, ours beside sip, jssip and sip.js');
    const parse = await benchParse();
    const results = await runRounds(contestants(options.pjsua), rounds, seconds, progress);
    report(results, parse, { rounds, seconds }, options.json);
    process.exit(0);
  } catch (error) {
    progress.done();
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

function readOptions(): Options {
  const { values } = optionsOf(USAGE, {
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      pjsua: { type: 'string' },
    },
  });
  const { json, quick, pjsua } = values;
  if (pjsua !== undefined && !existsSync(pjsua)) endWith(USAGE, `--pjsua: no file ${pjsua}`);
  return { json, quick, pjsua };
}

/** Everybody in turns, round after round, so that what else the machine does falls on all alike. */
async function runRounds(
  list: readonly Contestant[],
  rounds: number,
  seconds: number,
  progress: Progress,
): Promise<Results> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const floor = await WireFloor.build(FOLDER);
  const results: Results = { trials: new Map(), wireFloors: [] };
  for (let round = 1; round <= rounds; round += 1) {
    progress.step(`round ${round} of ${rounds}: the least that fifty packets a second cost`);
    results.wireFloors.push(await floor.cpuPercent(seconds));
    for (const contestant of list) {
      for (const task of contestant.tasks) {
        progress.step(`round ${round} of ${rounds}: ${contestant.name}, ${WORDS[task]}`);
        const folder = join(FOLDER, `${contestant.name}-${task}-${round}`);
        mkdirSync(folder, { recursive: true });
        const trial = await runTrial(contestant, task, seconds, folder);
        const key = `${contestant.name} ${task}` as const;
        results.trials.set(key, [...(results.trials.get(key) ?? []), trial]);
      }
    }
  }
  return results;
}

const WORDS: Readonly<Record<Task, string>> = {
  g711: 'a G.711 call',
  blocked: 'a G.711 call with its event loop blocked for 500 ms again and again',
  video: 'a G.711 call with H.264 on top',
};

function report(
  results: Results,
  parse: ParseBench,
  run: { rounds: number; seconds: number },
  json: boolean,
): void {
  const result = resultOf(results, parse, run);
  console.log(`\n${textOf(result)}`);
  if (json) console.log(JSON.stringify(result));
}

await main();
