import { describe, expect, it } from 'vitest';
import type { AgentAccount } from '../../src/agent';
import {
  type Bench,
  type BenchOptions,
  type Comer,
  phone,
  startedBench,
  watchingLoaded,
} from './fakes';

const CAR: AgentAccount = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };
const FLEET: AgentAccount = {
  name: 'fleet',
  uri: 'sip:van17@fleet.example.net',
  registrar: 'sip:fleet.example.net',
};
const SERVERS = [
  { address: '192.0.2.10', port: 5060 },
  { address: '198.51.100.20', port: 5060 },
];

/** Registered as all of these, each at a server of its own. */
async function registered(
  accounts: readonly AgentAccount[],
  options: BenchOptions = {},
): Promise<Bench> {
  const all = await startedBench({ accounts, ...options });
  for (const [place, registration] of all.userAgent.registrations.entries()) {
    registration.boundTo = SERVERS.slice(place, place + 1);
    registration.become('registered', '200 OK', 300);
  }
  all.told.length = 0;
  return all;
}

const comes = ({ userAgent }: Bench, from: Partial<Comer>) => userAgent.ringUp(phone(), from);

describe('several accounts', () => {
  it('are registered side by side, and tell of themselves by their names', async () => {
    const { agent, userAgent } = await startedBench({ accounts: [CAR, FLEET] });
    const told: string[] = [];
    agent.events.on('registration', ({ account, state }) => told.push(`${account} ${state}`));
    userAgent.registrations[1]?.become('registered', '200 OK', 300);
    userAgent.registrations[0]?.become('failed', '403 Forbidden');
    expect(told).toEqual(['fleet registered', 'car@example.org failed']);
    expect(agent.status()).toMatchObject({
      accounts: [
        { account: 'car@example.org', isDefault: true, registration: { state: 'failed' } },
        { account: 'fleet', isDefault: false, registration: { state: 'registered' } },
      ],
      registration: { account: 'car@example.org' },
      problems: ['registration of car@example.org: failed: 403 Forbidden'],
    });
  });

  it('are refreshed one by one, or all of them', async () => {
    const { agent, userAgent } = await registered([CAR, FLEET]);
    agent.register('fleet');
    agent.register();
    expect(userAgent.registrations.map(({ refreshed }) => refreshed)).toEqual([1, 2]);
    expect(() => agent.register('nobody')).toThrow(
      'account: found "nobody", expected one of car@example.org, fleet',
    );
  });
});

describe('a call that goes out', () => {
  it('goes by the first account unless another is chosen, by name or address', async () => {
    const { agent, userAgent } = await registered([CAR, FLEET]);
    expect(agent.call('home')).toMatchObject({ account: 'car@example.org' });
    agent.hangup();
    expect(agent.call('100', { account: 'fleet' })).toMatchObject({ account: 'fleet' });
    agent.hangup();
    agent.call('100', { account: FLEET.uri });
    expect(userAgent.invited).toEqual([
      { target: 'sip:home@example.org', account: CAR },
      { target: 'sip:100@fleet.example.net', account: FLEET },
      { target: 'sip:100@fleet.example.net', account: FLEET },
    ]);
  });

  it('goes by another one where the default is down, and says so', async () => {
    const { agent, userAgent } = await registered([CAR, FLEET]);
    userAgent.registrations[0]?.become('failed', 'no answer');
    expect(agent.call('home')).toMatchObject({
      account: 'fleet',
      insteadOf: 'car@example.org (failed: no answer)',
    });
    agent.hangup();
    // Chosen is chosen.
    const chosen = agent.call('home', { account: 'car@example.org' });
    expect(chosen.account).toBe('car@example.org');
    expect(chosen.insteadOf).toBeUndefined();
  });

  it('goes by the default where none is registered', async () => {
    const { agent } = await startedBench({ accounts: [CAR, FLEET] });
    const call = agent.call('home');
    expect(call.account).toBe('car@example.org');
    expect(call.insteadOf).toBeUndefined();
  });

  it('is refused for an account that there is not', async () => {
    const { agent, userAgent } = await registered([CAR]);
    expect(() => agent.call('home', { account: 'fleet' })).toThrow(
      'expected one of car@example.org',
    );
    expect(userAgent.invited).toEqual([]);
    const bare = await startedBench();
    expect(() => bare.agent.call('home', { account: 'fleet' })).toThrow(
      'expected none: none is configured',
    );
  });

  it('leaves its account in the history', async () => {
    const { agent } = await registered([CAR, FLEET]);
    agent.call('home', { account: 'fleet' });
    agent.hangup();
    agent.call('home');
    agent.hangup();
    expect(agent.history({}).map(({ account }) => account)).toEqual(['car@example.org', 'fleet']);
    expect(agent.history({ search: 'FLEET' })).toHaveLength(1);
  });
});

