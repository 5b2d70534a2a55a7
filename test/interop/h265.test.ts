// Shows RFC 7798.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { frameGaps, readFrameNumbers, STRIP } from '../toolkit/measure/frame-numbers';
import { rtpStreams, sequenceGaps } from '../toolkit/measure/rtp-stream';
import { sipMessages } from '../toolkit/measure/sip-trace';
import { receiveVideo } from '../toolkit/measure/video-receiver';
import { runTool } from '../toolkit/process/process';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

/** camera.h265: so many pictures, each fifteenth a key frame. */
const FILM = { name: 'camera.h265', fps: 15, pictures: 75, group: 15 };

const stage = await Stage.open('h265');
const card = join(stage.folder, 'card');
mkdirSync(card);
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  sections: {
    record: { folder: card, floorMb: 0, format: 'mp4' },
    state: { directory: 'state' },
  },
});
const phone = await stage.baresip('phone', { video: 'receive' });
// H.265 with start codes of three and four bytes, as the RTOS has it.
await stage.camera(['--codec', 'h265', '--start-codes', 'mixed'], { film: FILM });
await agent.untilCamera('streaming');

async function untilPictures(count: number): Promise<void> {
  await waitUntil(
    `${count} pictures`,
    async () => ((await agent.status()).calls[0]?.media?.video?.frames ?? 0) >= count,
    20_000,
  );
}

/** The numbers burned into what ffmpeg makes of a file. */
async function numbersIn(path: string): Promise<number[]> {
  const strips = join(stage.folder, 'strips.gray');
  await runTool({
    name: 'ffmpeg (numbers)',
    command: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-i', path],
      ...['-vf', `crop=${STRIP.width}:${STRIP.height}:0:0`, '-pix_fmt', 'gray'],
      ...['-fps_mode', 'passthrough', '-f', 'rawvideo', strips],
    ],
    logPath: join(stage.folder, 'ffmpeg.log'),
  });
  return readFrameNumbers(readFileSync(strips));
}

describe('a camera of H.265', () => {
  afterEach(() => agent.hangUpAll());

  it('is seen by baresip, and by FFmpeg with the parameter sets of the description and without', async () => {
    const datagrams = await stage.captured('call', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      // Its first parameter sets may come behind the answer: then a second offer has the picture.
      await untilPictures(60);
      const [call] = (await agent.status()).calls;
      expect(call?.media?.video).toMatchObject({ codec: 'H265' });
      expect(call?.agreed).toMatchObject({ picture: { modeAssumed: false } });
      expect(call?.agreed).not.toHaveProperty('picture.packetizationMode');
      await agent.hangup();
      await agent.untilIdle();
    });
    const invite =
      sipMessages(datagrams).find(
        ({ text }) => text.startsWith('INVITE ') && text.includes('m=video'),
      )?.text ?? '';
    const [, type, fmtp = ''] = /^a=fmtp:(\d+) (profile-id=1;.*)\r$/m.exec(invite) ?? [];
    expect(invite).toContain(`a=rtpmap:${type} H265/90000`);
    expect(invite).not.toContain('H264');
    const [film] = rtpStreams(datagrams).filter(
      ({ payloadType, packets }) => payloadType === Number(type) && packets.length > 60,
    );
    if (!film) throw new Error('no picture was captured');
    expect(sequenceGaps(film)).toBe(0);
    for (const parameters of [fmtp, '']) {
      const received = await receiveVideo(
        [{ stream: film, fmtp: parameters, encoding: 'H265' }],
        stage.ports.next(4),
        stage.folder,
      );
      const numbers = received.stretches.flat();
      expect(numbers.length).toBeGreaterThan(50);
      expect((numbers[0] ?? 1) % FILM.group).toBe(0);
      expect(frameGaps(numbers, FILM.pictures)).toBe(0);
      expect(received).toMatchObject({ width: 640, height: 360 });
    }
    expect(phone.process.output).toMatch(/video: receiving with resolution 640 x 360/);
  }, 60_000);

  it('gives a still of its last key frame', async () => {
    await agent.agent.json('still', 'street');
    const [number = 1] = await numbersIn(join(stage.folder, 'state', 'stills', 'street.jpg'));
    expect(number % FILM.group).toBe(0);
  });

  it('is recorded as hvc1, which FFmpeg decodes whole', async () => {
    await agent.agent.json('record', 'start');
    let path = '';
    await waitUntil(
      'some seconds of it',
      async () => {
        const [recording] = (await agent.status()).recordings;
        path = recording?.file ?? '';
        return path !== '' && Number(recording?.durationMs) > 4000;
      },
      20_000,
    );
    await agent.agent.json('record', 'stop');
    const found = await runTool({
      name: 'ffprobe (record)',
      command: 'ffprobe',
      args: [
        ...['-loglevel', 'error', '-of', 'csv=p=0', '-select_streams', 'v'],
        ...['-show_entries', 'stream=codec_name,profile,codec_tag_string,width,height', path],
      ],
      logPath: join(stage.folder, 'ffprobe.log'),
    });
    expect(found.trim()).toBe('hevc,Main,hvc1,640,360');
    const numbers = await numbersIn(path);
    expect(numbers.length).toBeGreaterThan(FILM.group);
    expect(frameGaps(numbers, FILM.pictures)).toBe(0);
  }, 60_000);
});
