// Shows RFC 3515, 3891, 3892, 5589.

import { describe, expect, it } from 'vitest';
import type { ReferralOffer } from '../../src/sip';
import { activeCall, refusalOfPromise } from './calls';
import { type Bench, type FakeSession, phone, startedBench } from './fakes';

const OFFICE = 'sip:office@192.0.2.20';

const lastOf = ({ userAgent }: Bench): FakeSession => {
  const session = userAgent.sessions.at(-1);
  if (!session) throw new Error('there is no session');
  return session;
};

describe('handing the far end over', () => {
  it('is taken, told of, and ends the call when they talk', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    all.told.length = 0;
    const taken = all.agent.transfer(OFFICE);
    const { to, listener } = session.reference ?? {};
    expect(to).toBe(OFFICE);
    listener?.onTaken();
    await taken;
    listener?.onProgress({ status: 100, reason: 'Trying' });
    listener?.onProgress({ status: 180, reason: 'Ringing' });
    listener?.onEnd({ kind: 'done' });
    expect(all.told).toEqual([
      `transfer 1 ${OFFICE} calling`,
      `transfer 1 ${OFFICE} ringing 180 Ringing`,
      `transfer 1 ${OFFICE} done`,
      `call 1 ended transferred to ${OFFICE}`,
    ]);
    expect(session.did).toEqual(['refer', 'hangup']);
  });

  it('goes to the account’s own domain for a bare name', async () => {
    const all = await startedBench({ account: { uri: 'sip:car@example.org' } });
    const session = await activeCall(all);
    void all.agent.transfer('office');
    expect(session.reference?.to).toBe('sip:office@example.org');
  });

  it.each([
    [{ kind: 'failed', status: 486, reason: 'Busy Here' }, 'failed 486 Busy Here'],
    [{ kind: 'unknown', reason: 'nobody tells' }, 'unknown nobody tells'],
  ] as const)('leaves the call as it is when it comes to %j', async (end, words) => {
    const all = await startedBench();
    const session = await activeCall(all);
    void all.agent.transfer(OFFICE);
    session.reference?.listener.onTaken();
    session.reference?.listener.onEnd(end);
    expect(all.told.at(-1)).toBe(`transfer 1 ${OFFICE} ${words}`);
    expect(session.state).toBe('confirmed');
  });

  it('is refused in the words of the far end', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    const refused = refusalOfPromise(all.agent.transfer(OFFICE));
    session.reference?.listener.onEnd({ kind: 'failed', status: 603, reason: 'Decline' });
    expect(await refused).toBe('refused-by-peer');
    expect(all.agent.status().calls[0]?.state).toBe('active');
  });

  it('needs a call that is up, and a URI', async () => {
    const all = await startedBench();
    expect(await refusalOfPromise(all.agent.transfer(OFFICE))).toBe('wrong-state');
    await activeCall(all);
    expect(await refusalOfPromise(all.agent.transfer('sip:'))).toBe('bad-target');
    expect(await refusalOfPromise(all.agent.transferToCall(1))).toBe('wrong-state');
    expect(await refusalOfPromise(all.agent.transferToCall(7))).toBe('wrong-state');
  });

  it('connects two calls and leaves both', async () => {
    const all = await startedBench();
    const first = await activeCall(all);
    await all.agent.hold();
    const second = await activeCall(all);
    const taken = all.agent.transferToCall(2);
    expect(first.reference?.to).toBe(second);
    first.reference?.listener.onTaken();
    await taken;
    first.reference?.listener.onEnd({ kind: 'done' });
    expect([first.state, second.state]).toEqual(['ended', 'ended']);
    expect(all.agent.history({}).map(({ ended }) => ended)).toEqual([
      'transferred to sip:phone@192.0.2.9',
      'transferred to sip:phone@192.0.2.9',
    ]);
  });
});

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

