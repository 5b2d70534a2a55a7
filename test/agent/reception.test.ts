import { describe, expect, it } from 'vitest';
import {
  type Bench,
  type BenchOptions,
  type Comer,
  type FakeSession,
  phone,
  startedBench,
} from './fakes';

const REGISTRAR = { address: '192.0.2.10', port: 5060 };
const ACCOUNT = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };
const STRANGER = { source: { address: '203.0.113.5', port: 5060 }, name: 'sip:home@example.org' };
const HERE = { source: { address: '127.0.0.1', port: 40_000 } };

const comes = (
  { userAgent }: Bench,
  { calledUser = 'car', ...from }: Partial<Comer>,
): FakeSession => userAgent.ringUp(phone(), { calledUser, ...from });

/** An agent whose registrar has granted its binding. */
async function registered(options: BenchOptions = {}): Promise<Bench> {
  const all = await startedBench({ account: ACCOUNT, ...options });
  const [registration] = all.userAgent.registrations;
  if (registration) registration.boundTo = [REGISTRAR];
  registration?.become('registered', '200 OK', 300);
  return all;
}

const answering = { policy: { autoAnswer: true } };
const answeringOnly = (...autoAnswerFrom: string[]) => ({
  policy: { autoAnswer: true, autoAnswerFrom },
});

describe('who is called', () => {
  it.each([
    ['car', ['ring']],
    ['Car', ['reject 404']],
    ['1000', ['reject 404']],
  ])('with an account, "%s": %j', async (calledUser, did) => {
    const all = await startedBench({ account: { uri: 'sip:car@example.org' } });
    expect(comes(all, { calledUser }).did).toEqual(did);
    expect(all.agent.status().sip.refusedCalls.unknownUser).toBe(did[0] === 'ring' ? 0 : 1);
  });

  it('without a user part is nobody of ours', async () => {
    const { userAgent } = await startedBench({ account: { uri: 'sip:car@example.org' } });
    expect(userAgent.ringUp().did).toEqual(['reject 404']);
  });

  it('without an account is whoever is at this address', async () => {
    expect(comes(await startedBench(), { calledUser: 'anybody' }).did).toEqual(['ring']);
  });
});

describe('auto-answer without a list', () => {
  it('answers what comes by the socket that the binding was granted by', async () => {
    const all = await registered(answering);
    expect(comes(all, { source: REGISTRAR }).did).toEqual(['accept']);
  });

  it('answers what comes by either of two flows', async () => {
    const all = await registered(answering);
    const other = { address: '192.0.2.77', port: 5070 };
    const [registration] = all.userAgent.registrations;
    if (registration) registration.boundTo = [REGISTRAR, other];
    expect(comes(all, { source: other }).did).toEqual(['accept']);
    expect(comes(all, { source: { ...other, port: 5060 } }).did).toEqual(['reject 403']);
  });

  it('answers what comes over a connection from the registrar’s machine, whatever its port', async () => {
    const all = await registered(answering);
    const source = { ...REGISTRAR, port: 40_123 };
    expect(comes(all, { source, isConnected: true }).did).toEqual(['accept']);
    expect(comes(all, { ...STRANGER, isConnected: true }).did).toEqual(['reject 403']);
  });

  it.each([
    ['another port of the registrar’s machine', { ...REGISTRAR, port: 5061 }],
    ['another machine', STRANGER.source],
    ['this machine', HERE.source],
  ])('does not answer %s, nor rings', async (_words, source) => {
    const all = await registered(answering);
    expect(comes(all, { source }).did).toEqual(['reject 403']);
    expect(all.agent.status().sip.refusedCalls.stranger).toBe(1);
    expect(all.agent.status().recent).toEqual([]);
  });

  it('takes addresses that the account names for the registrar’s', async () => {
    const all = await registered({
      ...answering,
      account: { ...ACCOUNT, callsFrom: ['198.51.100.0/24', '2001:db8::7'] },
    });
    const from = (address: string): string[] => comes(all, { source: { address, port: 9 } }).did;
    expect(from('198.51.101.3')).toEqual(['reject 403']);
    expect(from('2001:db8::8')).toEqual(['reject 403']);
    expect(from('198.51.100.3')).toEqual(['accept']);
  });

  it('says 480 while the binding is not there, for it may be one of the registrar’s calls', async () => {
    const all = await startedBench({ account: ACCOUNT, ...answering });
    expect(comes(all, { source: REGISTRAR }).did).toEqual(['reject 480']);
  });

  it('answers this machine where no registrar is configured, and lets others ring', async () => {
    for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) {
      const all = await startedBench(answering);
      expect(comes(all, { source: { address, port: 1 } }).did).toEqual(['accept']);
    }
    for (const address of ['128.0.0.1', '::2', '::ffff:192.0.2.1']) {
      const all = await startedBench(answering);
      expect(comes(all, { source: { address, port: 1 } }).did).toEqual(['ring']);
    }
  });
});

