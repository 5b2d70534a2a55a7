import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameGaps, readFrameNumbers, STRIP } from '../toolkit/measure/frame-numbers';
import { rtpStreams, sequenceGaps } from '../toolkit/measure/rtp-stream';
import { receiveVideo } from '../toolkit/measure/video-receiver';
import { runTool } from '../toolkit/process/process';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

/** camera.h264: so many pictures, of which each thirtieth is a key frame. */
const FILM = { pictures: 600, group: 30 };

const stage = await Stage.open('still');
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  sections: { state: { directory: 'state' } },
});
const phone = await stage.baresip('phone', { video: 'receive' });

/** The number that is burned into a JPEG. */
async function numberIn(path: string): Promise<number> {
  const strip = join(stage.folder, 'strip.gray');
  await runTool({
    name: 'ffmpeg (still)',
    command: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-i', path],
      ...['-vf', `crop=${STRIP.width}:${STRIP.height}:0:0`, '-pix_fmt', 'gray'],
      ...['-f', 'rawvideo', strip],
    ],
    logPath: join(stage.folder, 'ffmpeg.log'),
  });
  return readFrameNumbers(readFileSync(strip))[0] ?? -1;
}

async function framesRead(): Promise<unknown> {
  return (await agent.status()).engine?.camera.framesRead;
}

async function untilPictures(count: number): Promise<void> {
  await waitUntil(
    `${count} pictures`,
    async () => ((await agent.status()).calls[0]?.media?.video?.frames ?? 0) >= count,
    20_000,
  );
}

describe('a still', () => {
  it('is refused in words while no camera answers', async () => {
    const { code, stderr } = await agent.agent.run('still');
    expect(code).toBe(1);
    expect(stderr).toMatch(/no picture: no camera answers/);
  });

  it('is a key frame of the camera, for which its stream is opened and closed again', async () => {
    await stage.camera([], { film: { name: 'camera.h264', fps: 30 } });
    await agent.untilCamera('streaming');
    const { code, stdout } = await agent.agent.run('still', 'door');
    const path = join(stage.folder, 'state', 'stills', 'door.jpg');
    expect([code, stdout.trim()]).toEqual([0, `${path}: 1280x720, ${statSync(path).size} bytes`]);
    expect((await numberIn(path)) % FILM.group).toBe(0);
    let before: unknown;
    await waitUntil(
      'the camera to be read no more',
      async () => {
        const last = before;
        before = await framesRead();
        return before === last;
      },
      8000,
      300,
    );
    expect((await agent.status()).engine?.camera.droppedFrames).toBe(0);
  });

  it('is had in a call, of which not a packet is disturbed', async () => {
    const path = join(stage.folder, 'state', 'stills', 'call.jpg');
    await agent.hangUpAll(); // of a first try
    const datagrams = await stage.captured('call', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await untilPictures(45);
      await agent.agent.json('still', 'call');
      await untilPictures(120);
      await agent.hangup();
      await agent.untilIdle();
    });
    const [film] = rtpStreams(datagrams).filter(
      ({ payloadType, packets }) => payloadType >= 96 && packets.length > 200,
    );
    if (!film) throw new Error('no picture was captured');
    expect(sequenceGaps(film)).toBe(0);
    const video = { stream: film, fmtp: 'packetization-mode=1' };
    const received = await receiveVideo([video], stage.ports.next(4), stage.folder);
    const numbers = received.stretches.flat();
    expect(numbers.length).toBeGreaterThan(100);
    expect(frameGaps(numbers, FILM.pictures)).toBe(0);
    expect(numbers).toContain(await numberIn(path));
    expect((await agent.status()).engine?.camera).toMatchObject({
      sequenceGaps: 0,
      droppedFrames: 0,
    });
  });
});
