import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { quantile } from '../../../test/toolkit/measure/rtp-stream';
import { Sipp } from '../../../test/toolkit/peers/sipp';
import { PortBlock } from '../../../test/toolkit/process/ports';
import { cpuNanoseconds } from '../../../test/toolkit/process/proc-stats';
import { ManagedProcess } from '../../../test/toolkit/process/process';
import { readyMs } from '../../../test/toolkit/process/sip-probe';
import { contestants, type Running } from '../bench/contestants';
import { Caller } from '../flood/caller';
import type { Progress } from '../terminal';
import { SHORT_CALL } from './scenarios';

/** Calls that make the engines warm, and that are counted. */
const WARM = 300;
/** Calls whose answer is awaited by a clock. */
const TIMED = 100;
const BETWEEN_TIMED_MS = 20;

export const SHORT_HEAD = [
  ...['who', 'calls', 'answered/s', 'processor a call', 'calls/s and core'],
  ...['INVITE to 200 p50', 'p99'],
] as const;

interface Callee {
  readonly name: string;
  start(folder: string, ports: PortBlock): Promise<Running>;
}

/** Ours with its media, ours without any, and the peers: calls that are hung up as soon as they are answered, one after the other. */
export async function runShortCalls(
  calls: number,
  folder: string,
  progress: Progress,
): Promise<string[][]> {
  const withMedia: Callee[] = contestants(undefined).map(({ name, start }) => ({
    name,
    start: (place, ports) => start('g711', place, ports),
  }));
  const rows: string[][] = [];
  for (const callee of [core, ...withMedia]) {
    progress.step(`${callee.name}: ${calls} short calls`);
    rows.push(await rowOf(callee, calls, join(folder, callee.name.replace(/\W+/g, '-'))));
  }
  return rows;
}

async function rowOf(callee: Callee, calls: number, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const ports = await PortBlock.take();
  const running = await callee.start(folder, ports);
  try {
    const line = new Line(running.sipPort, callee.name, folder, ports);
    await line.calls(WARM);
    const [cpu, began] = [cpuNanoseconds(running.pid), performance.now()];
    await line.calls(calls);
    const seconds = (performance.now() - began) / 1000;
    const cpuMs = Number(cpuNanoseconds(running.pid) - cpu) / 1e6 / calls;
    const times = await answerTimes(running.sipPort, callee.name);
    return [
      ...[callee.name, String(calls), (calls / seconds).toFixed(0)],
      ...[`${cpuMs.toFixed(2)} ms`, (1000 / cpuMs).toFixed(0)],
      ...[0.5, 0.99].map((q) => `${quantile(times, q).toFixed(1)} ms`),
    ];
  } finally {
    await running.stop();
    ports.release();
  }
}

/** One socket that calls, as an exchange does: who it is is known after the first call. */
export class Line {
  readonly #target: number;
  readonly #user: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #mediaPort: number;

  constructor(target: number, user: string, folder: string, ports: PortBlock) {
    this.#target = target;
    this.#user = user;
    this.#folder = folder;
    this.#port = ports.next();
    this.#mediaPort = ports.next(6);
  }

  /** @throws ProcessError when one of them was not answered as it should be. */
  calls(count: number): Promise<void> {
    return this.run('short-calls', SHORT_CALL, count);
  }

  run(name: string, scenario: string, count: number): Promise<void> {
    const sipp = new Sipp({
      ...{ name, folder: this.#folder, scenario, port: this.#port, mediaPort: this.#mediaPort },
      ...{ target: `127.0.0.1:${this.#target}`, service: this.#user, calls: count },
      timeoutSeconds: 60 + Math.ceil(count / 20),
      // One at a time, the next as soon as one is over.
      extra: ['-r', '5000'],
    });
    return sipp.finished();
  }
}

/** Milliseconds from INVITE to 200, sorted. */
async function answerTimes(sipPort: number, user: string): Promise<number[]> {
  const times: number[] = [];
  for (let done = 0; done < TIMED; done += 1) {
    const caller = await Caller.open(sipPort, user);
    times.push(await caller.call(false));
    await caller.bye();
    caller.close();
    await new Promise((go) => setTimeout(go, BETWEEN_TIMED_MS));
  }
  return times.sort((a, b) => a - b);
}

const core: Callee = {
  name: 'core',
  async start(folder, ports) {
    const sipPort = ports.next();
    const child = ManagedProcess.start({
      name: 'the SIP core',
      command: process.execPath,
      args: ['--import', 'tsx', resolve('scripts/lib/signalling/core-phone.ts'), String(sipPort)],
      logPath: join(folder, 'core.log'),
    });
    const ready = await child.whileRunning(readyMs(sipPort, child.startedAt));
    return {
      ...{ pid: child.pid, sipPort, readyMs: ready },
      stop: async () => {
        await child.stop();
      },
    };
  },
};