describe('a call that comes', () => {
  const SAME = [
    { ...CAR, uri: 'sip:100@a.example', name: 'a' },
    { ...FLEET, uri: 'sip:100@b.example', name: 'b' },
  ];

  it.each([
    ['the server that it came by', { source: SERVERS[1] }, 'b'],
    ['the server, whatever To says', { source: SERVERS[1], calledDomain: 'a.example' }, 'b'],
    ['the domain of To', { calledDomain: 'B.example' }, 'b'],
    ['the first where nothing tells them apart', {}, 'a'],
  ])('is for the account that has the name, by %s', async (_words, from, account) => {
    const all = await registered(SAME, { policy: { autoAnswer: false, directCalls: 'ring' } });
    comes(all, { calledUser: '100', ...from } as Partial<Comer>);
    expect(all.agent.status().calls).toMatchObject([{ account }]);
  });

  it('of another server than the account’s is a direct one', async () => {
    const all = await registered([CAR, FLEET]);
    expect(comes(all, { calledUser: 'van17', source: SERVERS[0] ?? fail() }).did).toEqual([
      'reject 403',
    ]);
    expect(comes(all, { calledUser: 'van17', source: SERVERS[1] ?? fail() }).did).toEqual(['ring']);
    expect(comes(all, { calledUser: 'nobody', source: SERVERS[1] ?? fail() }).did).toEqual([
      'reject 404',
    ]);
  });

  it('of another port of the server is a direct one, unless it has come by a connection', async () => {
    const source = { ...(SERVERS[1] ?? fail()), port: 40_000 };
    for (const [isConnected, did] of [
      [false, 'reject 403'],
      [true, 'ring'],
    ] as const) {
      const all = await registered([CAR, FLEET]);
      expect(comes(all, { calledUser: 'van17', source, isConnected }).did).toEqual([did]);
    }
  });

  it('is judged by the policy of its account before that of all', async () => {
    const all = await registered(
      [
        CAR,
        { ...FLEET, policy: { autoAnswer: true, autoAnswerFrom: ['sip:dispatch@*'] } },
        { ...CAR, uri: 'sip:quiet@example.org', policy: { doNotDisturb: true } },
      ],
      { policy: { autoAnswer: false, denyFrom: ['sip:spam@*'] } },
    );
    const from = (calledUser: string, place: number, name: string): string[] =>
      comes(all, { calledUser, source: SERVERS[place] ?? fail(), name }).did;
    expect(from('quiet', 0, 'sip:home@example.org')).toEqual(['reject 480']);
    all.userAgent.registrations[2]?.become('registered', '200 OK', 300);
    const [, , quiet] = all.userAgent.registrations;
    if (quiet) quiet.boundTo = SERVERS.slice(0, 1);
    expect(from('quiet', 0, 'sip:home@example.org')).toEqual(['reject 486']);
    expect(from('car', 0, 'sip:spam@example.org')).toEqual(['reject 603']);
    expect(from('car', 0, 'sip:dispatch@fleet.example.net')).toEqual(['ring']);
    expect(from('van17', 1, 'sip:dispatch@fleet.example.net')).toEqual(['accept']);
    expect(all.agent.status().accounts).toMatchObject([
      { autoAnswer: false, doNotDisturb: false },
      { autoAnswer: true, doNotDisturb: false },
      { autoAnswer: false, doNotDisturb: true },
    ]);
  });

  it('is refused on all accounts while do not disturb is switched on', async () => {
    const all = await registered([CAR, { ...FLEET, policy: { doNotDisturb: false } }]);
    all.agent.setSwitch('doNotDisturb', true);
    const call = { calledUser: 'van17', source: SERVERS[1] ?? fail() };
    expect(comes(all, call).did).toEqual(['reject 486']);
    all.agent.setSwitch('doNotDisturb', false);
    expect(comes(all, call).did).toEqual(['ring']);
  });
});

