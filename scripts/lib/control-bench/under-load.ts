import { Capture } from '../../../test/toolkit/measure/capture';
import { measurePacing, rtpStreams, sequenceGaps } from '../../../test/toolkit/measure/rtp-stream';
import { CommandClient } from '../../../test/toolkit/peers/command-client';
import { memoryUse } from '../../../test/toolkit/process/proc-stats';
import { sleep } from '../../../test/toolkit/process/wait';
import { Caller } from '../flood/caller';
import type { Flood } from '../flood/floods';
import type { Scene } from '../flood/scene';
import type { Progress } from '../terminal';
import { askFor, milliseconds } from './round-trips';

const PER_SECOND = 10_000;
/** The far end's clock has been learnt, and the picture runs. */
const SETTLED_MS = 2000;

export const LOAD_HEAD = [
  ...['what the command port gets in a call with picture', 'sent/s'],
  ...['asked', 'unanswered', 'reply p50', 'p99', 'echo p50', 'p99'],
  ...['pacing p99', 'RTP not sent', 'BYE'],
  ...['MB before', 'MB after'],
] as const;

/** A call that is left alone, then asked about, then flooded at its command port. */
export async function runUnderLoad(
  scene: Scene,
  seconds: number,
  progress: Progress,
): Promise<string[][]> {
  // Whose name the second flood is in: its token and its socket.
  const holder = await CommandClient.open(scene.agent.controlPort);
  const command = `{"token":${holder.token},"msg_id":2560,"id":@@@@@@@@}`;
  const flood = { perSecond: PER_SECOND, sources: 1 };
  const loads: readonly [name: string, asks: boolean, flood?: Flood][] = [
    ['nothing', false],
    ['a client that asks', true],
    [
      'malformed datagrams, and a client',
      true,
      { ...flood, name: 'malformed', datagram: '{"token":@@@@@@@@,"msg_id":' },
    ],
    [
      'commands of one session, and a client',
      true,
      { ...flood, name: 'rapid', datagram: command, forgedPort: holder.port },
    ],
    [
      'commands without a session, and a client',
      true,
      { ...flood, name: 'strangers', datagram: '{"token":1,"msg_id":2560,"id":@@@@@@@@}' },
    ],
  ];
  progress.step('each once, so that the memory grows to its size');
  for (const [, , sent] of loads) {
    if (sent) await scene.sender.start(sent, scene.agent.controlPort, 2).finished();
  }
  const rows: string[][] = [];
  for (const [name, asks, sent] of loads) {
    progress.step(`${name}, ${seconds} s`);
    rows.push(await underLoad(scene, name, seconds, asks, sent));
  }
  holder.close();
  return rows;
}

async function underLoad(
  { agent, sender, folder, rtpPorts, sipPort }: Scene,
  name: string,
  seconds: number,
  asks: boolean,
  flood: Flood | undefined,
): Promise<string[]> {
  const { pid } = agent.process;
  const before = memoryUse(pid).privateDirtyMb;
  const caller = await Caller.open(sipPort);
  await caller.call(true);
  await sleep(SETTLED_MS);
  const capture = await Capture.start(folder, { ...rtpPorts, only: 'src' });
  const running = flood && sender.start(flood, agent.controlPort, seconds);
  const answers = asks ? await askFor(agent.controlPort, seconds) : undefined;
  if (!asks) await sleep(seconds * 1000);
  const streams = rtpStreams(await capture.stop());
  const sent = running && (await running.finished());
  const bye = await caller.bye();
  caller.close();
  const audio = streams.find(({ payloadType }) => payloadType === 0);
  return [
    name,
    sent === undefined ? '' : (sent / seconds).toFixed(0),
    answers ? String(answers.times.length + answers.unanswered) : '',
    answers ? String(answers.unanswered) : '',
    ...(answers ? [answers.times, answers.echoes] : [[], []]).flatMap((times) => [
      milliseconds(times, 0.5),
      milliseconds(times, 0.99),
    ]),
    audio ? `${measurePacing(audio).p99Ms.toFixed(2)} ms` : 'no sound',
    String(streams.map(sequenceGaps).reduce((sum, gaps) => sum + gaps, 0)),
    `${bye.toFixed(0)} ms`,
    before.toFixed(1),
    memoryUse(pid).privateDirtyMb.toFixed(1),
  ];
}
