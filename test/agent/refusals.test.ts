import { describe, expect, it } from 'vitest';
import { AgentException } from '../../src/agent';
import { MediaException } from '../../src/media';
import { activeCall } from './calls';
import { type FakeMediaSession, type FakeSession, phone, startedBench } from './fakes';

/** Why something was refused: `refusal: words`. */
async function refusal(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof AgentException) return `${error.refusal}: ${error.message}`;
    throw error;
  }
  return 'done';
}

/** An agent in a call, with what plays its far end and its media. */
async function talking() {
  const all = await startedBench();
  const session: FakeSession = await activeCall(all);
  const media = all.engine.sessions[0] as FakeMediaSession;
  return { ...all, session, media };
}

const WITH_EVENTS = phone()
  .replace('RTP/AVP 8', 'RTP/AVP 8 101')
  .replace('a=sendrecv', 'a=rtpmap:101 telephone-event/8000');

describe('what a call cannot do is refused in words', () => {
  it('that name its state and who holds it', async () => {
    const { agent, session } = await talking();
    const wrong = (what: string) => `wrong-state: call 1 is ${what}`;
    expect(await refusal(() => agent.answer(1))).toBe(wrong('active and cannot be answered'));
    expect(await refusal(() => agent.reject(1))).toBe(wrong('active and cannot be rejected'));
    expect(await refusal(() => agent.resume(1))).toBe(wrong('active and cannot be resumed'));
    session.reinvite(phone('sendonly'));
    expect(await refusal(() => agent.resume(1))).toBe(wrong('held by peer and cannot be resumed'));
    session.agreesWith = phone('inactive');
    expect(await refusal(() => agent.hold(1))).toBe('done');
    expect(await refusal(() => agent.hold(1))).toBe(wrong('held by both and cannot be held'));
    expect(await refusal(() => agent.answer(1))).toBe(wrong('held by both and cannot be answered'));
    expect(await refusal(() => agent.hold(7))).toBe('wrong-state: there is no call 7');
  });

  it('before it is up', async () => {
    const { agent } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    const wrong = (what: string) => `wrong-state: call 1 is dialing and cannot ${what}`;
    expect(await refusal(() => agent.hold(1))).toBe(wrong('be held'));
    expect(await refusal(() => agent.resume(1))).toBe(wrong('be resumed'));
    expect(await refusal(() => agent.sendKeys('1', 1))).toBe(wrong('be sent keys'));
    expect(await refusal(() => agent.answer(1))).toBe(wrong('be answered'));
    expect(await refusal(() => agent.hold())).toBe('wrong-state: no call is up and not held');
    expect(await refusal(() => agent.resume())).toBe('wrong-state: no call is held by us');
    expect(await refusal(() => agent.sendKeys('1'))).toBe('wrong-state: no call is up');
    expect(await refusal(() => agent.answer())).toBe(
      'wrong-state: no call is waiting to be answered',
    );
  });

  it('once it is answered and not yet acknowledged', async () => {
    const { agent, userAgent } = await startedBench();
    userAgent.ringUp();
    expect(await refusal(() => agent.answer(1))).toBe('done');
    const wrong = (what: string) => `wrong-state: call 1 is incoming and cannot ${what}`;
    expect(await refusal(() => agent.answer(1))).toBe(wrong('be answered'));
    expect(await refusal(() => agent.reject(1))).toBe(wrong('be rejected'));
  });

  it('while another change is under way', async () => {
    const { agent, media } = await talking();
    const held = agent.hold();
    expect(await refusal(() => agent.resume(1))).toBe(
      'wrong-state: call 1: another change is under way; try again when it is done',
    );
    await held;
    expect(media.flow).toBe('inactive inactive');
  });

  it.each(['hold', 'resume'] as const)('when it ends in the middle of a %s', async (change) => {
    const { agent, session } = await talking();
    if (change === 'resume') await agent.hold();
    const changed = refusal(() => agent[change]());
    session.end({ by: 'remote', status: 200, reason: '' });
    expect(await changed).toBe(
      `wrong-state: call 1 is ended and cannot be ${change === 'hold' ? 'held' : 'resumed'}`,
    );
  });

  it('when the far end refuses', async () => {
    const { agent, session, media } = await talking();
    session.agreesWith = undefined;
    expect(await refusal(() => agent.hold())).toBe(
      'refused-by-peer: call 1: the far end refused to be held',
    );
    session.agreesWith = phone('recvonly');
    await agent.hold();
    session.agreesWith = undefined;
    expect(await refusal(() => agent.resume())).toBe(
      'refused-by-peer: call 1: the far end refused to be resumed',
    );
    expect(media.flow).toBe('inactive inactive');
  });
});

