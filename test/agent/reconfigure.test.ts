import { describe, expect, it } from 'vitest';
import { phone, startedBench } from './fakes';

const ACCOUNT = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };
const OTHER = { uri: 'sip:van@example.net', registrar: 'sip:example.net' };

const NOT_MUTED = { microphoneMuted: false, pictureMuted: false };

describe('a switch', () => {
  it('for do not disturb refuses calls as busy, counts them, and tells', async () => {
    const { agent, userAgent } = await startedBench();
    const told: unknown[] = [];
    agent.events.on('switches', (switches) => told.push(switches));
    agent.setSwitch('doNotDisturb', true);
    expect(userAgent.ringUp(phone()).did).toEqual(['reject 486']);
    expect(agent.status()).toMatchObject({
      switches: { doNotDisturb: true, autoAnswer: false },
      sip: { refusedCalls: { notDisturbed: 1, busy: 0 } },
    });
    agent.setSwitch('doNotDisturb', false);
    expect(userAgent.ringUp(phone()).did).toEqual(['ring']);
    expect(told).toEqual([
      { ...NOT_MUTED, doNotDisturb: true, autoAnswer: false },
      { ...NOT_MUTED, doNotDisturb: false, autoAnswer: false },
    ]);
  });

  it('for auto-answer answers who waits and is trusted', async () => {
    const { agent, userAgent } = await startedBench();
    const local = userAgent.ringUp(phone(), { source: { address: '127.0.0.1', port: 40_000 } });
    expect(local.did).toEqual(['ring']);
    agent.setSwitch('autoAnswer', true);
    expect(local.did).toEqual(['ring', 'accept']);
  });
});

describe('another configuration', () => {
  it('of the account leaves the registrar, registers anew, and hears no more of the old one', async () => {
    const { agent, userAgent } = await startedBench({ account: ACCOUNT });
    const states: string[] = [];
    agent.events.on('registration', ({ uri, state }) => states.push(`${uri} ${state}`));
    agent.reconfigure({ accounts: [OTHER] });
    const [old, fresh] = userAgent.registrations;
    expect([old?.left, fresh?.left]).toEqual([true, false]);
    // Its servers are verified as all are, from now on.
    expect(userAgent.forgotten).toEqual([ACCOUNT]);
    old?.become('unregistered', '');
    fresh?.become('registered', '200 OK', 300);
    expect(states).toEqual(['sip:van@example.net registered']);
    expect(agent.status().registration).toMatchObject({ registrar: 'sip:example.net' });
    expect(userAgent.ringUp(phone(), { calledUser: 'car' }).did).toEqual(['reject 404']);
  });

  it('without an account leaves the registrar, and calls as nobody in particular', async () => {
    const { agent, userAgent } = await startedBench({ account: ACCOUNT });
    agent.reconfigure({ accounts: [] });
    expect(userAgent.registrations.map(({ left }) => left)).toEqual([true]);
    expect(agent.status().registration).toBeUndefined();
    expect(() => agent.register()).toThrow('no registrar is configured');
  });

  it('of the policy judges the next call, and leaves one that is up alone', async () => {
    const { agent, userAgent } = await startedBench();
    agent.call('sip:home@192.0.2.9');
    agent.reconfigure({ policy: { autoAnswer: false, directCalls: 'refuse' } });
    expect(agent.status().calls).toHaveLength(1);
    expect(userAgent.ringUp(phone()).did).toEqual(['reject 480']);
  });
});

describe('register', () => {
  it('asks the registrar now', async () => {
    const { agent, userAgent } = await startedBench({ account: ACCOUNT });
    agent.register();
    expect(userAgent.registrations[0]?.refreshed).toBe(1);
  });
});
