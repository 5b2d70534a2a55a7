import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Capture } from '../../../test/toolkit/measure/capture';
import {
  measurePacing,
  quantile,
  rtpStreams,
  sequenceGaps,
} from '../../../test/toolkit/measure/rtp-stream';
import { Agent } from '../../../test/toolkit/peers/agent';
import { StandIn } from '../../../test/toolkit/peers/stand-in';
import { PortBlock } from '../../../test/toolkit/process/ports';
import { memoryUse } from '../../../test/toolkit/process/proc-stats';
import { sleep } from '../../../test/toolkit/process/wait';
import { formatTable, Progress } from '../terminal';
import { Caller } from './caller';
import { FloodSender } from './flood-sender';
import { type Flood, fastFloods, SLOW_FLOODS } from './floods';

const USAGE = 'usage: scripts/bench --flood [--seconds N] [--settle N] [--minutes N]';
const FOLDER = resolve('build/bench/flood');
const MATERIAL = resolve('build/material');
const FAST_PER_SECOND = 20_000;
/** As buildroot-package has it. */
const BOARD_FLAGS = ['--max-old-space-size=32', '--max-semi-space-size=1'];
const CALL_EVERY_MS = 5000;

interface Options {
  /** Of each fast flood. */
  readonly seconds: number;
  /** Between the end of a flood and the second look at the memory. */
  readonly settle: number;
  /** Of each slow flood, with the board's heap; 0 leaves them out. */
  readonly minutes: number;
}

interface Bench {
  readonly agent: Agent;
  readonly camera: StandIn;
  readonly sipPort: number;
  readonly ports: PortBlock;
  readonly sender: FloodSender;
}

async function main(): Promise<void> {
  const options = readOptions();
  const progress = new Progress();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const fast = await withBench('fast', [], (bench) => runFast(bench, options, progress));
  console.log(`\n${formatTable(fast, ['left', ...Array<'right'>(6).fill('right')])}`);
  if (options.minutes > 0) {
    const slow = await withBench('slow', BOARD_FLAGS, (bench) => runSlow(bench, options, progress));
    console.log(`\n${formatTable(slow, ['left', ...Array<'right'>(5).fill('right')])}`);
  }
  process.exit(0);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      flood: { type: 'boolean' },
      seconds: { type: 'string', default: '10' },
      settle: { type: 'string', default: '60' },
      minutes: { type: 'string', default: '0' },
    },
  });
  const [seconds, settle, minutes] = [values.seconds, values.settle, values.minutes].map(Number);
  if (!(seconds && seconds > 0) || settle === undefined || minutes === undefined) {
    throw new Error(USAGE);
  }
  return { seconds, settle, minutes };
}

async function withBench<Result>(
  name: string,
  nodeFlags: readonly string[],
  use: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const folder = join(FOLDER, name);
  mkdirSync(folder);
  const ports = await PortBlock.take();
  const socket = join(folder, 'camera.sock');
  const camera = await StandIn.start({
    folder,
    socket,
    material: MATERIAL,
    speaker: join(folder, 'speaker.wav'),
  });
  const sipPort = ports.next();
  const rtp = ports.next(80);
  const agent = await Agent.start({
    folder,
    name: 'agent',
    sipPort,
    controlPort: ports.next(),
    rtpPorts: [rtp, rtp + 79],
    cameraSocket: socket,
    nodeFlags,
  });
  try {
    return await use({ agent, camera, sipPort, ports, sender: await FloodSender.build(folder) });
  } finally {
    await agent.stop();
    await camera.stop();
    ports.release();
  }
}

/** A call with picture under 20 000 packets a second of each kind. */
async function runFast(bench: Bench, options: Options, progress: Progress): Promise<string[][]> {
  const rows = [['flood', 'sent/s', 'RTP missing', 'pacing p99', 'BYE', 'MB before', 'MB after']];
  for (const flood of fastFloods(FAST_PER_SECOND)) {
    progress.step(`${flood.name}, ${flood.perSecond} a second for ${options.seconds} s`);
    rows.push(await underFlood(bench, flood, options));
  }
  return rows;
}

async function underFlood(bench: Bench, flood: Flood, options: Options): Promise<string[]> {
  const { agent, ports, sipPort, sender } = bench;
  const { pid } = agent.process;
  const before = memoryUse(pid).rssMb;
  const caller = await Caller.open(sipPort);
  await caller.call(true);
  await sleep(2000);
  const capture = await Capture.start(FOLDER, { first: ports.first + 4, last: ports.first + 83 });
  const running = sender.start(flood, sipPort, options.seconds);
  await sleep(options.seconds * 1000 - 500);
  const bye = await caller.bye();
  const sent = await running.finished();
  const streams = rtpStreams(await capture.stop());
  caller.close();
  const missing = streams.map(sequenceGaps).reduce((sum, gaps) => sum + gaps, 0);
  const audio = streams.find(
    ({ payloadType, sourcePort }) => payloadType === 0 && sourcePort < 32_768,
  );
  await sleep(options.settle * 1000);
  return [
    flood.name,
    (sent / options.seconds).toFixed(0),
    String(missing),
    audio ? `${measurePacing(audio).p99Ms.toFixed(2)} ms` : 'no sound',
    `${bye.toFixed(0)} ms`,
    before.toFixed(1),
    memoryUse(pid).rssMb.toFixed(1),
  ];
}

/** A real call every fifth second, with the board's heap and an attacker of 1 Mbit/s. */
async function runSlow(bench: Bench, options: Options, progress: Progress): Promise<string[][]> {
  const rows = [
    ['flood, 1 Mbit/s or more', 'calls', 'failed', 'answered p99', 'MB begin', 'MB end'],
  ];
  for (const flood of SLOW_FLOODS) {
    progress.step(`${flood.name}, ${flood.perSecond} a second for ${options.minutes} min`);
    const seconds = options.minutes * 60;
    const begin = memoryUse(bench.agent.process.pid).rssMb;
    const running = bench.sender.start(flood, bench.sipPort, seconds);
    const ends = performance.now() + seconds * 1000;
    const times: number[] = [];
    let failed = 0;
    while (performance.now() < ends - CALL_EVERY_MS) {
      const next = performance.now() + CALL_EVERY_MS;
      const took = await oneCall(bench.sipPort);
      if (took === undefined) failed += 1;
      else times.push(took);
      await sleep(Math.max(0, next - performance.now()));
    }
    await running.finished();
    times.sort((a, b) => a - b);
    rows.push([
      flood.name,
      String(times.length + failed),
      String(failed),
      `${quantile(times, 0.99).toFixed(0)} ms`,
      begin.toFixed(1),
      memoryUse(bench.agent.process.pid).rssMb.toFixed(1),
    ]);
  }
  return rows;
}

/** Milliseconds until it was answered; undefined when anything of it failed. */
async function oneCall(sipPort: number): Promise<number | undefined> {
  const caller = await Caller.open(sipPort);
  try {
    const took = await caller.call(true);
    await sleep(1000);
    await caller.bye();
    return took;
  } catch (error) {
    console.error(String(error));
    return undefined;
  } finally {
    caller.close();
  }
}

await main();