describe('a media plane that refuses', () => {
  const refuse = (media: FakeMediaSession, error: Error): void => {
    media.configure = () => {
      throw error;
    };
  };

  it('keys has them refused as busy, or sent by INFO where events are not possible', async () => {
    const { agent, media, session } = await talking();
    session.reinvite(WITH_EVENTS);
    media.sendDtmf = () => {
      throw new MediaException('bad-settings', 'too many changes within one slot of 20 ms');
    };
    expect(await refusal(() => agent.sendKeys('1'))).toBe(
      'busy: call 1: too many changes within one slot of 20 ms',
    );
    expect(session.did).toEqual([]);
    media.sendDtmf = () => {
      throw new TypeError('a bug');
    };
    await expect(agent.sendKeys('1')).rejects.toThrow(TypeError);
    media.sendDtmf = () => {
      throw new MediaException('no-telephone-event', 'none now');
    };
    expect(await agent.sendKeys('1')).toBe('info');
    session.takesKeys = false;
    expect(await refusal(() => agent.sendKeys('1'))).toBe(
      'refused-by-peer: call 1: the far end takes no keys: its description has no telephone-event, and it refuses INFO',
    );
  });

  it('what a re-INVITE wants has it refused, and the call goes on as it was', async () => {
    const { media, session, agent } = await talking();
    const working = media.configure.bind(media);
    refuse(media, new MediaException('bad-settings', 'another family'));
    expect(session.reinvite(phone('sendonly'))).toEqual({ status: 488 });
    expect(agent.status().calls[0]).toMatchObject({ state: 'active' });
    refuse(media, new TypeError('a bug'));
    expect(() => session.reinvite(phone('sendonly'))).toThrow(TypeError);
    media.configure = working;
    expect(session.reinvite(phone())).toHaveProperty('answer');
    expect(media.flow).toBe('sendrecv sendonly');
  });

  it('what an answer says ends the call', async () => {
    const { agent, engine, userAgent } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    refuse(engine.sessions[0] as FakeMediaSession, new MediaException('bad-settings', 'no'));
    expect(userAgent.sessions[0]?.pickUp()).toBe(false);
  });

  it('to open has a call refused that is answered, in its words', async () => {
    const { agent, engine, userAgent } = await startedBench();
    const session = userAgent.ringUp();
    engine.refusal = new MediaException('no-ports', 'no port is free');
    expect(await refusal(() => agent.answer())).toBe(
      'no-resource: call 1 cannot be answered: no port is free',
    );
    expect(session.state).toBe('ended');
    expect(agent.status().recent[0]).toMatchObject({ ended: 'failed (no port is free)' });
  });

  it('nothing, but an offer that cannot be served any more, has a call refused as well', async () => {
    const { agent, userAgent } = await startedBench();
    const session = userAgent.ringUp();
    session.theirs = phone().replace('RTP/AVP 8', 'RTP/AVP 18');
    expect(await refusal(() => agent.answer())).toBe(
      'no-resource: call 1 cannot be answered: its offer cannot be served',
    );
  });

  it('to open costs nobody more than the call that would be answered by itself', async () => {
    const all = await startedBench({ policy: { autoAnswer: true } });
    all.engine.refusal = new MediaException('no-ports', 'no port is free');
    const from = { source: { address: '127.0.0.1', port: 5070 } };
    const session = all.userAgent.ringUp(phone(), from);
    expect([session.did, session.state]).toEqual([['accept'], 'ended']);
    all.engine.refusal = undefined;
    expect(all.userAgent.ringUp(phone(), from).state).toBe('accepted');
  });
});

describe('an agent that stops', () => {
  it('takes no call in any more', async () => {
    const { agent, userAgent } = await startedBench();
    const stopped = agent.stop();
    const session = userAgent.ringUp();
    expect([session.did, agent.status().calls]).toEqual([['reject 480'], []]);
    await stopped;
    expect(await refusal(() => agent.call('sip:phone@192.0.2.9'))).toBe(
      'not-ready: not ready: the agent is stopping',
    );
  });
});
