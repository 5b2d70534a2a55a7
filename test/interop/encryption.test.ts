// Shows RFC 4568.

import { afterEach, describe, expect, it } from 'vitest';
import { matchPhrases } from '../toolkit/measure/phrases';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav } from '../toolkit/measure/wav';
import { CAMERA_VOICE, PHONE_VOICE, Stage } from './support/stage';

const cameraWords = readWav(CAMERA_VOICE);
const stage = await Stage.open('encryption');
const camera = await stage.camera();
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  // Loopback has no one to listen in, and these phones speak UDP.
  media: { srtp: 'required', sdesWithoutTls: true },
});
const baresip = await stage.baresip('secret', { encryption: 'srtp-mand' });
const plain = await stage.baresip('plain', { record: false });
const linphonec = await stage.linphonec('phone', { encrypted: true });
await agent.untilCamera('streaming');

afterEach(() => agent.hangUpAll());

describe('encrypted calls', () => {
  it('to baresip, words are recognised at both ends', async () => {
    await agent.call(baresip.uri);
    await agent.until('active');
    const { agreed, media } = await agent.untilHears(110);
    expect(agreed).toMatchObject({ encryption: { keysBy: 'sdes', keysHidden: false } });
    // Its first packet leaves before its own encryption is set up.
    expect(media?.audio?.srtp?.forged).toBeLessThan(3);
    const { stdout } = await agent.agent.run('status');
    expect(stdout).toMatch(/encryption +\w+, keys by SDES, which anybody/);
    await agent.hangup();
    await agent.untilIdle();
    const recorded = matchSpeech(baresip.heard(), cameraWords, true);
    expect(recorded.correlation).toBeGreaterThan(0.85);
    const { rate, samples } = readWav(camera.speaker);
    const sound = { rate, samples: samples.subarray(-3 * rate) };
    expect(matchSpeech(sound, readWav(PHONE_VOICE), true).correlation).toBeGreaterThan(0.85);
    const [last] = (await agent.status()).recent;
    expect(last).toMatchObject({ encryption: media?.audio?.srtp?.suite });
  });

  it('from linphonec, whose words are heard, and ours at its end', async () => {
    linphonec.dial(agent.uri);
    await agent.until('active');
    const { media } = await agent.untilHears(110);
    // Its STUN on the same port is none.
    expect(media?.audio?.srtp?.forged).toBe(0);
    await agent.hangup();
    await agent.untilIdle();
    const recorded = matchPhrases(await linphonec.recorded(), cameraWords, true);
    expect(recorded.median).toBeGreaterThan(0.9);
  });

  it('are the only ones: a phone that does not encrypt is refused, and refuses', async () => {
    await plain.dial(agent.uri);
    await plain.waitForEvent('CALL_CLOSED');
    expect(plain.events.at(-1)?.param).toContain('488');
    await agent.call(plain.uri);
    expect(await agent.untilIdle()).toContain('488');
  });
});
