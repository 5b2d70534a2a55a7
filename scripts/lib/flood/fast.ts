import { Capture } from '../../../test/toolkit/measure/capture';
import { measurePacing, rtpStreams, sequenceGaps } from '../../../test/toolkit/measure/rtp-stream';
import { parseStatus } from '../../../test/toolkit/peers/agent-status';
import { CommandClient } from '../../../test/toolkit/peers/command-client';
import { memoryUse } from '../../../test/toolkit/process/proc-stats';
import { sleep } from '../../../test/toolkit/process/wait';
import type { Progress } from '../terminal';
import { Caller } from './caller';
import { type Flood, fastFloods, mediaFloods } from './floods';
import type { Scene } from './scene';

/** What a camera's processor may have to stand. */
const PER_SECOND = 20_000;
const VOIP_STATUS = 2560;
/** The phone falls silent, is counted and hangs up so long before the flood ends. */
const LAST_MS = 1000;
/** What was under way when it fell silent has arrived. */
const ARRIVED_MS = 200;

export const FAST_HEAD = [
  ...['flood', 'sent/s', 'RTP not sent', 'RTP not taken', 'pacing p99', 'BYE'],
  ...['MB before', 'MB after'],
] as const;

export interface FastOptions {
  /** Of each flood. */
  readonly seconds: number;
  /** Between the end of a flood and the second look at the memory. */
  readonly settle: number;
}

/** One flood and the call that it falls upon; it is aimed when the call's ports are known. */
type Aim = (caller: Caller) => Flood & { readonly port: number };

/** A call with picture under 20 000 packets a second of each kind. */
export async function runFast(
  scene: Scene,
  options: FastOptions,
  progress: Progress,
): Promise<string[][]> {
  const aims = aimsAt(scene.sipPort);
  progress.step(
    `all ${aims.length} floods once, ${options.seconds} s each: memory grows to its size`,
  );
  for (const aim of aims) await underFlood(scene, aim, { ...options, settle: 0 }, () => undefined);
  const rows: string[][] = [];
  for (const aim of aims) rows.push(await underFlood(scene, aim, options, (t) => progress.step(t)));
  return rows;
}

function aimsAt(sipPort: number): Aim[] {
  const nowhere = { audio: 0, video: 0 };
  return [
    ...fastFloods(PER_SECOND).map(
      (flood): Aim =>
        () => ({ ...flood, port: sipPort }),
    ),
    ...mediaFloods(nowhere, nowhere, PER_SECOND).map(
      (_, index): Aim =>
        (caller) => {
          const flood = mediaFloods(caller.agentPorts, caller.ports, PER_SECOND)[index];
          if (!flood) throw new Error(`no flood ${index}`);
          return flood;
        },
    ),
  ];
}

async function underFlood(
  scene: Scene,
  aim: Aim,
  { seconds, settle }: FastOptions,
  say: (text: string) => void,
): Promise<string[]> {
  const { agent, sender, folder, rtpPorts, sipPort } = scene;
  const { pid } = agent.process;
  const before = memoryUse(pid).privateDirtyMb;
  const caller = await Caller.open(sipPort);
  await caller.call(true);
  await sleep(2000);
  const flood = aim(caller);
  say(`${flood.name}, ${flood.perSecond} a second for ${seconds} s`);
  const capture = await Capture.start(folder, { ...rtpPorts, only: 'src' });
  const running = sender.start(flood, flood.port, seconds);
  await sleep(seconds * 1000 - LAST_MS);
  const spoken = caller.hush();
  await sleep(ARRIVED_MS);
  const taken = await packetsTaken(agent.controlPort);
  const bye = await caller.bye();
  const sent = await running.finished();
  const streams = rtpStreams(await capture.stop());
  caller.close();
  const audio = streams.find(({ payloadType }) => payloadType === 0);
  await sleep(settle * 1000);
  return [
    flood.name,
    (sent / seconds).toFixed(0),
    String(streams.map(sequenceGaps).reduce((sum, gaps) => sum + gaps, 0)),
    String(spoken - taken),
    audio ? `${measurePacing(audio).p99Ms.toFixed(2)} ms` : 'no sound',
    `${bye.toFixed(0)} ms`,
    before.toFixed(1),
    memoryUse(pid).privateDirtyMb.toFixed(1),
  ];
}

/** Packets of sound that the call's jitter buffer was given. */
async function packetsTaken(controlPort: number): Promise<number> {
  const client = await CommandClient.open(controlPort);
  try {
    const { param } = await client.request(VOIP_STATUS);
    return parseStatus(param).calls[0]?.media?.audio?.received.packets ?? 0;
  } finally {
    client.close();
  }
}
