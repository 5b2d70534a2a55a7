// Shows RFC 4588, 5763, 8445, 8843.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { inviteReplySchema } from '../../src/control';
import { recordOf } from '../../src/platform';
import { readFrameNumbers, STRIP } from '../toolkit/measure/frame-numbers';
import { bestStretch, matchSpeech } from '../toolkit/measure/speech';
import { readWav, type Sound } from '../toolkit/measure/wav';
import { Browser } from '../toolkit/peers/browser';
import { LossyRelay } from '../toolkit/peers/lossy-relay';
import { waitUntil } from '../toolkit/process/wait';
import { CAMERA_VOICE, MATERIAL, PHONE_VOICE, Stage } from './support/stage';

/** Of sound that is compared at a time, s; and pictures that are read. */
const SOUND_S = 3;
const PICTURES = 10;
/** Other words come to 0.2, the same ones to 0.9. */
const SAME_WORDS = 0.8;
/** On a busy machine sound is stretched, and some of it is lost: by then some has come through whole, ms. */
const PATIENCE_MS = 90_000;
const PASSWORD = 'seven green lamps';
const HAND = { permissions: ['microphone'], viewport: { width: 360, height: 740 }, hasTouch: true };

const stage = await Stage.open('browser');
// The small one has no numbers.
const camera = await stage.camera([], { film: { name: 'camera.h264', fps: 30 } });
const webPort = stage.ports.next();
const passwordFile = join(stage.folder, 'web.password');
const setPassword = async (password: string): Promise<void> =>
  writeFileSync(passwordFile, `${await recordOf(password)}\n`, { mode: 0o600 });
await setPassword(PASSWORD);
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  autoAnswer: false,
  sections: { web: { port: webPort, passwordFile } },
});
const browser = await Browser.start(stage.folder, join(MATERIAL, 'phone-voice-48k.wav'));
afterAll(() => browser.stop());
await agent.untilCamera('streaming');
const url = `http://127.0.0.1:${webPort}/`;
const page = await browser.open(url, { permissions: ['microphone'] });
await logIn(page);

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

/** Of the picture's packets one in so many is lost. */
const LOST_EACH = 20;
const Answered = v.looseObject({ answer: v.string() });
const KEEP_CONNECTIONS = `{
  const connections = [];
  globalThis.connections = connections;
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...args) {
      super(...args);
      connections.push(this);
    }
  };
}`;
const COUNT_REPAIRED = `(async () => {
  let repaired = 0;
  for (const connection of connections) {
    for (const one of (await connection.getStats()).values()) {
      if (one.type === 'inbound-rtp') repaired += one.retransmittedPacketsReceived ?? 0;
    }
  }
  return { repaired };
})()`;
const Repaired = v.object({ repaired: v.number() });

const TALK = 'Talk to the car from here';
const buttonOf = (at: Page, name: string) => at.getByRole('button', { name, exact: true });
const button = (name: string) => buttonOf(page, name);
const talk = button(TALK);

