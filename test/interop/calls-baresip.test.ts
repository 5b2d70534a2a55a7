// Shows RFC 3261.

import { beforeEach, describe, expect, it } from 'vitest';
import { matchPhrases } from '../toolkit/measure/phrases';
import { sipMessages } from '../toolkit/measure/sip-trace';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav } from '../toolkit/measure/wav';
import { dashvoip } from '../toolkit/peers/agent';
import { sleep, waitUntil } from '../toolkit/process/wait';
import { CAMERA_VOICE, PHONE_VOICE, Stage } from './support/stage';
import { wordsOnWire } from './support/wire';

const cameraWords = readWav(CAMERA_VOICE);
const phoneWords = readWav(PHONE_VOICE);
const stage = await Stage.open('calls-baresip');
const camera = await stage.camera();
const agent = await stage.agent({ cameraSocket: stage.cameraSocket, autoAnswer: false });
const phone = await stage.baresip('phone');
/** Answers only when told to. */
const slow = await stage.baresip('slow', { autoAnswer: false, ringSeconds: 3 });
await agent.untilCamera('streaming');

describe('with baresip', () => {
  let seen = 0;
  beforeEach(() => {
    seen = phone.events.length;
  });

  it('talks, holds, resumes and hangs up as the caller', async () => {
    const datagrams = await stage.captured('outgoing', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await sleep(4000);
      await agent.hold();
      const held = await agent.until('held');
      expect(held.heldBy).toBe('us');
      await sleep(800);
      await agent.resume();
      await agent.until('active');
      await agent.untilHears(150);
      await agent.hangup();
      expect(await agent.untilIdle()).toBe('hung up here');
      await phone.waitForEvent('CALL_CLOSED', 5000, seen);
    });
    const heard = wordsOnWire(datagrams, cameraWords);
    expect(heard).toHaveLength(2);
    for (const correlation of heard) expect(correlation).toBeGreaterThan(0.85);
    const recorded = matchSpeech(phone.heard(), cameraWords, true);
    expect(recorded.correlation).toBeGreaterThan(0.85);
    expect(recorded.seconds).toBeGreaterThan(3);
  });

  it('counts what the camera’s microphone and speaker take into the delay that MOS is told of', async () => {
    await agent.call(phone.uri);
    await agent.until('active');
    const { media } = await agent.untilHears(100);
    const { engine } = await agent.status();
    const devicesMs = (engine?.microphone.delayMs ?? 0) + (engine?.speaker.delayMs ?? 0);
    // 57 to 78 and 67 to 74 ms by NetFIFO; each moves by some ms between two looks.
    expect(devicesMs).toBeGreaterThan(60);
    const { delayMs = 0, bufferMs = 0 } = media?.audio ?? {};
    expect(delayMs - bufferMs).toBeGreaterThan(0.7 * devicesMs);
    await agent.hangup();
    await agent.untilIdle();
  });

  it('refuses its video and keeps the sound when the phone has none', async () => {
    const datagrams = await stage.captured('audio-only', async () => {
      await agent.call(phone.uri);
      const call = await agent.until('active');
      expect(call.media?.video).toBeUndefined();
      await agent.untilHears();
      await agent.hangup();
      await agent.untilIdle();
    });
    const [invite] = sipMessages(datagrams).filter((message) => message.method === 'INVITE');
    expect(invite?.text).toMatch(/^m=video [1-9]\d* RTP\/AVP /m);
    const answer = sipMessages(datagrams).find(
      (message) => /^m=audio/m.test(message.text) && message.status === 200,
    );
    expect(answer?.text).toMatch(/^m=video 0 /m);
  });

  it('is called, answers, and the phone hangs up', async () => {
    await phone.dial(agent.uri);
    await agent.until('incoming');
    await agent.answer();
    await agent.until('active');
    const call = await agent.untilHears(100);
    expect(call.media?.audio?.received.lost).toBe(0);
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
  });

  it('is put on hold by the phone and taken up again', async () => {
    await agent.call(phone.uri);
    await agent.until('active');
    await agent.untilHears();
    await phone.hold();
    const held = await agent.until('held');
    expect(held.heldBy).toBe('peer');
    await phone.resume();
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    await agent.untilIdle();
  });

  it('rejects a call as busy', async () => {
    await phone.dial(agent.uri);
    await agent.until('incoming');
    await agent.reject();
    await waitUntil('the phone to hear 486', () =>
      phone.events
        .slice(seen)
        .some(({ type, param }) => type === 'CALL_CLOSED' && /486/.test(param)),
    );
    await agent.untilIdle();
  });

  it('hears a caller give up', async () => {
    await phone.dial(agent.uri);
    await agent.until('incoming');
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('given up by the far end');
  });

  it('gives up by CANCEL while the phone rings', async () => {
    const from = slow.events.length;
    await agent.call(slow.uri);
    await agent.until('ringing');
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('given up here');
    await slow.waitForEvent('CALL_CLOSED', 5000, from);
  });

  it('shows a call as a ladder', async () => {
    await agent.call(slow.uri);
    const { call } = await agent.until('ringing');
    await slow.accept();
    await agent.until('active');
    await agent.hangup();
    await agent.untilIdle();
    const control = ['--control', `127.0.0.1:${agent.agent.controlPort}`];
    const drawn = async () => (await dashvoip('trace', `${call}`, ...control)).stdout;
    await waitUntil('the BYE is answered', async () => (await drawn()).includes('200 OK (BYE)'));
    const rungs = (await drawn()).split('\n').flatMap((line) => /\|.*\|$/.exec(line) ?? []);
    const words = rungs.map((rung) =>
      rung.startsWith('|<')
        ? `<- ${/-+ (.+) --\|$/.exec(rung)?.[1]}`
        : `-> ${/^\|-- (\S+)/.exec(rung)?.[1]}`,
    );
    // Whether it tries, and how often it rings, is its own affair.
    const once = words.filter((word, place) => word !== words[place - 1]);
    expect(once.filter((word) => !word.includes('100 Trying'))).toEqual([
      '-> INVITE',
      '<- 180 Ringing (INVITE)',
      '<- 200 Answering (INVITE)',
      '-> ACK',
      '-> BYE',
      '<- 200 OK (BYE)',
    ]);
  });

  it('is told that the phone refused', async () => {
    await agent.call(slow.uri);
    await agent.until('ringing');
    await slow.hangup();
    expect(await agent.untilIdle()).toMatch(/^(busy|refused by the far end)/);
  });

  it('ends when nobody answers', async () => {
    await agent.call(slow.uri);
    await agent.until('ringing');
    // Baresip gives up ringing with 486.
    expect(await agent.untilIdle(10_000)).toBe('busy');
  });

  it('plays the phone through the camera’s speaker', async () => {
    await agent.stop();
    const counters = await camera.stop();
    expect(counters.speaker).toBeDefined();
    const { rate, samples } = readWav(camera.speaker);
    const firstCall = { rate, samples: samples.subarray(0, 4 * rate) };
    // The call is not made anew for a second try: a stall shall spoil no more than the pieces that it falls into.
    const played = matchPhrases(firstCall, phoneWords, true);
    expect(played.median).toBeGreaterThan(0.85);
    expect(played.pieces).toBeGreaterThan(6);
  });
});
