import { describe, expect, it } from 'vitest';
import { MediaException } from '../../src/media';
import { activeCall } from './calls';
import { bench, phone, startedBench } from './fakes';

/** Lets everything come about that waits for no time. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('registration', () => {
  const account = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };

  it('is told and shown', async () => {
    const { agent, userAgent, told } = await startedBench({ account });
    expect(agent.status().problems).toEqual(['registration: trying']);
    userAgent.registrations[0]?.become('failed', '403 Forbidden');
    expect(agent.status().problems).toEqual(['registration: failed: 403 Forbidden']);
    userAgent.registrations[0]?.become('registered', '', 299.6);
    expect(agent.status().registration).toEqual({
      account: 'car@example.org',
      ...account,
      state: 'registered',
      detail: '',
      expiresInS: 300,
    });
    expect(told).toEqual(['registration failed 403 Forbidden', 'registration registered ']);
  });

  it('is left out without a registrar', async () => {
    const { agent, userAgent } = await startedBench({ account: { uri: account.uri } });
    expect(userAgent.registrations).toEqual([]);
    expect(agent.status().registration).toBeUndefined();
  });
});

describe('a changed network', () => {
  const account = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };

  it('has the account registered anew, and a silent far end asked; a call goes on', async () => {
    const all = await startedBench({ account });
    await activeCall(all);
    all.clock.advance(10_000);
    all.agent.networkChanged();
    await settle();
    expect(all.userAgent.registrations[0]?.refreshed).toBe(1);
    expect(all.userAgent.sessions[0]?.did).toEqual(['ask']);
    expect(all.agent.status().calls[0]?.state).toBe('active');
    expect(all.userAgent.closed).toBe(false);
  });

  it('that is another address for the far end moves the media there, and tells it', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    const before = all.engine.sessions.length;
    Object.assign(session, { agreesWith: phone() });
    session.reachedAt = '198.51.100.7';
    all.agent.networkChanged();
    await settle();
    const [former, moved] = all.engine.sessions.slice(before - 1);
    expect(former?.closed).toBe(true);
    expect(moved?.localAddress).toBe('198.51.100.7');
    expect(moved?.flow).toBe(former?.flow);
    expect(moved?.settings.at(-1)?.audio?.remote).toEqual(former?.settings.at(-1)?.audio?.remote);
    expect(session.did).toEqual(['renegotiate']);
    expect(session.lastOffer).toContain('c=IN IP4 198.51.100.7');
    expect(session.lastOffer).toContain(`m=audio ${moved?.ports.audioRtpPort} `);
    // Once there, it stays.
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions).toHaveLength(before + 1);
    all.agent.hangup();
    expect(moved?.closed).toBe(true);
  });

  it('leaves a moved call five seconds before it counts as silent', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    Object.assign(all.engine.sessions[0] ?? {}, { report: { silentMs: 20 } });
    all.clock.advance(60_000);
    session.reachedAt = '198.51.100.7';
    all.agent.networkChanged();
    await settle();
    all.clock.advance(4000);
    expect(all.told.filter((line) => line.startsWith('silence'))).toEqual([]);
    all.clock.advance(2000);
    expect(all.told.filter((line) => line.startsWith('silence'))).toEqual(['silence 1 true']);
  });

  it('moves a held call as held, and one that rings once it is up', async () => {
    const all = await startedBench();
    const held = await activeCall(all);
    await all.agent.hold();
    const ringing = all.userAgent.ringUp();
    held.reachedAt = '198.51.100.7';
    ringing.reachedAt = '198.51.100.7';
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions.map(({ localAddress }) => localAddress)).toEqual([
      '192.0.2.1',
      '198.51.100.7',
    ]);
    expect(held.lastOffer).toContain('a=inactive');
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'us' });
    await all.agent.answer();
    ringing.acknowledge();
    await settle();
    expect(all.engine.sessions.at(-1)?.localAddress).toBe('198.51.100.7');
    expect(ringing.did.at(-1)).toBe('renegotiate');
  });

  it('costs no call: a far end that refuses, no route, no port', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    session.reachedAt = undefined;
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions).toHaveLength(1);
    session.reachedAt = '198.51.100.7';
    all.engine.refusal = new MediaException('bind-failed', 'cannot bind');
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions[0]?.closed).toBe(false);
    all.engine.refusal = undefined;
    Object.assign(session, { agreesWith: undefined });
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions[1]?.flow).toBe('sendrecv sendonly');
    expect(all.agent.status().calls[0]?.state).toBe('active');
  });

  it('has the SIP port tried at once where its address was not there yet', async () => {
    let tries = 0;
    const { agent, clock, told } = bench({}, async (userAgent) => {
      tries += 1;
      return tries < 2 ? { unavailable: 'no address yet' } : userAgent;
    });
    await agent.start();
    agent.networkChanged();
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual(['ready 0']);
    clock.advance(60_000);
    agent.networkChanged();
    expect(tries).toBe(2);
  });
});