async function logIn(at: Page): Promise<void> {
  await at.getByLabel('Password').fill(PASSWORD);
  await at.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** The link that somebody at the camera makes. */
async function invitation(...words: string[]): Promise<string> {
  const { urls } = v.parse(inviteReplySchema, await agent.agent.json('invite', ...words));
  return urls[0] ?? expect.fail('no link');
}

/** Nobody is kept out, and nothing is beyond the edge. */
async function isForAll(at: Page): Promise<void> {
  expect(await browser.barriers(at)).toEqual([]);
  expect(await at.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
}

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

  it('gets what it missed by RTX', async () => {
    const other = await page.context().newPage();
    await other.addInitScript(KEEP_CONNECTIONS);
    let relay: LossyRelay | undefined;
    let rtx = 0;
    await other.route('**/api/call', async (route) => {
      const response = await route.fetch();
      const answered = v.parse(Answered, await response.json());
      const port = Number(
        /^a=candidate:.* 127\.0\.0\.1 (\d+) typ host/m.exec(answered.answer)?.[1],
      );
      const [, rtxType, media] = /^a=fmtp:(\d+) apt=(\d+)/m.exec(answered.answer) ?? [];
      rtx = Number(rtxType);
      relay = await LossyRelay.open(port, Number(media), LOST_EACH);
      const answer = answered.answer.replace(` ${port} typ host`, ` ${relay.port} typ host`);
      await route.fulfill({ response, json: { ...answered, answer } });
    });
    await other.goto(url);
    await buttonOf(other, TALK).click();
    const call = await agent.until('active');
    expect(call).toMatchObject({ agreed: { picture: { rtxPayloadType: rtx } } });
    const repaired = async (): Promise<number> =>
      v.parse(Repaired, await other.evaluate(COUNT_REPAIRED)).repaired;
    await waitUntil(
      'packets that came by RTX',
      async () => (relay?.lost ?? 0) > 10 && (await repaired()) > 10,
      PATIENCE_MS,
    );
    expect(relay?.passed.get(rtx)).toBeGreaterThan(10);
    await agent.hangUpAll();
    await other.close();
    relay?.close();
  }, 120_000);

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

describe('a guest', () => {
  let link: string;
  let guest: Page;

  it('comes by a link of "dashvoip invite", talks, sees the camera and hangs up', async () => {
    link = await invitation('--for', '1h');
    guest = await browser.open(link, HAND);
    await buttonOf(guest, TALK).waitFor();
    expect(guest.url()).toBe(url);
    await guest.getByText('You are a guest until').waitFor();
    expect(await guest.getByRole('navigation').count()).toBe(0);
    await waitUntil(
      'a picture of the camera',
      () => guest.evaluate<boolean>('document.querySelector(".picture img").naturalWidth > 100'),
      20_000,
    );
    await isForAll(guest);
    await browser.picture(guest, 'guest-idle');

    await buttonOf(guest, TALK).click();
    const call = await agent.until('active');
    expect(call).toMatchObject({ direction: 'incoming', remote: 'sip:browser@127.0.0.1' });
    await guest.locator('.call-state', { hasText: 'In call' }).waitFor();
    await waitUntil(
      'a moving picture',
      () => guest.evaluate<boolean>('document.querySelector(".picture video").videoWidth > 100'),
      PATIENCE_MS,
    );
    await agent.untilHears(20);
    await isForAll(guest);
    await browser.picture(guest, 'guest-call');
    await buttonOf(guest, 'Hang up').click();
    expect(await agent.untilIdle()).toBe('hung up here');
    await buttonOf(guest, TALK).waitFor();
  }, 150_000);

  it('hears that the car has hung up, and stays a guest when the page is loaded anew', async () => {
    await buttonOf(guest, TALK).click();
    await agent.until('active');
    await agent.hangup();
    await buttonOf(guest, TALK).waitFor();
    await guest.reload();
    await buttonOf(guest, TALK).waitFor();
  });

  it('has used the link up: another one is told so, and may log in with the password', async () => {
    const other = await browser.open(link, HAND);
    await other.getByText('This link lets nobody in any more').waitFor();
    expect(other.url()).toBe(url);
    await isForAll(other);
    await browser.picture(other, 'link-used-up');
    await logIn(other);
    await other.getByRole('navigation').first().waitFor();
    await other.context().close();
  });

  it('in Korean, by night: a link that is opened where the page is already', async () => {
    const other = await browser.open(url, { ...HAND, locale: 'ko-KR', colorScheme: 'dark' });
    await other.getByLabel('비밀번호').waitFor();
    await other.goto(await invitation());
    await other.getByText('손님으로 이용할 수 있습니다').waitFor();
    expect(other.url()).toBe(url);
    await isForAll(other);
    await browser.picture(other, 'guest-ko');
    await buttonOf(other, '나가기').click();
    await other.getByLabel('비밀번호').waitFor();
    await other.context().close();
  });

  it('is not whoever has the password: his link stays good', async () => {
    const spare = await invitation();
    await page.goto(spare);
    await page.getByRole('navigation').first().waitFor();
    expect(page.url()).toBe(url);
    const other = await browser.open(spare, HAND);
    await buttonOf(other, TALK).waitFor();
    await other.context().close();
  });

  it('goes, with his call, when another password is set', async () => {
    await buttonOf(guest, TALK).click();
    await agent.until('active');
    await setPassword('another one');
    expect(await agent.untilIdle()).toBe('hung up here');
    await guest.getByText('Your time as a guest is over').waitFor();
    await isForAll(guest);
    await browser.picture(guest, 'guest-over');
    await guest.context().close();
    expect(browser.complaints).toEqual([]);
  });
});

describe('the car', () => {
  it('has heard the browser', async () => {
    await agent.stop();
    await camera.stop();
    const played = readWav(camera.speaker);
    expect(bestStretch(played, readWav(PHONE_VOICE), SOUND_S)).toBeGreaterThan(SAME_WORDS);
  });
});
