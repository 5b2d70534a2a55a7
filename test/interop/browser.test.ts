// Shows RFC 5763, 8445, 8843.

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readFrameNumbers, STRIP } from '../toolkit/measure/frame-numbers';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav, type Sound } from '../toolkit/measure/wav';
import { Browser } from '../toolkit/peers/browser';
import { waitUntil } from '../toolkit/process/wait';
import { CAMERA_VOICE, MATERIAL, PHONE_VOICE, Stage } from './support/stage';

/** Of sound that is compared at a time, s; and pictures that are read. */
const SOUND_S = 3;
const PICTURES = 10;
/** Other words come to 0.2, the same ones to 0.9. */
const SAME_WORDS = 0.8;
/** On a busy machine sound is stretched, and some of it is lost: by then some has come through whole, ms. */
const PATIENCE_MS = 90_000;

const stage = await Stage.open('browser');
// The small one has no numbers.
const camera = await stage.camera([], { film: { name: 'camera.h264', fps: 30 } });
const webPort = stage.ports.next();
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  autoAnswer: false,
  sections: { web: { port: webPort } },
});
const browser = await Browser.start(stage.folder, join(MATERIAL, 'phone-voice-48k.wav'));
afterAll(() => browser.stop());
await agent.untilCamera('streaming');
const url = `http://127.0.0.1:${webPort}/`;
const page = await browser.open(url, { permissions: ['microphone'] });

/** From the click on: when the first picture was painted; and the strips of pictures that have their numbers. */
const SEE = `(async () => {
  const clicked = await new Promise((done) => {
    addEventListener('click', () => done(performance.now()), { capture: true, once: true });
  });
  const video = await new Promise((done) => {
    const look = () => {
      const found = document.querySelector('.picture video');
      if (!found) return;
      changes.disconnect();
      done(found);
    };
    const changes = new MutationObserver(look);
    changes.observe(document.body, { childList: true, subtree: true });
  });
  const canvas = new OffscreenCanvas(${STRIP.width}, ${STRIP.height});
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  const strips = [];
  let first;
  while (strips.length < ${PICTURES}) {
    const now = await new Promise((done) => video.requestVideoFrameCallback(done));
    first ??= now - clicked;
    drawing.drawImage(video, 0, 0);
    const { data } = drawing.getImageData(0, 0, ${STRIP.width}, ${STRIP.height});
    strips.push([...data.filter((_, at) => at % 4 === 1)]);
  }
  return { firstPictureMs: first, strips };
})()`;
const Seen = v.object({ firstPictureMs: v.number(), strips: v.array(v.array(v.number())) });

/** What is heard for a while, as 16-bit samples. */
const HEAR = `(async () => {
  const [track] = document.querySelector('.picture video').srcObject.getAudioTracks();
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const sound = [];
  let rate = 0;
  while (rate === 0 || sound.length < ${SOUND_S} * rate) {
    const { value, done } = await reader.read();
    if (done) break;
    const samples = new Float32Array(value.numberOfFrames);
    value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    rate = value.sampleRate;
    value.close();
    for (const sample of samples) sound.push(Math.round(sample * 32767));
  }
  await reader.cancel();
  return { rate, sound };
})()`;
const Heard = v.object({ rate: v.number(), sound: v.array(v.number()) });

async function heardIn(at: Page): Promise<Sound> {
  const { rate, sound } = v.parse(Heard, await at.evaluate(HEAR));
  return { rate, samples: Float64Array.from(sound, (sample) => sample / 32_768) };
}

/** How much like the words is what is heard, of two seconds and more of speech. */
function likeness(heard: Sound, spoken: string): number {
  const { correlation, seconds } = matchSpeech(heard, readWav(spoken), true);
  return seconds > 2 ? correlation : 0;
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const talk = button('Talk to the car from here');

describe('a browser', () => {
  afterEach(async () => {
    await agent.hangUpAll();
    await page.goto(url);
  });

  it('calls the car: both are heard, and the camera is seen', async () => {
    const watching = page.evaluate(SEE);
    await talk.click();
    const { firstPictureMs, strips } = v.parse(Seen, await watching);
    console.info(`from the click to the first picture: ${Math.round(firstPictureMs)} ms`);
    const call = await agent.until('active');
    expect(call).toMatchObject({
      direction: 'incoming',
      remote: 'sip:browser@127.0.0.1',
      agreed: { encryption: { keysBy: 'dtls', keysHidden: true } },
    });
    const numbers = readFrameNumbers(Buffer.from(strips.flat()));
    // Whether the browser paints each of them is a matter of the machine: all differ, and are whole.
    expect(numbers).toHaveLength(PICTURES);
    expect(new Set(numbers).size).toBe(numbers.length);
    await waitUntil(
      'words of the camera, as they were spoken',
      async () => likeness(await heardIn(page), CAMERA_VOICE) > SAME_WORDS,
      PATIENCE_MS,
    );
    const { media } = await agent.untilHears(100);
    expect(media?.audio?.srtp).toMatchObject({ forged: 0, replayed: 0 });
    await browser.picture(page, 'browser-call');
    await button('Hang up').click();
    expect(await agent.untilIdle()).toBe('hung up here');
    await talk.waitFor();
    expect(browser.complaints).toEqual([]);
  }, 150_000);

  it('hears that the car has hung up', async () => {
    await talk.click();
    await agent.until('active');
    await page.locator('.picture video').waitFor();
    await agent.hangup();
    await talk.waitFor();
    await page.locator('.picture video').waitFor({ state: 'detached' });
  });

  it('is known to be gone when its page is left', async () => {
    await talk.click();
    await agent.until('active');
    await page.goto('about:blank');
    expect(await agent.untilIdle()).toBe('hung up here');
  });
});

describe('the car', () => {
  it('has heard the browser', async () => {
    await agent.stop();
    await camera.stop();
    const { rate, samples } = readWav(camera.speaker);
    const length = SOUND_S * rate;
    const stretches = Array.from({ length: Math.floor(samples.length / length) }, (_, at) => ({
      rate,
      samples: samples.subarray(at * length, (at + 1) * length),
    }));
    expect(stretches.some((stretch) => likeness(stretch, PHONE_VOICE) > SAME_WORDS)).toBe(true);
  });
});