describe('auto-answer with a list', () => {
  it.each([
    ['sip:home@example.org', 'sip:home@example.org', true],
    ['sip:home@example.org', 'sip:home@EXAMPLE.org:5070', true],
    ['sip:home@example.org', 'sip:Home@example.org', false],
    ['sip:home@example.org', 'sip:home@example.org.evil', false],
    ['sip:*@example.org', 'sip:any@example.org', true],
    ['sip:*@example.org', 'sip:any@notexample.org', false],
    ['sip:*@*.example.org', 'sip:a@x.example.org', true],
    ['sip:1*0*@example.org', 'sip:1203@example.org', true],
    ['sip:1*0*@example.org', 'sip:1234@example.org', false],
    ['sip:ab*ba@x', 'sip:aba@x', false],
  ])('%s and a call by the registrar from %s: %s', async (entry, name, answers) => {
    const all = await registered(answeringOnly(entry));
    expect(comes(all, { source: REGISTRAR, name }).did).toEqual([answers ? 'accept' : 'ring']);
  });

  it('believes no name on a direct call', async () => {
    const all = await startedBench(answeringOnly('sip:home@example.org'));
    expect(comes(all, STRANGER).did).toEqual(['ring']);
  });

  it.each([
    ['203.0.113.5', 'accept'],
    ['203.0.113.0/29', 'accept'],
    ['203.0.113.8/29', 'ring'],
    ['203.0.113.50', 'ring'],
  ])('with %s, 203.0.113.5 gets: %s', async (entry, did) => {
    const all = await startedBench(answeringOnly(entry));
    expect(comes(all, STRANGER).did).toEqual([did]);
  });

  it('lets in a listed address although a registrar is configured, and nobody else', async () => {
    const all = await registered(answeringOnly('203.0.113.5'));
    expect(comes(all, { source: { address: '203.0.113.6', port: 1 } }).did).toEqual(['reject 403']);
    expect(comes(all, STRANGER).did).toEqual(['accept']);
  });

  it('answers nobody else, not even by the registrar', async () => {
    const all = await registered(answeringOnly('203.0.113.5'));
    expect(comes(all, { source: REGISTRAR }).did).toEqual(['ring']);
  });

  it('of any length answers nobody while autoAnswer is off', async () => {
    const all = await startedBench({
      policy: { autoAnswer: false, autoAnswerFrom: ['203.0.113.5'] },
    });
    expect(comes(all, STRANGER).did).toEqual(['ring']);
  });
});

describe('direct calls', () => {
  it('ring beside a registrar when they are allowed to', async () => {
    const all = await registered({ policy: { autoAnswer: true, directCalls: 'ring' } });
    expect(comes(all, STRANGER).did).toEqual(['ring']);
  });

  it('are refused without a registrar when that is wanted', async () => {
    const all = await startedBench({ policy: { autoAnswer: false, directCalls: 'refuse' } });
    expect(comes(all, STRANGER).did).toEqual(['reject 480']);
    expect(comes(all, HERE).did).toEqual(['ring']);
  });
});

