import { describe, expect, it } from 'vitest';
import { MediaException } from '../../src/media';
import { activeCall, refusalOf } from './calls';
import { phone, startedBench } from './fakes';

describe('being called', () => {
  it('rings, is answered, and talks from the ACK on', async () => {
    const { agent, userAgent, engine, told } = await startedBench();
    const session = userAgent.ringUp();
    expect(session.did).toEqual(['ring']);
    expect(engine.sessions).toEqual([]);
    await agent.answer();
    expect(engine.sessions[0]?.flow).toBe('recvonly inactive');
    session.acknowledge();
    expect(engine.sessions[0]?.flow).toBe('sendrecv sendonly');
    expect(told).toEqual(['call 1 incoming', 'call 1 active']);
    expect(agent.status().calls[0]).toMatchObject({
      remote: 'sip:phone@192.0.2.9',
      displayName: 'Phone',
    });
  });

  it('answers by itself when told to, and only when no other call is up', async () => {
    const { userAgent, told } = await startedBench({
      policy: { autoAnswer: true, autoAnswerFrom: ['192.0.2.9'] },
    });
    const session = userAgent.ringUp();
    expect(session.did).toEqual(['accept']);
    session.acknowledge();
    expect(told).toEqual(['call 1 incoming', 'call 1 active']);
    expect(userAgent.ringUp().did).toEqual(['ring']);
  });

  it('refuses an offer it cannot serve and is free again', async () => {
    const { agent, userAgent, told } = await startedBench({
      policy: { autoAnswer: true, autoAnswerFrom: ['192.0.2.9'] },
    });
    userAgent.ringUp('v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nm=audio 4 RTP/AVP 18\r\n');
    expect(told).toEqual([]);
    expect(agent.status().calls).toEqual([]);
  });

  it('cannot be answered when no media can be opened', async () => {
    const { agent, userAgent, engine } = await startedBench();
    engine.refusal = new MediaException('no-ports', 'all ports are taken');
    userAgent.ringUp();
    await expect(agent.answer()).rejects.toThrow('call 1 cannot be answered: all ports are taken');
    expect(agent.status().calls).toEqual([]);
  });

  it('rejects with busy', async () => {
    const { agent, userAgent } = await startedBench();
    const session = userAgent.ringUp();
    agent.reject();
    expect(session.did).toEqual(['ring', 'reject 486']);
    expect(agent.status().recent[0]?.ended).toBe('refused here (486)');
  });

  it('notes a call that was given up', async () => {
    const { agent, userAgent } = await startedBench();
    userAgent.ringUp().end({ by: 'remote', status: 487, reason: 'Request Terminated' });
    expect(agent.status().recent[0]?.ended).toBe('given up by the far end');
  });

  it('is busy while a call is being dialled, and with four calls', async () => {
    const { agent, userAgent } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    expect(userAgent.ringUp().did).toEqual(['reject 486']);
    userAgent.sessions[0]?.pickUp();
    for (let lines = 1; lines < 4; lines++) {
      const next = userAgent.ringUp();
      expect(next.did).toEqual(['ring']);
      await agent.answer();
      next.acknowledge();
    }
    expect(userAgent.ringUp().did).toEqual(['reject 486']);
    expect(agent.status().sip.refusedCalls.busy).toBe(2);
  });

  it('refuses while it is starting or stopping', async () => {
    const { agent, userAgent } = await startedBench();
    await agent.stop();
    expect(userAgent.ringUp().did).toEqual(['reject 480']);
  });
});

describe('two calls', () => {
  it('holds the one that talks to answer the one that waits, and back', async () => {
    const all = await startedBench();
    await activeCall(all);
    const second = all.userAgent.ringUp();
    await all.agent.answer();
    second.acknowledge();
    expect(all.agent.status().calls.map(({ state }) => state)).toEqual(['held', 'active']);
    const [first] = all.userAgent.sessions;
    if (first) first.agreesWith = phone();
    await all.agent.resume(1);
    expect(all.agent.status().calls.map(({ state }) => state)).toEqual(['active', 'held']);
    expect(all.engine.sessions.map(({ flow }) => flow)).toEqual([
      'sendrecv sendonly',
      'inactive inactive',
    ]);
    all.agent.hangup();
    expect(all.agent.status().calls.map(({ call }) => call)).toEqual([2]);
  });

  it('makes another call only when those before are held, and four at most', async () => {
    const all = await startedBench();
    await activeCall(all);
    expect(refusalOf(() => all.agent.call('sip:b@192.0.2.8'))).toBe('busy');
    await all.agent.hold();
    expect(all.agent.call('sip:b@192.0.2.8').call).toBe(2);
    expect(refusalOf(() => all.agent.call('sip:c@192.0.2.7'))).toBe('busy');
    all.userAgent.sessions.at(-1)?.pickUp();
    for (const call of [2, 3]) {
      await all.agent.hold(call);
      expect(await activeCall(all)).toBeDefined();
    }
    await all.agent.hold(4);
    expect(refusalOf(() => all.agent.call('sip:e@192.0.2.7'))).toBe('busy');
  });
});
