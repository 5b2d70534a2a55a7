// Shows RFC 3323, 3325, 5373, 5806.

import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/agent';
import { activeCall } from './calls';
import { type Bench, type Comer, type FakeSession, phone, startedBench } from './fakes';

const REGISTRAR = { address: '192.0.2.10', port: 5060 };
const ACCOUNT = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };

/** An agent that is registered, with that policy. */
async function withPolicy(policy: Partial<Policy>): Promise<Bench> {
  const all = await startedBench({ account: ACCOUNT, policy: { autoAnswer: false, ...policy } });
  const [registration] = all.userAgent.registrations;
  if (registration) registration.boundTo = [REGISTRAR];
  registration?.become('registered', '200 OK', 300);
  all.told.length = 0;
  return all;
}

const comes = ({ userAgent }: Bench, from: Partial<Comer> = {}): FakeSession =>
  userAgent.ringUp(phone(), { calledUser: 'car', source: REGISTRAR, ...from });

describe('calls are sent on', () => {
  it('always, without a ring, to a bare number at the account’s domain', async () => {
    const all = await withPolicy({ forward: { always: '200' } });
    expect(comes(all).did).toEqual(['redirect sip:200@example.org unconditional']);
    expect(all.agent.status().sip.refusedCalls.forwarded).toBe(1);
    expect(all.agent.status().recent).toEqual([]);
  });

  it('when busy, and with do-not-disturb', async () => {
    const forward = { busy: 'sip:home@example.org' };
    const busy = await withPolicy({ forward });
    busy.agent.call('sip:phone@192.0.2.9');
    expect(comes(busy).did).toEqual(['redirect sip:home@example.org user-busy']);
    const disturbed = await withPolicy({ forward, doNotDisturb: true });
    expect(comes(disturbed).did).toEqual(['redirect sip:home@example.org user-busy']);
    expect(comes(await withPolicy({ forward })).did).toEqual(['ring']);
  });

  it('when nobody answers, after 25 s or as long as the policy has it ring', async () => {
    for (const ringSeconds of [undefined, 10]) {
      const forward = { noAnswer: 'sip:home@example.org' };
      const all = await withPolicy({ forward, ...(ringSeconds ? { ringSeconds } : {}) });
      const session = comes(all);
      all.clock.advance(((ringSeconds ?? 25) - 1) * 1000);
      expect(session.did).toEqual(['ring']);
      all.clock.advance(1000);
      expect(session.did).toEqual(['ring', 'redirect sip:home@example.org no-answer']);
      expect(all.agent.history({})[0]?.ended).toBe('not answered, sent on to sip:home@example.org');
    }
  });

  it('but not one that was answered, or has gone round often enough', async () => {
    const all = await withPolicy({ forward: { noAnswer: 'sip:home@example.org' } });
    const answered = comes(all);
    await all.agent.answer();
    answered.acknowledge();
    all.clock.advance(60_000);
    expect(answered.state).toBe('confirmed');
    answered.hangup();
    const circling = comes(all);
    circling.goesInCircles = true;
    all.clock.advance(25_000);
    expect(circling.did).toEqual(['ring', 'reject 480']);
  });

  it('and is refused as busy when it would be sent on at once for ever', async () => {
    const all = await withPolicy({ forward: { always: '200' } });
    expect(comes(all, { goesInCircles: true }).did).toEqual(['reject 486']);
  });

  it('for nobody who may not call', async () => {
    const all = await withPolicy({ forward: { always: '200' } });
    const source = { address: '203.0.113.5', port: 5060 };
    expect(comes(all, { source }).did).toEqual(['reject 403']);
  });
});

describe('how long', () => {
  it('a call rings is for the policy to say', async () => {
    const all = await withPolicy({ ringSeconds: 5 });
    const session = comes(all);
    all.clock.advance(5000);
    expect(session.did).toEqual(['ring', 'reject 480']);
  });

  it('a call may last, too', async () => {
    const all = await startedBench({ policy: { autoAnswer: false, maxCallMinutes: 2 } });
    const session = await activeCall(all);
    all.clock.advance(119_000);
    expect(session.state).toBe('confirmed');
    all.clock.advance(1000);
    expect(session.state).toBe('ended');
    expect(all.agent.history({})[0]?.ended).toBe('ended here after 2 min (policy.maxCallMinutes)');
  });
});