describe('an auto-answer that nobody can come by', () => {
  const PROBLEM = /^policy: autoAnswer is on, and yet no caller from outside is answered/;

  it.each([
    ['0.0.0.0', undefined, true],
    ['192.0.2.1', ['sip:home@example.org'], true],
    ['192.0.2.1', ['192.0.2.9'], false],
    ['127.0.0.1', undefined, false],
  ])('listening on %s with the list %j is a problem: %s', async (listensOn, list, isProblem) => {
    const policy = { autoAnswer: true, ...(list ? { autoAnswerFrom: list } : {}) };
    const { agent } = await startedBench({ listensOn, policy });
    expect(agent.status().problems.some((line) => PROBLEM.test(line))).toBe(isProblem);
  });

  it('is none with a registrar, or with autoAnswer off', async () => {
    const { agent } = await registered({ ...answering, listensOn: '0.0.0.0' });
    expect(agent.status().problems).toEqual([]);
    const other = await startedBench({ listensOn: '0.0.0.0' });
    expect(other.agent.status().problems).toEqual([]);
  });
});

describe('calls that wait', () => {
  const from = (last: number): Partial<Comer> => ({
    source: { address: `203.0.113.${last}`, port: 5060 },
  });

  it('do not keep others out', async () => {
    const all = await startedBench(answering);
    expect(comes(all, STRANGER).did).toEqual(['ring']);
    expect(comes(all, HERE).did).toEqual(['accept']);
  });

  it('do not keep us from calling', async () => {
    const all = await startedBench();
    comes(all, STRANGER);
    expect(all.agent.call('sip:b@192.0.2.8').call).toBe(2);
  });

  it('are two for one source and four in all', async () => {
    const all = await startedBench();
    const did = [1, 1, 1, 2, 2, 3].map((last) => comes(all, from(last)).did[0]);
    expect(did).toEqual(['ring', 'ring', 'reject 486', 'ring', 'ring', 'reject 486']);
    expect(all.agent.status().sip.refusedCalls.busy).toBe(2);
  });

  it('of strangers make room for those we know', async () => {
    const all = await startedBench();
    const waiting = [1, 2, 3, 4].map((last) => comes(all, from(last)));
    expect(comes(all, HERE).did).toEqual(['ring']);
    expect(waiting.map(({ did }) => did)).toEqual([
      ['ring', 'reject 486'],
      ['ring'],
      ['ring'],
      ['ring'],
    ]);
  });

  it('of strangers make room for other strangers when they have rung for half a minute', async () => {
    const all = await startedBench();
    const waiting = [1, 2, 3].map((last) => comes(all, from(last)));
    all.clock.advance(5000);
    waiting.push(comes(all, from(4)));
    all.clock.advance(24_999);
    expect(comes(all, from(5)).did).toEqual(['reject 486']);
    all.clock.advance(1);
    expect([5, 6, 7, 8].map((last) => comes(all, from(last)).did)).toEqual([
      ['ring'],
      ['ring'],
      ['ring'],
      ['reject 486'],
    ]);
    expect(waiting.map(({ did }) => did.at(-1))).toEqual([
      'reject 486',
      'reject 486',
      'reject 486',
      'ring',
    ]);
  });

  it('of one source make room for its own next call only', async () => {
    const all = await startedBench();
    const other = comes(all, from(2));
    const [first, second] = [comes(all, from(1)), comes(all, from(1))];
    all.clock.advance(30_000);
    expect(comes(all, from(1)).did).toEqual(['ring']);
    expect([other, first, second].map(({ did }) => did.at(-1))).toEqual([
      'ring',
      'reject 486',
      'ring',
    ]);
  });

  it('of those we know make no room for strangers, and late for others we know', async () => {
    const all = await startedBench();
    const waiting = ['a', 'b', 'c', 'd'].map((name) =>
      comes(all, { ...HERE, name: `sip:${name}@example.org` }),
    );
    all.clock.advance(60_000);
    expect(comes(all, from(5)).did).toEqual(['reject 486']);
    expect(comes(all, { ...HERE, name: 'sip:e@example.org' }).did).toEqual(['ring']);
    expect(waiting[0]?.did.at(-1)).toBe('reject 486');
  });

  it('of those we know do not', async () => {
    const all = await registered();
    for (const name of ['a', 'b', 'c', 'd']) {
      comes(all, { source: REGISTRAR, name: `sip:${name}@example.org` });
    }
    const fifth = comes(all, { source: REGISTRAR, name: 'sip:e@example.org' });
    expect(fifth.did).toEqual(['reject 486']);
  });

  it('are shared by name where the registrar speaks for it', async () => {
    const all = await registered();
    const did = ['a', 'a', 'a', 'b'].map(
      (name) => comes(all, { source: REGISTRAR, name: `sip:${name}@example.org` }).did[0],
    );
    expect(did).toEqual(['ring', 'ring', 'reject 486', 'ring']);
  });

  it('are answered and refused known callers first, then in the order they came', async () => {
    const all = await startedBench();
    const stranger = comes(all, STRANGER);
    const known = comes(all, HERE);
    await all.agent.answer();
    expect([stranger.did, known.did]).toEqual([['ring'], ['ring', 'accept']]);
    all.agent.reject();
    expect(stranger.did).toEqual(['ring', 'reject 486']);
  });

  it('are hung up after the one that talks and before the one that is held', async () => {
    const all = await startedBench(answering);
    const waiting = comes(all, STRANGER);
    const talking = comes(all, HERE);
    talking.acknowledge();
    all.agent.hangup();
    expect([talking.did, waiting.did]).toEqual([['accept', 'hangup'], ['ring']]);
  });

  it('are answered as soon as the line is free, if they are to be answered at all', async () => {
    const all = await startedBench(answering);
    const first = comes(all, HERE);
    first.acknowledge();
    const stranger = comes(all, STRANGER);
    const second = comes(all, HERE);
    expect(second.did).toEqual(['ring']);
    first.end({ by: 'network', status: 408, reason: 'the peer is gone' });
    expect([stranger.did, second.did]).toEqual([['ring'], ['ring', 'accept']]);
  });

  it('have a far end that is silent asked whether it is still there, if they may call at all', async () => {
    const all = await startedBench(answering);
    const dead = comes(all, HERE);
    dead.acknowledge();
    all.clock.advance(10_000);
    comes(all, { source: STRANGER.source });
    expect(dead.did).toContain('ask');
    const guarded = await registered(answering);
    const silent = comes(guarded, { source: REGISTRAR });
    silent.acknowledge();
    guarded.clock.advance(10_000);
    comes(guarded, STRANGER);
    expect(silent.did).not.toContain('ask');
  });

  it('keep nobody out who needs no hand: the eldest gives way', async () => {
    const all = await startedBench(answering);
    const first = comes(all, HERE);
    first.acknowledge();
    const waiting = ['a', 'b', 'c', 'd'].map((name) =>
      comes(all, { ...HERE, name: `sip:${name}@example.org` }),
    );
    expect(waiting.map(({ did }) => did[0])).toEqual(['ring', 'ring', 'ring', 'ring']);
    first.end({ by: 'remote', status: 200, reason: 'hung up' });
    const last = comes(all, { ...HERE, name: 'sip:e@example.org' });
    expect(last.did).toEqual(['accept']);
    expect(waiting[0]?.did.at(-1)).toMatch(/hangup|reject/);
    const again = ['e', 'e'].map((name) =>
      comes(all, { ...HERE, name: `sip:${name}@example.org` }),
    );
    expect(again.map(({ did }) => did)).toEqual([['accept'], ['accept']]);
    expect(last.did.at(-1)).toBe('hangup');
  });

  it('are not answered when the agent stops', async () => {
    const all = await startedBench(answering);
    comes(all, HERE).acknowledge();
    const waiting = comes(all, HERE);
    await all.agent.stop();
    expect(waiting.did).toEqual(['ring', 'hangup']);
  });
});

describe('an answer that nobody acknowledges', () => {
  it('keeps nobody out, and gives way to the first call that is', async () => {
    const all = await startedBench(answering);
    const silent = comes(all, HERE);
    const other = comes(all, HERE);
    expect([silent.did, other.did]).toEqual([['accept'], ['accept']]);
    other.acknowledge();
    expect(silent.did).toEqual(['accept', 'hangup']);
    expect(all.agent.status().calls.map(({ state }) => state)).toEqual(['active']);
  });

  it('gives way to a call of ours', async () => {
    const all = await startedBench(answering);
    const silent = comes(all, HERE);
    all.agent.call('sip:b@192.0.2.8');
    expect(silent.did).toEqual(['accept', 'hangup']);
  });

  it('counts among those that wait: the eldest of its source gives way', async () => {
    const all = await startedBench(answering);
    const calls = [1, 2, 3].map(() => comes(all, HERE));
    expect(calls.map(({ did }) => did)).toEqual([['accept', 'hangup'], ['accept'], ['accept']]);
  });
});
