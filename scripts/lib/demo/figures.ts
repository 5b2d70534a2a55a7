import { join } from 'node:path';
import { frameGaps } from '../../../test/toolkit/measure/frame-numbers';
import { decodeG711 } from '../../../test/toolkit/measure/g711';
import { firstPictureEnd } from '../../../test/toolkit/measure/h264-stream';
import type { Datagram } from '../../../test/toolkit/measure/pcap';
import { reportBlocks, reportedLost } from '../../../test/toolkit/measure/rtcp';
import {
  measurePacing,
  type RtpStream,
  rtpStreams,
  sequenceGaps,
} from '../../../test/toolkit/measure/rtp-stream';
import { type SipOnWire, sipMessages } from '../../../test/toolkit/measure/sip-trace';
import { matchSpeech, type SpeechMatch } from '../../../test/toolkit/measure/speech';
import {
  type CapturedVideo,
  type ReceivedVideo,
  receiveVideo,
} from '../../../test/toolkit/measure/video-receiver';
import { readWav, type Sound, writeWav } from '../../../test/toolkit/measure/wav';
import type { MemoryUse } from '../../../test/toolkit/process/proc-stats';
import { type Line, tableOf, type Verdict, verdictOf } from './budgets';
import { type CallRecord, RESUMED } from './calls';
import type { DemoFigures } from './demo-figures';
import { Scene } from './scene';

/** The last line of `scripts/demo --json`. */
export type DemoResult = Verdict & DemoFigures;

/** The result, and what the report shows beside it. */
export interface Figures {
  readonly result: DemoResult;
  readonly table: readonly Line[];
  readonly origin: bigint;
  readonly sentAudio: readonly RtpStream[];
  readonly heardAudio: readonly RtpStream[];
  readonly phoneHeard: Sound;
  readonly cameraPlayed: Sound;
  readonly filmPath: string;
  /** The camera's words after the hold, decoded from RTP: baresip 1.0 does not go on recording after one. */
  readonly resumed: SpeechMatch;
}

export interface Measured {
  readonly scene: Scene;
  readonly datagrams: readonly Datagram[];
  readonly record: CallRecord;
  readonly memory: MemoryUse;
}

/** Works out every figure from the recordings, the capture and what the phone and the agent reported. */
export async function workOut({ scene, datagrams, record, memory }: Measured): Promise<Figures> {
  const sip = sipMessages(datagrams);
  const streams = rtpStreams(datagrams);
  const agentPorts = portsInDescriptions(sip, scene);
  const sent = streams.filter((stream) => agentPorts.has(stream.sourcePort));
  const sentAudio = sent.filter((stream) => !isVideo(stream));
  const heardAudio = streams.filter(
    (stream) => agentPorts.has(stream.destinationPort) && !isVideo(stream),
  );
  const videos = sent
    .filter(isVideo)
    .map((stream): CapturedVideo => ({ stream, fmtp: videoFormat(sip, stream.sourcePort) }));
  if (videos.length === 0) throw new Error('the agent sent no video: see agent.log');
  const film = await receiveVideo(videos, scene.ports.next(4), join(scene.folder, 'logs'));

  const phoneHeard = scene.phone.heard();
  writeWav(join(scene.folder, 'phone-heard.wav'), phoneHeard);
  const cameraPlayed = readWav(scene.camera.speaker);
  const resumed = resumedSpeech(sentAudio, record);
  const heard = matchSpeech(phoneHeard, readWav(Scene.cameraVoice), true);
  const played = matchSpeech(cameraPlayed, readWav(Scene.phoneVoice), true);
  const calls = establishedCalls(sip);
  const saw = summarizeFilm(film);
  const lost = lostPackets(datagrams, sent, record);
  const measured: DemoFigures = {
    calls: calls.length,
    phoneHeard: summarizeSpeech(heard),
    cameraPlayed: summarizeSpeech(played),
    phoneSaw: { ...saw, firstPictureMs: round(firstPictureMs(calls, videos), 1) },
    rtp: {
      sent: sent.reduce((sum, stream) => sum + stream.packets.length, 0),
      lost,
      audioPacingP99Ms: round(
        Math.max(...sentAudio.map((stream) => measurePacing(stream).p99Ms)),
        3,
      ),
    },
    agent: {
      cpuPercent: round(record.cpuPercent, 2),
      rssMb: round(memory.rssMb, 1),
      privateDirtyMb: round(memory.privateDirtyMb, 1),
      startToReadyMs: Math.round(scene.agent.readyMs),
    },
  };
  const table = tableOf(measured, resumed);
  return {
    result: { ...verdictOf(table), ...measured },
    table,
    origin: datagrams[0]?.at ?? 0n,
    sentAudio,
    heardAudio,
    phoneHeard,
    cameraPlayed,
    filmPath: film.filmPath,
    resumed,
  };
}

