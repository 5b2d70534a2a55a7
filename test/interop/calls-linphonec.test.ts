// Shows RFC 3261.

import { afterEach, describe, expect, it } from 'vitest';
import { matchPhrases } from '../toolkit/measure/phrases';
import { readWav } from '../toolkit/measure/wav';
import { sleep } from '../toolkit/process/wait';
import { CAMERA_VOICE, Stage } from './support/stage';
import { wordsOnWire } from './support/wire';

const cameraWords = readWav(CAMERA_VOICE);
const stage = await Stage.open('calls-linphonec');
await stage.camera();
const agent = await stage.agent({ cameraSocket: stage.cameraSocket });
const phone = await stage.linphonec('phone');
await agent.untilCamera('streaming');

// A case that failed leaves no call behind for the next one, nor for its own second try.
afterEach(() => agent.hangUpAll());

describe('with linphonec', () => {
  it('calls, is heard, holds and resumes, and hangs up', async () => {
    const datagrams = await stage.captured('outgoing', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await agent.untilHears(200);
      await agent.hold();
      await agent.until('held');
      await sleep(500);
      await agent.resume();
      await agent.until('active');
      await agent.untilHears(150);
      await agent.hangup();
      expect(await agent.untilIdle()).toBe('hung up here');
    });
    const heard = wordsOnWire(datagrams, cameraWords);
    expect(heard).toHaveLength(2);
    for (const correlation of heard) expect(correlation).toBeGreaterThan(0.85);
    // Its own jitter buffer slips while the machine is busy, which spoils the pieces that it falls into and no others.
    const recorded = matchPhrases(await phone.recorded(), cameraWords, true);
    expect(recorded.pieces).toBeGreaterThan(10);
    expect(recorded.median).toBeGreaterThan(0.9);
    expect(recorded.share).toBeGreaterThan(0.6);
  });

  it('is called, paused and resumed by the phone, which hangs up', async () => {
    phone.dial(agent.uri);
    await agent.until('active');
    await agent.untilHears(50);
    await phone.hold();
    const held = await agent.until('held');
    expect(held.heldBy).toBe('peer');
    phone.resume();
    await agent.until('active');
    await agent.untilHears(50);
    phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
  });
});
