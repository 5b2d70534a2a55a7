import { describe, expect, it } from 'vitest';
import { matchSpeech } from '../../scripts/lib/measure/speech';
import { readWav } from '../../scripts/lib/measure/wav';
import { sleep } from '../../scripts/lib/run/wait';
import { CAMERA_VOICE, Stage } from './support/stage';

const stage = await Stage.open('calls-linphonec');
await stage.camera();
const agent = await stage.agent({ cameraSocket: stage.cameraSocket });
const phone = await stage.linphonec('phone');
await agent.untilCamera('streaming');

describe('with linphonec', () => {
  it('calls, is heard, holds and resumes, and hangs up', async () => {
    await agent.call(phone.uri);
    await agent.until('active');
    await agent.untilHears(200);
    await agent.hold();
    await agent.until('held');
    await sleep(500);
    await agent.resume();
    await agent.until('active');
    await agent.untilHears(50);
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
    const match = matchSpeech(phone.heard(), readWav(CAMERA_VOICE), true);
    expect(match.correlation).toBeGreaterThan(0.85);
    expect(match.seconds).toBeGreaterThan(3);
  });

  it('is called, paused and resumed by the phone, which hangs up', async () => {
    phone.dial(agent.uri);
    await agent.until('active');
    await agent.untilHears(50);
    await phone.hold(2);
    const held = await agent.until('held');
    expect(held.heldBy).toBe('peer');
    phone.resume(2);
    await agent.until('active');
    await agent.untilHears(50);
    phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
  });
});
