import { describe, expect, it } from 'vitest';
import { sleep, waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('peer-gone');

describe('baresip, killed in a call', () => {
  it('is noticed: the call ends and says why, and the caller who waits is answered', async () => {
    // Of this try alone: one that is killed serves no second one.
    const agent = await stage.agent({ autoAnswer: true, media: { rtpTimeout: 5 } });
    const lost = await stage.baresip('lost');
    const next = await stage.baresip('next');
    await lost.dial(agent.uri);
    await agent.until('active');
    await agent.untilHears();
    lost.process.killGroup();
    await next.dial(agent.uri);
    // That baresip took the order to dial says nothing of its INVITE yet.
    const [first, second] = await waitUntil('the second call to come in', async () => {
      const { calls } = await agent.status();
      return calls.length === 2 ? calls : undefined;
    });
    expect([first?.state, second?.state]).toEqual(['active', 'incoming']);
    await waitUntil(
      'the lost call to end',
      async () => (await agent.status()).calls.every(({ call }) => call !== first?.call),
      // Ten seconds after the question when its ports are closed, 32 s when nothing tells.
      45_000,
      200,
    );
    const { recent } = await agent.status();
    expect(recent[0]?.ended).toMatch(/^lost: the far end is gone \(408 OPTIONS is not answered/);
    const answered = await agent.until('active');
    expect(answered.call).toBe(second?.call);
    await agent.untilHears();
    await next.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
    await agent.stop();
  });

  it('is noticed on hold, where no media say so: its port for signalling is closed', async () => {
    const agent = await stage.agent({ autoAnswer: true });
    const lost = await stage.baresip('held');
    const next = await stage.baresip('waiting');
    await lost.dial(agent.uri);
    await agent.until('active');
    await agent.hold();
    // Who was heard within five seconds is not asked.
    await sleep(6000);
    lost.process.killGroup();
    await next.dial(agent.uri);
    await agent.until('active', 45_000);
    const { recent } = await agent.status();
    expect(recent[0]?.ended).toBe(
      'lost: the far end is gone (408 OPTIONS is not answered, and its ports are closed)',
    );
    await agent.untilHears();
    await agent.stop();
  });
});
