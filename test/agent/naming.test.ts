// Shows RFC 3891, 3911.

import { describe, expect, it } from 'vitest';
import { activeCall } from './calls';
import type { Named } from './fake-sip';
import { type Bench, type FakeSession, phone, startedBench } from './fakes';

/** Somebody has called and is talked to. */
const answered = async (transfersFrom: readonly string[]) => {
  const all = await startedBench({
    listensOn: '0.0.0.0',
    policy: { autoAnswer: false, transfersFrom },
  });
  const session = all.userAgent.ringUp();
  await all.agent.answer();
  session.acknowledge();
  return { ...all, session };
};

type Field = keyof Named;

/** Somebody calls who names a call of ours. */
const comes = async (
  { userAgent }: Pick<Bench, 'userAgent'>,
  field: Field,
  named: FakeSession,
  theirs = phone(),
  from: Parameters<typeof userAgent.ringUp>[1] = {},
): Promise<FakeSession> => {
  const session = userAgent.ringUp(theirs, from, { [field]: named });
  // As long as the agent's own takes to load.
  await import('../../src/agent/naming');
  await settled();
  return session;
};
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const withCall = async (options = {}) => {
  const all = await startedBench(options);
  return { all, former: await activeCall(all) };
};

describe('a call that takes the place of another', () => {
  it('is answered by nobody’s hand, and the other ends when it is up', async () => {
    const { all, former } = await withCall();
    const session = await comes(all, 'replaced', former);
    expect(session.did).toEqual(['accept']);
    expect(former.state).toBe('confirmed');
    session.acknowledge();
    expect(former.state).toBe('ended');
    expect(all.agent.history({})[0]?.ended).toBe('taken over by call 2');
    expect(all.agent.status().calls).toMatchObject([{ call: 2, state: 'active' }]);
  });
});

describe('a call that joins another', () => {
  const hears = ({ engine }: Bench): (readonly number[])[] =>
    engine.sessions.map((session) => session.hears);

  it('is answered by nobody’s hand, and heard by the other when it is up', async () => {
    const { all, former } = await withCall();
    const session = await comes(all, 'joined', former);
    expect(session.did).toEqual(['accept']);
    expect(all.agent.status().conference).toEqual([]);
    session.acknowledge();
    await settled();
    expect(all.agent.status()).toMatchObject({
      calls: [
        { call: 1, state: 'active' },
        { call: 2, state: 'active' },
      ],
      conference: [1, 2],
    });
    expect(hears(all)).toEqual([[2], [1]]);
    session.hangup();
    expect(hears(all)[0]).toEqual([]);
    expect(former.state).toBe('confirmed');
  });

  it('comes into the conference that the other is in, and resumes what is held', async () => {
    const { all, former } = await withCall();
    await all.agent.hold(1);
    await activeCall(all);
    await all.agent.confer([1, 2]);
    await all.agent.hold(1);
    (await comes(all, 'joined', former)).acknowledge();
    await settled();
    expect(all.agent.status().conference).toEqual([1, 2, 3]);
    expect(all.agent.status().calls.map(({ state }) => state)).toEqual(
      Array.from({ length: 3 }, () => 'active'),
    );
  });

  it('ends when the other has left before it is up: nobody hears the cabin alone', async () => {
    const { all, former } = await withCall();
    const session = await comes(all, 'joined', former);
    former.end({ by: 'remote', status: 200, reason: '' });
    session.acknowledge();
    await settled();
    expect(session.state).toBe('ended');
    expect(all.agent.history({})[0]?.ended).toBe('call 1, which it was to join, is not up');
  });

  it('is refused while somebody is dialled, and for want of a line', async () => {
    const { all, former } = await withCall();
    await all.agent.hold(1);
    all.agent.call('sip:other@192.0.2.9');
    expect((await comes(all, 'joined', former)).did).toEqual(['reject 486']);
    all.userAgent.sessions[1]?.pickUp();
    for (const id of [2, 3]) {
      await all.agent.hold(id);
      await activeCall(all);
    }
    expect((await comes(all, 'joined', former)).did).toEqual(['reject 486']);
  });

  it('is refused from whom the policy does not let call, whoever has told him of the other', async () => {
    const refused: string[][] = [];
    for (const policy of [
      { denyFrom: ['192.0.2.9'] },
      { directCalls: 'refuse' as const },
      { directCalls: 'ring' as const },
    ]) {
      const { all, former } = await withCall({
        listensOn: '0.0.0.0',
        policy: { autoAnswer: false, ...policy },
      });
      refused.push((await comes(all, 'joined', former)).did);
    }
    expect(refused).toEqual([['reject 403'], ['reject 403'], ['accept']]);
  });

  it('finds no call that is not up', async () => {
    const all = await startedBench();
    const waiting = all.userAgent.ringUp();
    expect((await comes(all, 'joined', waiting)).did).toEqual(['reject 481']);
  });
});

describe.each(['replaced', 'joined'] as const)('a call with one that is %s', (field) => {
  it('is refused when that is a stranger’s', async () => {
    const all = await startedBench({ listensOn: '0.0.0.0' });
    const former = all.userAgent.ringUp();
    await all.agent.answer();
    former.acknowledge();
    expect((await comes(all, field, former)).did).toEqual(['reject 403']);
    expect(former.state).toBe('confirmed');
  });

  it('is let in where the other may hand us over', async () => {
    const known = await answered(['192.0.2.9']);
    expect((await comes(known, field, known.session)).did).toEqual(['accept']);
    const unproved = await answered(['sip:phone@192.0.2.9']);
    expect((await comes(unproved, field, unproved.session)).did).toEqual(['reject 403']);
  });

  it('is refused for another name, for media that we have not, and for a call that is gone', async () => {
    const { all: wrongName, former: named } = await withCall({
      account: { uri: 'sip:car@example.org' },
    });
    const session = await comes(wrongName, field, named, phone(), { calledUser: 'house' });
    expect(session.did).toEqual(['reject 404']);
    const { all, former } = await withCall();
    const foreign = phone().replace('RTP/AVP 8', 'RTP/AVP 77');
    expect((await comes(all, field, former, foreign)).did[0]).toMatch(/^reject 488/);
    former.end({ by: 'remote', status: 200, reason: '' });
    expect((await comes(all, field, former)).did).toEqual(['reject 481']);
  });

  it('is not let in any more by an agent that stops', async () => {
    const { all, former } = await withCall();
    const coming = comes(all, field, former);
    void all.agent.stop();
    expect((await coming).did).toEqual(['reject 480']);
  });
});