describe('who may call', () => {
  const home = { name: 'sip:home@example.org' };

  it('is nobody of the list of those who may not, by name or address', async () => {
    for (const denyFrom of [['sip:home@*'], ['192.0.2.0/24']]) {
      const all = await withPolicy({ denyFrom });
      expect(comes(all, home).did).toEqual(['reject 603']);
      expect(all.agent.status().sip.refusedCalls.denied).toBe(1);
    }
    expect(comes(await withPolicy({ denyFrom: ['sip:other@*'] }), home).did).toEqual(['ring']);
  });

  it('is not who says that he is one of them, though nothing proves it', async () => {
    const all = await withPolicy({ denyFrom: ['sip:home@*'], directCalls: 'ring' });
    const direct = { address: '203.0.113.5', port: 5060 };
    expect(comes(all, { ...home, source: direct }).did).toEqual(['reject 603']);
    expect(comes(all, { name: 'sip:other@example.org', source: direct }).did).toEqual(['ring']);
  });

  it('is of the list of those who may, where there is one, and proved', async () => {
    const all = await withPolicy({ allowFrom: ['sip:home@*', '203.0.113.7'], directCalls: 'ring' });
    expect(comes(all, home).did).toEqual(['ring']);
    expect(comes(all, { name: 'sip:other@example.org' }).did).toEqual(['reject 603']);
    const forged = { ...home, source: { address: '203.0.113.5', port: 5060 } };
    expect(comes(all, forged).did).toEqual(['reject 603']);
    const known = { ...forged, source: { address: '203.0.113.7', port: 5060 } };
    expect(comes(await withPolicy({ allowFrom: ['203.0.113.7'] }), known).did).toEqual(['ring']);
  });

  it('is whom the registrar asserts, and nobody else’s word counts', async () => {
    const asserted = comes(await withPolicy({}), home).remote;
    const anonymous = { name: 'sip:anonymous@anonymous.invalid', assertedIdentity: asserted };
    const policy = { denyFrom: ['sip:home@*'], directCalls: 'ring' } as const;
    expect(comes(await withPolicy(policy), anonymous).did).toEqual(['reject 603']);
    const direct = { ...anonymous, source: { address: '203.0.113.5', port: 5060 } };
    expect(comes(await withPolicy(policy), direct).did).toEqual(['ring']);
  });
});

describe('who has sent a call on to us', () => {
  const diverted = { by: 'sip:office@example.org', reason: 'user-busy' };

  it('is told and remembered by the word of the registrar', async () => {
    const all = await withPolicy({});
    comes(all, { diverted });
    expect(all.agent.status().calls[0]?.diverted).toEqual(diverted);
    all.agent.reject();
    expect(all.agent.history({})[0]?.diverted).toEqual(diverted);
  });

  it('is not for anybody else to say', async () => {
    const all = await withPolicy({ directCalls: 'ring' });
    comes(all, { diverted, source: { address: '203.0.113.5', port: 5060 } });
    expect(all.agent.status().calls).toHaveLength(1);
    expect(all.agent.status().calls[0]?.diverted).toBeUndefined();
  });
});

describe('whom we call', () => {
  it('is told who calls unless the policy or the command says otherwise', async () => {
    const hides = async (hideIdentity: boolean, isAnonymous?: boolean, target = '100') => {
      const all = await withPolicy({ hideIdentity });
      all.agent.call(target, isAnonymous === undefined ? {} : { isAnonymous });
      return all.userAgent.invited[0]?.options?.isAnonymous ?? false;
    };
    expect(await hides(false)).toBe(false);
    expect(await hides(true)).toBe(true);
    expect(await hides(false, true)).toBe(true);
    expect(await hides(true, false)).toBe(false);
    // Who is asked for help has to know by whom.
    expect(await hides(true, true, '112')).toBe(false);
  });
});

describe('who asks to be answered', () => {
  const asking = { name: 'sip:home@example.org', asksToBeAnswered: true };

  it('is, if the policy has him', async () => {
    const all = await withPolicy({ answerOnRequest: ['sip:home@example.org'] });
    expect(comes(all, { ...asking, asksToBeAnswered: false }).did).toEqual(['ring']);
    expect(comes(all, asking).did).toEqual(['accept']);
  });

  it('rings otherwise, and where his name is not proved', async () => {
    expect(comes(await withPolicy({}), asking).did).toEqual(['ring']);
    const policy = { answerOnRequest: ['sip:home@example.org'], directCalls: 'ring' } as const;
    const forged = { ...asking, source: { address: '203.0.113.5', port: 5060 } };
    expect(comes(await withPolicy(policy), forged).did).toEqual(['ring']);
  });
});