describe('other accounts', () => {
  it('leave those that stay and their calls alone', async () => {
    const { agent, userAgent } = await registered([CAR, FLEET]);
    agent.call('100', { account: 'fleet' });
    const VAN = { uri: 'sip:van@example.com', registrar: 'sip:example.com' };
    agent.reconfigure({ accounts: [FLEET, VAN] });
    expect(userAgent.registrations.map(({ left }) => left)).toEqual([true, false, false]);
    expect(agent.status()).toMatchObject({
      accounts: [
        { account: 'fleet', isDefault: true, registration: { state: 'registered' } },
        { account: 'van@example.com', isDefault: false, registration: { state: 'trying' } },
      ],
      calls: [{ account: 'fleet', state: 'dialing' }],
    });
  });

  it('do not end the calls of one that goes', async () => {
    const { agent, userAgent } = await registered([CAR, FLEET]);
    agent.call('100', { account: 'fleet' });
    agent.reconfigure({ accounts: [CAR] });
    expect(userAgent.registrations.map(({ left }) => left)).toEqual([false, true]);
    expect(agent.status().calls).toMatchObject([{ account: 'fleet', state: 'dialing' }]);
  });

  it('with another policy only are not registered anew', async () => {
    const all = await registered([CAR, FLEET]);
    const { agent, userAgent } = all;
    agent.reconfigure({ accounts: [CAR, { ...FLEET, policy: { autoAnswer: true } }] });
    expect(userAgent.registrations).toHaveLength(2);
    const call = { calledUser: 'van17', source: SERVERS[1] ?? fail() };
    expect(comes(all, call).did).toEqual(['accept']);
    agent.hangup();
    agent.reconfigure({ accounts: [CAR, FLEET] });
    expect(comes(all, call).did).toEqual(['ring']);
  });
});

describe('mailboxes', () => {
  it('are watched for each account that wants it, and tell whose they are', async () => {
    const { agent, userAgent } = await registered([
      { ...CAR, messageWaiting: true },
      { ...FLEET, messageWaiting: true },
    ]);
    await watchingLoaded();
    const told: unknown[] = [];
    agent.events.on('mailbox', (status) => told.push(status));
    expect(userAgent.subscriptions.map(({ target }) => target)).toEqual([CAR.uri, FLEET.uri]);
    userAgent.subscriptions[1]?.listener.onNotice(
      'application/simple-message-summary',
      'Messages-Waiting: yes\r\nVoice-Message: 2/8\r\n',
    );
    const mailbox = { account: 'fleet', waiting: true, newMessages: 2, oldMessages: 8 };
    expect(told).toEqual([mailbox]);
    expect(agent.status().mailbox).toEqual(mailbox);
    expect(agent.status().accounts[1]?.mailbox).toEqual(mailbox);
  });
});

describe('texts', () => {
  it('go out by the account that is chosen, and say by which they went and came', async () => {
    const { agent, userAgent } = await registered([CAR, FLEET]);
    await agent.sendMessage('100', 'there?', 'fleet');
    await agent.sendMessage('home', 'here');
    expect(userAgent.messages.map(({ target }) => target)).toEqual([
      'sip:100@fleet.example.net',
      'sip:home@example.org',
    ]);
    expect(agent.messages({}).map(({ account }) => account)).toEqual(['car@example.org', 'fleet']);
  });
});

function fail(): never {
  throw new Error('there is no such server');
}
