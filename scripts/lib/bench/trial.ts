import { join } from 'node:path';
import { Capture } from '../../../test/toolkit/measure/capture';
import { measurePacing, quantile, rtpStreams } from '../../../test/toolkit/measure/rtp-stream';
import { inviteTo200Ms, sipMessages } from '../../../test/toolkit/measure/sip-trace';
import { PortBlock } from '../../../test/toolkit/process/ports';
import { CpuMeter, memoryUse } from '../../../test/toolkit/process/proc-stats';
import { sleep } from '../../../test/toolkit/process/wait';
import type { Contestant, Task } from './contestants';
import { FarEnd } from './far-end';

/**
 * From the answer to the beginning of the window. A JavaScript engine compiles and collects for some seconds after
 * its first work; what is compared is a call, not its beginning.
 */
const SETTLE_MS = 10_000;
const SHORT_CALLS = 5;

export interface PacingFigures {
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What one call gave. */
export interface Trial {
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly privateDirtyMb: number;
  readonly pacing: PacingFigures;
  /** Median of five short calls and the long one. */
  readonly inviteTo200Ms: number;
  readonly readyMs: number;
  /** Of video as sent, Mbit/s of RTP payload. */
  readonly videoMbit: number;
}

/** Starts a contestant, calls it and measures it for `seconds`; then a few short calls for the time to answer. */
export async function runTrial(
  contestant: Contestant,
  task: Task,
  seconds: number,
  folder: string,
): Promise<Trial> {
  const ports = await PortBlock.take();
  const running = await contestant.start(task, folder, ports);
  try {
    const capture = await Capture.start(folder, ports);
    const { sipPort: target } = running;
    const common = { ports, target, user: contestant.name, video: task === 'video' };
    const farEnd = new FarEnd({
      ...common,
      folder,
      seconds: seconds + SETTLE_MS / 1000 + 1,
    });
    await sleep(SETTLE_MS);
    const cpu = new CpuMeter(running.pid);
    await sleep(seconds * 1000);
    const cpuPercent = cpu.percent();
    const memory = memoryUse(running.pid);
    await farEnd.finished();
    const short = new FarEnd({
      ...common,
      folder: join(folder, 'short'),
      seconds: 0.3,
      calls: SHORT_CALLS,
    });
    await short.finished();
    const datagrams = await capture.stop();
    const sent = rtpStreams(datagrams);
    const mediaPort = farEnd.sipp.mediaPort;
    const audio = sent.find(
      ({ destinationPort, packets }) =>
        destinationPort === mediaPort && packets.length > seconds * 25,
    );
    if (!audio) throw new Error(`${contestant.name} sent no sound (logs: ${folder})`);
    const video = sent.find((stream) => stream.payloadType === 97);
    const { meanMs, p99Ms, maxMs } = measurePacing(audio);
    const messages = sipMessages(datagrams);
    const delays = [...new Set(messages.map((message) => message.callId))]
      .map((callId) => inviteTo200Ms(messages, callId))
      .filter((delay) => delay !== undefined)
      .sort((a, b) => a - b);
    return {
      cpuPercent,
      ...memory,
      pacing: { meanMs, p99Ms, maxMs },
      inviteTo200Ms: quantile(delays, 0.5),
      readyMs: running.readyMs,
      videoMbit: video ? bitrate(video.packets) : 0,
    };
  } finally {
    await running.stop();
    ports.release();
  }
}

function bitrate(packets: readonly { at: bigint; payload: Buffer }[]): number {
  const first = packets[0];
  const last = packets.at(-1);
  if (!first || !last || first === last) return 0;
  const bits = packets.reduce((sum, packet) => sum + packet.payload.length * 8, 0);
  return bits / (Number(last.at - first.at) / 1000);
}
