import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nalTypes } from '../toolkit/measure/h264-stream';
import { type RtpStream, rtpStreams, sequenceGaps } from '../toolkit/measure/rtp-stream';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav } from '../toolkit/measure/wav';
import { RtspServer } from '../toolkit/peers/rtsp-server';
import { sleep, waitUntil } from '../toolkit/process/wait';
import { CAMERA_VOICE, MATERIAL, Stage } from './support/stage';

const stage = await Stage.open('rtsp');
const port = stage.ports.next();
const agent = await stage.agent({
  media: { microphone: { kind: 'camera' }, speaker: { kind: 'null' }, video: 'camera' },
  sections: { camera: { link: 'rtsp', rtspUrl: RtspServer.urlAt(port) } },
});
const phone = await stage.baresip('phone', { video: 'receive' });
let server: RtspServer | undefined;
afterAll(() => server?.stop());

async function startServer(): Promise<RtspServer> {
  server = await RtspServer.start({
    folder: stage.folder,
    port,
    film: { path: join(MATERIAL, 'camera-small.h264'), fps: 15 },
    voice: join(MATERIAL, 'camera-voice.aac'),
  });
  return server;
}

async function pictures(): Promise<number> {
  return (await agent.status()).calls[0]?.media?.video?.frames ?? 0;
}

async function untilMorePictures(more = 15): Promise<void> {
  const before = await pictures();
  await waitUntil(`${more} pictures`, async () => (await pictures()) >= before + more, 20_000);
}

/** Of the types that are given out by agreement; the sound has one of the fixed ones. */
const isVideo = ({ payloadType, packets }: RtpStream): boolean =>
  payloadType >= 96 && packets.length > 50;

describe('the camera’s own RTSP server', () => {
  it('may be absent, which is said; it is found when it comes', async () => {
    await agent.untilProblem(/camera: no RTSP server answers at rtsp:\/\/127\.0\.0\.1:/);
    await startServer();
    await agent.untilCamera('streaming');
    await waitUntil('no problem', async () => (await agent.status()).problems.length === 0);
  });

  it('gives sound and pictures to a call', async () => {
    const before = phone.events.length;
    const datagrams = await stage.captured('call', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await untilMorePictures(60);
      await sleep(2000);
      await agent.hangup();
      await agent.untilIdle();
      await phone.waitForEvent('CALL_CLOSED', 5000, before);
    });
    const heard = matchSpeech(phone.heard(), readWav(CAMERA_VOICE), true);
    expect(heard.correlation).toBeGreaterThan(0.85);
    expect(heard.seconds).toBeGreaterThan(3);
    const [film] = rtpStreams(datagrams).filter(isVideo);
    expect(film && sequenceGaps(film)).toBe(0);
    // What it begins with can be decoded.
    const first = (film?.packets ?? []).flatMap(({ payload }) => nalTypes(payload)).slice(0, 6);
    expect(first).toEqual(expect.arrayContaining([7, 8, 5]));
    const { engine } = await agent.status();
    expect(engine?.camera).toMatchObject({ sequenceGaps: 0, droppedFrames: 0, hasSpeaker: false });
  });

  it('may hang up, die and come back in mid-call', async () => {
    await agent.call(phone.uri);
    await agent.until('active');
    await untilMorePictures();
    const generation = (await agent.status()).engine?.camera.generation ?? 0;
    await server?.hangUp();
    await untilMorePictures(30);
    expect((await agent.status()).engine?.camera.generation).toBeGreaterThan(generation);
    await server?.stop();
    await agent.untilProblem(/camera/);
    await agent.untilHears();
    await startServer();
    await agent.untilCamera('streaming', 20_000);
    await untilMorePictures(30);
    await agent.hangup();
    await agent.untilIdle();
  });
});