function resumedSpeech(sentAudio: readonly RtpStream[], { phases }: CallRecord): SpeechMatch {
  const resumed = phases.find((phase) => phase.label === RESUMED);
  const parts = sentAudio
    .map((stream) => ({
      ...stream,
      packets: stream.packets.filter(({ at }) => resumed && at > resumed.from && at < resumed.to),
    }))
    .filter((part) => part.packets.length > 0);
  const [part] = parts;
  if (!part) throw new Error('the agent sent no sound after the hold: see agent.log');
  return matchSpeech(decodeG711(part), readWav(Scene.cameraVoice), true);
}

function summarizeSpeech(match: SpeechMatch): { correlation: number; seconds: number } {
  return { correlation: round(match.correlation, 4), seconds: round(match.seconds, 1) };
}

function summarizeFilm(film: ReceivedVideo): {
  frames: number;
  width: number;
  height: number;
  frameGaps: number;
} {
  return {
    frames: film.stretches.reduce((sum, numbers) => sum + numbers.length, 0),
    width: film.width,
    height: film.height,
    frameGaps: film.stretches.reduce(
      (sum, numbers) => sum + frameGaps(numbers, Scene.filmPictures),
      0,
    ),
  };
}

function isVideo(stream: RtpStream): boolean {
  return stream.payloadType >= 96 && stream.packets.some((packet) => packet.payload.length > 400);
}

/** The media ports that the agent named in its session descriptions. */
function portsInDescriptions(sip: readonly SipOnWire[], scene: Scene): ReadonlySet<number> {
  const agentPort = Number(scene.agent.uri.split(':').at(-1));
  const ports = sip
    .filter((message) => message.sourcePort === agentPort)
    .flatMap(({ text }) => [...text.matchAll(/^m=\w+ (\d+) /gm)].map((line) => Number(line[1])));
  return new Set(ports.filter((port) => port > 0));
}

/** Format parameters that came with the video stream from `port`. */
function videoFormat(sip: readonly SipOnWire[], port: number): string {
  const description = sip.find(({ text }) => text.includes(`m=video ${port} `))?.text ?? '';
  const section = description.slice(description.indexOf(`m=video ${port} `));
  return section.match(/^a=fmtp:\d+ (.*?)\r?$/m)?.[1] ?? 'packetization-mode=1';
}

interface EstablishedCall {
  readonly callId: string;
  readonly ackAt: bigint;
  readonly endsAt: bigint;
}

/** Calls whose INVITE was answered and acknowledged and that ended by BYE. */
function establishedCalls(sip: readonly SipOnWire[]): EstablishedCall[] {
  const ids = [...new Set(sip.map((message) => message.callId))];
  return ids.flatMap((callId) => {
    const call = sip.filter((message) => message.callId === callId);
    const ack = call.find((message) => message.method === 'ACK');
    const bye = call.find((message) => message.status === 200 && /BYE$/.test(message.cseq));
    return ack && bye ? [{ callId, ackAt: ack.at, endsAt: bye.at }] : [];
  });
}

/** From the ACK on the wire to the last packet of the first key picture; the worse of the calls. */
function firstPictureMs(
  calls: readonly EstablishedCall[],
  videos: readonly CapturedVideo[],
): number {
  const delays = calls.map(({ ackAt, endsAt }) => {
    const ends = videos
      .map(({ stream }) => firstPictureEnd(stream)?.at)
      .filter((at) => at !== undefined)
      .filter((at) => at > ackAt - 1_000_000_000n && at < endsAt)
      .map((at) => Number(at - ackAt) / 1e6);
    return Math.max(0, Math.min(...ends));
  });
  return Math.max(...delays);
}

/**
 * Packets that anybody missed: numbers that never came onto the wire, what the phone reported of the agent's streams,
 * and what the agent counted of the phone's.
 */
function lostPackets(
  datagrams: readonly Datagram[],
  sent: readonly RtpStream[],
  record: CallRecord,
): number {
  const blocks = reportBlocks(datagrams);
  const missing = sent.reduce(
    (sum, stream) => sum + Math.max(sequenceGaps(stream), reportedLost(blocks, stream.ssrc)),
    0,
  );
  return record.lastStatus.reduce(
    (sum, call) => sum + (call.media?.audio?.received.lost ?? 0),
    missing,
  );
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
