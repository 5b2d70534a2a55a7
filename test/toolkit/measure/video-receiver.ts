import { createSocket, type Socket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeExit, ManagedProcess, ProcessError, runTool } from '../process/process';
import { sleep, waitUntil } from '../process/wait';
import { readFrameNumbers, STRIP } from './frame-numbers';
import { type RtpPacket, type RtpStream, splitAtPauses } from './rtp-stream';

/** A video stream as it was captured, with what its SDP said of the format. */
export interface CapturedVideo {
  readonly stream: RtpStream;
  /** Value of `a=fmtp` without the payload type; empty for none. */
  readonly fmtp: string;
  /** H264 if absent. */
  readonly encoding?: 'H264' | 'H265';
}

export interface ReceivedVideo {
  /** Burned-in numbers of the decoded pictures, one list per stretch without a pause. */
  readonly stretches: readonly (readonly number[])[];
  readonly width: number;
  readonly height: number;
  /** All stretches in one film. */
  readonly filmPath: string;
}

const SPEED = 4;
/** A receiver that lags behind is waited for: what is measured is the sender, not this socket's buffer. */
const MAX_QUEUED = 64 * 1024;

/**
 * Has ffmpeg take the video from RTP: it gets the captured packets again, unchanged and in their order, on a port of
 * its own with a session description, so that depacketizing and decoding are entirely its own. Sent at four times
 * their pace. Each stretch between pauses (a call, a part of one before or after a hold) is one reception.
 */
export async function receiveVideo(
  videos: readonly CapturedVideo[],
  port: number,
  folder: string,
): Promise<ReceivedVideo> {
  const stretches: number[][] = [];
  const films: string[] = [];
  for (const { stream, fmtp, encoding = 'H264' } of videos) {
    const format = { encoding, fmtp };
    for (const part of splitAtPauses(stream)) {
      const film = `stretch-${films.length}.mp4`;
      stretches.push(await receiveStretch(part, format, port, folder, film));
      films.push(film);
    }
  }
  const list = join(folder, 'stretches.txt');
  writeFileSync(list, films.map((film) => `file '${film}'\n`).join(''));
  const filmPath = join(folder, 'video.mp4');
  await runTool({
    name: 'ffmpeg (join)',
    command: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'concat', '-i', list],
      ...['-c', 'copy', '-movflags', '+faststart', filmPath],
    ],
    logPath: join(folder, 'ffmpeg.log'),
  });
  return { stretches, ...(await pictureSize(filmPath, folder)), filmPath };
}

async function receiveStretch(
  part: RtpStream,
  format: Format,
  port: number,
  folder: string,
  film: string,
): Promise<number[]> {
  const description = join(folder, 'receiver.sdp');
  const strips = join(folder, 'strips.gray');
  writeFileSync(description, sessionDescription(port, part.payloadType, format));
  const ffmpeg = ManagedProcess.start({
    name: 'ffmpeg (receiver)',
    command: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'warning', '-y', '-nostdin'],
      ...['-protocol_whitelist', 'file,udp,rtp', '-i', description],
      ...['-map', '0:v', '-c', 'copy', join(folder, film)],
      ...['-map', '0:v', '-vf', `crop=${STRIP.width}:${STRIP.height}:0:0`],
      ...['-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo', strips],
    ],
    logPath: join(folder, 'ffmpeg.log'),
  });
  await waitUntil('the receiver to open its ports', () => udpBound(port) && udpBound(port + 1));
  await replay(part, port);
  const timer = setTimeout(() => ffmpeg.signal('SIGINT'), 10_000);
  const exit = await ffmpeg.exited;
  clearTimeout(timer);
  if (exit.code !== 0) {
    throw new ProcessError(
      `ffmpeg could not receive the video (${describeExit(exit)}): ${ffmpeg.lastLine()}`,
    );
  }
  return readFrameNumbers(readFileSync(strips));
}

type Format = Required<Pick<CapturedVideo, 'encoding' | 'fmtp'>>;

function sessionDescription(port: number, payloadType: number, { encoding, fmtp }: Format): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=video ${port} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${encoding}/90000`,
    ...(fmtp === '' ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
    '',
  ].join('\r\n');
}

/** Sends the packets to `port`, then RTCP BYE to the next one, which ends ffmpeg's input. */
async function replay(part: RtpStream, port: number): Promise<void> {
  const socket = createSocket('udp4');
  const origin = part.packets[0]?.at ?? 0n;
  const start = performance.now();
  for (const packet of part.packets) {
    const due = start + Number(packet.at - origin) / 1e6 / SPEED;
    if (due > performance.now() + 1) await sleep(due - performance.now());
    while (queuedBytes(port) > MAX_QUEUED) await sleep(2);
    await send(socket, rebuild(packet, part.ssrc), port);
  }
  await sleep(300);
  const bye = Buffer.alloc(16);
  bye.writeUInt32BE(0x80c90001, 0);
  bye.writeUInt32BE(part.ssrc, 4);
  bye.writeUInt32BE(0x81cb0001, 8);
  bye.writeUInt32BE(part.ssrc, 12);
  await send(socket, bye, port + 1);
  socket.close();
}

/** The packet as it was on the wire, but for header extensions and padding, which carry nothing here. */
function rebuild(packet: RtpPacket, ssrc: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8((packet.marker ? 0x80 : 0) | packet.payloadType, 1);
  header.writeUInt16BE(packet.sequence, 2);
  header.writeUInt32BE(packet.timestamp, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, packet.payload]);
}

function send(socket: Socket, payload: Buffer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(payload, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  });
}

function udpBound(port: number): boolean {
  return udpSocketLine(port) !== undefined;
}

/** What waits in the receiver's socket; a receiver that is not there has nothing waiting. */
function queuedBytes(port: number): number {
  const queues = udpSocketLine(port)?.trim().split(/\s+/)[4];
  return Number.parseInt(queues?.split(':')[1] ?? '0', 16);
}

function udpSocketLine(port: number): string | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  return readFileSync('/proc/net/udp', 'latin1')
    .split('\n')
    .find((line) => line.slice(0, 24).includes(wanted));
}

async function pictureSize(
  film: string,
  folder: string,
): Promise<{ width: number; height: number }> {
  const output = await runTool({
    name: 'ffprobe',
    command: 'ffprobe',
    args: [
      ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=width,height'],
      ...['-of', 'csv=p=0', film],
    ],
    logPath: join(folder, 'ffprobe.log'),
  });
  const [width, height] = output.trim().split(',').map(Number);
  return { width: width ?? 0, height: height ?? 0 };
}

/** Saves one picture of a film, some way into it. */
export async function savePicture(film: string, path: string, folder: string): Promise<void> {
  await runTool({
    name: 'ffmpeg (still)',
    command: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-ss', '2', '-i', film],
      ...['-frames:v', '1', path],
    ],
    logPath: join(folder, 'ffmpeg.log'),
  });
}
