// Shows RFC 3551.

import { describe, expect, it } from 'vitest';
import { matchPhrases } from '../toolkit/measure/phrases';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav } from '../toolkit/measure/wav';
import { sleep } from '../toolkit/process/wait';
import { CAMERA_VOICE, PHONE_VOICE, Stage } from './support/stage';

const stage = await Stage.open('wideband');
const camera = await stage.camera();
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  media: { codecs: ['G722', 'PCMA'] },
});
const phone = await stage.baresip('phone', { audioCodecs: 'G722' });
const narrow = await stage.baresip('narrow', { audioCodecs: 'PCMA' });
await agent.untilCamera('streaming');

describe('wideband with baresip', () => {
  it('talks G.722 both ways', async () => {
    await agent.call(phone.uri);
    const call = await agent.until('active');
    expect(call.media?.audio?.codec).toBe('G722');
    await sleep(4000);
    const heard = (await agent.untilHears(150)).media?.audio;
    expect(heard?.received.lost).toBe(0);
    await agent.hangup();
    await agent.untilIdle();
    const recorded = matchSpeech(phone.heard(), readWav(CAMERA_VOICE), true);
    expect(recorded.correlation).toBeGreaterThan(0.85);
    expect(recorded.seconds).toBeGreaterThan(3);
  });

  it('talks G.711 with a phone that has nothing else', async () => {
    await agent.call(narrow.uri);
    const call = await agent.until('active');
    expect(call.media?.audio?.codec).toBe('PCMA');
    await sleep(4000);
    await agent.hangup();
    await agent.untilIdle();
    const recorded = matchSpeech(narrow.heard(), readWav(CAMERA_VOICE), true);
    expect(recorded.correlation).toBeGreaterThan(0.85);
  });

  it('plays the phone through the camera’s speaker', async () => {
    await agent.stop();
    await camera.stop();
    const { rate, samples } = readWav(camera.speaker);
    const firstCall = { rate, samples: samples.subarray(0, 4 * rate) };
    // The call is not made anew for a second try: a stall shall spoil no more than the pieces that it falls into.
    const played = matchPhrases(firstCall, readWav(PHONE_VOICE), true);
    expect(played.median).toBeGreaterThan(0.85);
    expect(played.pieces).toBeGreaterThan(6);
  });
});
