import { quantile } from '../../../test/toolkit/measure/rtp-stream';
import { BOARD_NODE } from '../../../test/toolkit/peers/board-node';
import { memoryUse } from '../../../test/toolkit/process/proc-stats';
import { sleep } from '../../../test/toolkit/process/wait';
import type { Progress } from '../terminal';
import { Caller } from './caller';
import { type Flood, SLOW_FLOODS } from './floods';
import { type Scene, withScene } from './scene';

const CALL_EVERY_MS = 5000;
/** The process has grown to its size by then. */
const GROWN_MS = 60_000;

export const SLOW_HEAD = [
  ...['flood, 1 Mbit/s or more', 'calls', 'failed', 'answered p50', 'p99'],
  ...['MB begin', 'after 1 min', 'half', 'end', 'most'],
] as const;

/** Each flood at an agent of its own, `abreast` of them at a time. */
export async function runSlow(
  minutes: number,
  abreast: number,
  progress: Progress,
): Promise<string[][]> {
  const rows: string[][] = [];
  const waiting = SLOW_FLOODS.map((flood, index) => ({ flood, index }));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { flood, index } = next;
      progress.step(`${flood.name}, ${flood.perSecond} a second for ${minutes} min`);
      rows[index] = await withScene(flood.name, BOARD_NODE, (scene) => soak(scene, flood, minutes));
    }
  };
  await Promise.all(Array.from({ length: abreast }, work));
  return rows;
}

/** A real call every fifth second, with the board's heap and an attacker of 1 Mbit/s. */
async function soak(scene: Scene, flood: Flood, minutes: number): Promise<string[]> {
  const { agent, sender, sipPort } = scene;
  const memory = (): number => memoryUse(agent.process.pid).privateDirtyMb;
  const begin = memory();
  const running = sender.start(flood, sipPort, minutes * 60);
  const began = performance.now();
  const ends = began + minutes * 60_000;
  const times: number[] = [];
  const grown: number[] = [];
  let failed = 0;
  while (performance.now() < ends - CALL_EVERY_MS) {
    const next = performance.now() + CALL_EVERY_MS;
    const at = `${flood.name}, ${((performance.now() - began) / 1000).toFixed(1)} s`;
    const took = await oneCall(sipPort, at);
    if (took === undefined) failed += 1;
    else times.push(took);
    if (performance.now() - began > GROWN_MS) grown.push(memory());
    await sleep(Math.max(0, next - performance.now()));
  }
  await running.finished();
  times.sort((a, b) => a - b);
  const calls = times.length + failed;
  const end = memory();
  const figures = [
    begin,
    grown[0] ?? end,
    grown.at(grown.length / 2) ?? end,
    end,
    Math.max(end, ...grown),
  ];
  return [
    ...[flood.name, String(calls), String(failed)],
    ...[0.5, 0.99].map((q) => `${quantile(times, q).toFixed(0)} ms`),
    ...figures.map((figure) => figure.toFixed(1)),
  ];
}

/** Milliseconds until it was answered; undefined when anything of it failed. */
async function oneCall(sipPort: number, at: string): Promise<number | undefined> {
  const caller = await Caller.open(sipPort);
  try {
    const took = await caller.call(true);
    await sleep(1000);
    await caller.bye();
    return took;
  } catch (error) {
    console.error(`${at}: ${String(error)}`);
    return undefined;
  } finally {
    caller.close();
  }
}