/** The far end of call 1 wants us to call the office. */
const referred = async (transfersFrom: readonly string[] | undefined) => {
  const policy = { autoAnswer: false, ...(transfersFrom ? { transfersFrom } : {}) };
  const all = await startedBench({ policy });
  return refers({ ...all, session: await activeCall(all) });
};

const refers = <All extends { readonly session: FakeSession }>(
  all: All,
  parts: Partial<ReferralOffer> = {},
) => {
  const { session } = all;
  const did: string[] = [];
  const referral: ReferralOffer = {
    target: OFFICE,
    replaces: undefined,
    referredBy: '<sip:phone@192.0.2.9>',
    source: { address: '192.0.2.9', port: 5060 },
    accept: () => did.push('accept'),
    refuse: (status) => did.push(`refuse ${status}`),
    tell: ({ status }) => did.push(`tell ${status}`),
    ...parts,
  };
  session.events.emit('referred', referral);
  return { ...all, session, did, referral };
};

describe('being handed over', () => {
  it('is refused unless the policy lets the far end do it', async () => {
    for (const others of [undefined, ['sip:other@example.org'], ['192.0.2.10']]) {
      const { did, userAgent } = await referred(others);
      expect(did).toEqual(['refuse 603']);
      expect(userAgent.sessions).toHaveLength(1);
    }
  });

  it('is followed for the address of who has called us, and not for a name that nothing proves', async () => {
    expect(refers(await answered(['192.0.2.9'])).did).toEqual(['accept']);
    expect(refers(await answered(['sip:phone@192.0.2.9'])).did).toEqual(['refuse 603']);
  });

  it.each(['replaces', 'joins'] as const)('names the call there that it %s', async (field) => {
    const dialog = { callId: 'a@b', toTag: '1', fromTag: '2', isEarlyOnly: false };
    const { userAgent } = refers(await answered(['192.0.2.9']), { [field]: dialog });
    expect(userAgent.invited.at(-1)?.options).toEqual({
      [field]: dialog,
      referredBy: '<sip:phone@192.0.2.9>',
    });
  });

  it.each(['192.0.2.9', 'sip:phone@192.0.2.9'])('is followed for %s', async (who) => {
    const all = await referred([who]);
    const { did, userAgent, session, clock } = all;
    expect(did).toEqual(['accept']);
    expect(userAgent.invited.at(-1)).toMatchObject({
      target: OFFICE,
      options: { referredBy: '<sip:phone@192.0.2.9>' },
    });
    const next = lastOf(all);
    next.events.emit('progress', 180, 'Ringing');
    next.pickUp(phone());
    expect(did).toEqual(['accept', 'tell 180', 'tell 200']);
    // Two phones are not to hear us at once.
    expect(all.engine.sessions[0]?.flow).toBe('inactive inactive');
    expect(all.engine.sessions[1]?.flow).toBe('sendrecv sendonly');
    clock.advance(5000);
    expect(session.state).toBe('ended');
    expect(next.state).toBe('confirmed');
    expect(all.agent.history({})[0]?.ended).toBe(`transferred to ${OFFICE}`);
  });

  it('tells why it came to nothing, and the call goes on', async () => {
    const all = await referred(['192.0.2.9']);
    lastOf(all).end({ by: 'remote', status: 486, reason: 'Busy Here' });
    expect(all.did).toEqual(['accept', 'tell 486']);
    expect(all.session.state).toBe('confirmed');
  });

  it('is refused while all lines are taken, and for what is no address', async () => {
    const all = await referred(['192.0.2.9']);
    for (let lines = 2; lines <= 4; lines++) all.session.events.emit('referred', all.referral);
    expect(all.did).toEqual(['accept', 'accept', 'accept', 'refuse 486']);
    lastOf(all).end({ by: 'remote', status: 486, reason: 'Busy Here' });
    all.session.events.emit('referred', { ...all.referral, target: 'sip:' });
    expect(all.did.at(-1)).toBe('refuse 416');
  });
});
