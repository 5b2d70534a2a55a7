// Shows RFC 5763, 5764, 8445, 8843.

import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { frameGaps } from '../toolkit/measure/frame-numbers';
import { bestStretch } from '../toolkit/measure/speech';
import { readWav } from '../toolkit/measure/wav';
import { Aiortc } from '../toolkit/peers/aiortc';
import { waitUntil } from '../toolkit/process/wait';
import { CAMERA_VOICE, MATERIAL, PHONE_VOICE, Stage } from './support/stage';

/** Other words come to 0.2, the same ones to 0.9. */
const SAME_WORDS = 0.8;
/** Of sound that is compared at a time, s. */
const SOUND_S = 3;
const PICTURES = 60;
/** On a busy machine it falls behind: by then some sound has come through whole, ms. */
const PATIENCE_MS = 90_000;

const stage = await Stage.open('webrtc');
const camera = await stage.camera([], { film: { name: 'camera.h264', fps: 30 } });
const webPort = stage.ports.next();
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  autoAnswer: false,
  sections: { web: { port: webPort } },
});
await agent.untilCamera('streaming');

describe('aiortc, a WebRTC stack that is no browser', () => {
  afterEach(() => agent.hangUpAll());

  it('calls by the page’s own request: both are heard, and the camera is seen', async () => {
    const url = `http://127.0.0.1:${webPort}`;
    const voice = join(MATERIAL, 'phone-voice-48k.wav');
    const far = stage.owns(await Aiortc.call(stage.folder, url, voice));
    const call = await agent.until('active');
    expect(call).toMatchObject({
      direction: 'incoming',
      agreed: { encryption: { suite: 'AES_CM_128_HMAC_SHA1_80', keysBy: 'dtls' } },
    });
    await waitUntil('pictures', async () => far.pictures.length >= PICTURES, PATIENCE_MS);
    // It paints what came whole, in order; whether all of it in time is a matter of the machine.
    expect(frameGaps(far.pictures.slice(0, PICTURES), 300)).toBeLessThan(PICTURES);
    const spoken = readWav(CAMERA_VOICE);
    await waitUntil(
      'words of the camera, as they were spoken',
      async () => bestStretch(await far.heard(SOUND_S), spoken, SOUND_S) > SAME_WORDS,
      PATIENCE_MS,
      1000,
    );
    const { media } = await agent.untilHears(200, PATIENCE_MS);
    expect(media?.audio?.srtp).toMatchObject({ forged: 0, replayed: 0 });
    await far.leave();
  }, 300_000);
});

describe('the car', () => {
  it('has heard it', async () => {
    await agent.stop();
    await camera.stop();
    const played = readWav(camera.speaker);
    expect(bestStretch(played, readWav(PHONE_VOICE), SOUND_S)).toBeGreaterThan(SAME_WORDS);
  });
});
