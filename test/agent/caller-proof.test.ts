// Shows RFC 3261.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/agent/policy';
import { withCaller } from '../../src/platform';
import type { Claim, HeaderList, IncomingMessage } from '../../src/sip';
import { authorize, readChallenge } from '../../src/sip/auth';
import { type AuthValue, parseUri } from '../../src/sip/message';
import { readAuthValues } from '../../src/sip/message/readers';
import { ValueReader } from '../../src/sip/message/value-reader';
import { activeCall } from './calls';
import { type Bench, type BenchOptions, type Comer, FakeSession, startedBench } from './fakes';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-callers-'));
const callersFile = join(folder, 'callers');
afterAll(() => rmSync(folder, { recursive: true }));

const ACCOUNT = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };
const CAR = parseUri('sip:car@192.0.2.1');
const PASSWORD = 'correct horse';
const MOTHER = 'sip:mother@example.org';
const REGISTRAR = { address: '192.0.2.5', port: 5060 };

beforeEach(() => {
  const text = withCaller('', 'mother', ['example.org', 'dashvoip'], PASSWORD);
  writeFileSync(callersFile, withCaller(text, 'friend', ['example.org'], PASSWORD));
});

/** An agent that has those who call directly prove who they are; it has read who they are. */
const asking = async (policy: Partial<Policy> = {}, options: BenchOptions = {}): Promise<Bench> => {
  const all = await startedBench({
    listensOn: '0.0.0.0',
    account: ACCOUNT,
    ...options,
    policy: { autoAnswer: true, directCalls: 'prove', callersFile, ...policy },
  });
  const [registration] = all.userAgent.registrations;
  if (registration) registration.boundTo = [REGISTRAR];
  await expect.poll(() => call(all).did, { interval: 5 }).toEqual(['reject 401']);
  return all;
};

const call = ({ userAgent }: Bench, from: Partial<Comer> = {}): FakeSession =>
  userAgent.ringUp(undefined, { calledUser: 'car', ...from });

const challengeIn = (fields: HeaderList): AuthValue => {
  const text = String(fields.find(([name]) => name === 'WWW-Authenticate')?.[1]);
  const values: AuthValue[] = [];
  readAuthValues(new ValueReader(text, 0, text.length), values);
  return values[0] ?? expect.fail(`no challenge in ${text}`);
};

/** What answers a challenge. */
const claimFor = (
  fields: HeaderList,
  { user = 'mother', password = PASSWORD, method = 'INVITE' } = {},
): Claim => {
  const challenge = readChallenge(challengeIn(fields)) ?? expect.fail('no challenge');
  const use = { uri: String(CAR), cnonce: 'c0ffee', nonceCount: 1, body: new Uint8Array() };
  const value = authorize(challenge, { username: user, password }, { method, ...use });
  return { method, uri: CAR, authorization: [value] };
};

/** Calls, is asked, and answers. */
const callAs = (
  all: Bench,
  who: { readonly user?: string; readonly password?: string } = {},
  from: Partial<Comer> = {},
): FakeSession => call(all, { ...from, claim: claimFor(call(all, from).refusedWith, who) });

const refused = ({ agent }: Bench): number => agent.status().sip.refusedCalls.unproved;

describe('who calls directly and has to prove who he is', () => {
  it('is asked, and answered at once when he has', async () => {
    const all = await asking();
    const asked = call(all);
    expect(asked.did).toEqual(['reject 401']);
    expect(asked.refusedWith.map(([name]) => name)).toEqual(Array(2).fill('WWW-Authenticate'));
    expect(String(challengeIn(asked.refusedWith))).toContain('realm="example.org"');
    const session = callAs(all, {}, { name: 'sip:boss@example.org' });
    expect(session.did).toEqual(['accept']);
    // By the name that he proved, whatever he says.
    expect(all.agent.status().calls).toMatchObject([{ remote: MOTHER }]);
    expect(all.agent.status().sip.refusedCalls).toMatchObject({ stranger: 0, unproved: 0 });
  });

  it.each([
    ['with his name in it', [MOTHER], ['accept']],
    ['with that of another one, which he says is his', ['sip:boss@example.org'], ['ring']],
  ])('is answered at once by a list %s', async (_words, autoAnswerFrom, did) => {
    const all = await asking({ autoAnswerFrom });
    expect(callAs(all, {}, { name: 'sip:boss@example.org' }).did).toEqual(did);
  });

  it('is let in by a list of those who may call, and kept out by one of those who may not', async () => {
    const all = await asking({ allowFrom: [MOTHER] });
    expect(callAs(all).did).toEqual(['accept']);
    expect(callAs(all, { user: 'friend' }).did).toEqual(['reject 603']);
    expect(callAs(await asking({ denyFrom: [MOTHER] })).did).toEqual(['reject 603']);
  });

  it('is asked before he learns which names there are, who is busy, and that nobody is to disturb', async () => {
    const all = await asking({ doNotDisturb: true });
    expect(call(all, { calledUser: 'nobody' }).did).toEqual(['reject 401']);
    expect(callAs(all, {}, { calledUser: 'nobody' }).did).toEqual(['reject 404']);
    expect(callAs(all).did).toEqual(['reject 486']);
  });

  it('is asked again when the password is wrong, counted, and for a while not heard any more', async () => {
    const all = await asking();
    for (let time = 1; time <= 3; time++) {
      const session = callAs(all, { password: 'wrong' });
      expect(session.did).toEqual(['reject 401']);
      expect(challengeIn(session.refusedWith).params.has('stale')).toBe(false);
      expect(refused(all)).toBe(time);
    }
    const silenced = callAs(all);
    expect(silenced.did).toEqual(['reject 480']);
    expect(silenced.refusedWith).toEqual([['Retry-After', 1]]);
    expect(callAs(all, {}, { source: { address: '192.0.2.10', port: 9 } }).did).toEqual(['accept']);
    all.clock.advance(1000);
    expect(refused(all)).toBe(4);
    expect(callAs(all).did[0]).not.toMatch(/reject/);
  });

  it('is refused when what he answers is not what was asked', async () => {
    const all = await asking();
    const { authorization } = claimFor(call(all).refusedWith);
    const claim = { method: 'INVITE', uri: parseUri('sip:other@192.0.2.1'), authorization };
    expect(call(all, { claim }).did).toEqual(['reject 400']);
    expect(refused(all)).toBe(1);
  });

  it('is not asked by way of the registrar, from a listed address, nor before there is a binding', async () => {
    const all = await asking({ autoAnswerFrom: ['192.0.2.77'] });
    expect(call(all, { source: { address: '192.0.2.77', port: 9 } }).did).toEqual(['accept']);
    expect(call(all, { source: REGISTRAR }).did).toEqual(['ring']);
    const [registration] = all.userAgent.registrations;
    if (registration) registration.boundTo = [];
    expect(call(all).did).toEqual(['reject 480']);
  });

  it('is asked where there is no account, as of a realm that is said or not', async () => {
    const { account: _none, ...options } = { account: ACCOUNT };
    const bare = await startedBench({
      ...options,
      policy: { autoAnswer: true, directCalls: 'prove', callersFile },
    });
    await expect.poll(() => call(bare).did, { interval: 5 }).toEqual(['reject 401']);
    expect(callAs(bare).did).toEqual(['accept']);
    const other = await asking({ callersRealm: 'dashvoip' });
    expect(callAs(other).did).toEqual(['accept']);
    expect(callAs(other, { user: 'friend' }).did).toEqual(['reject 401']);
  });

  it('may be anybody of the file as it stands by now', async () => {
    const all = await asking();
    writeFileSync(callersFile, withCaller('', 'friend', ['example.org'], 'battery staple'));
    all.clock.advance(1000);
    const changed = () => callAs(all, { user: 'friend', password: 'battery staple' }).did;
    await expect
      .poll(() => {
        all.clock.advance(60_000);
        return changed();
      })
      .not.toEqual(['reject 401']);
    expect(callAs(all).did).toEqual(['reject 401']);
  });

  it('is told to wait while it is not known who may call', async () => {
    const all = await startedBench({
      account: ACCOUNT,
      policy: { autoAnswer: true, directCalls: 'refuse', callersFile },
    });
    const [registration] = all.userAgent.registrations;
    if (registration) registration.boundTo = [REGISTRAR];
    expect(call(all).did).toEqual(['reject 403']);
    all.agent.reconfigure({ policy: { autoAnswer: true, directCalls: 'prove', callersFile } });
    const early = call(all);
    expect(early.did).toEqual(['reject 480']);
    expect(early.refusedWith).toEqual([['Retry-After', 1]]);
    await expect.poll(() => call(all).did, { interval: 5 }).toEqual(['reject 401']);
  });

  it('joins a call once he has proved who he is, and takes the place of one that he was told of', async () => {
    const all = await asking();
    const talking = await activeCall(all);
    const named = (by: 'joined' | 'replaced', claim?: Claim) =>
      all.userAgent.ringUp(
        undefined,
        { calledUser: 'car', ...(claim ? { claim } : {}) },
        { [by]: talking },
      );
    const asked = named('joined');
    expect(asked.did).toEqual(['reject 401']);
    const joining = named('joined', claimFor(asked.refusedWith));
    await expect.poll(() => joining.did).toEqual(['accept']);
    const replacing = named('replaced');
    await expect.poll(() => replacing.did).toEqual(['accept']);
  });
});

describe('a transfer', () => {
  it('is asked for by the name that was proved, not by From', async () => {
    const all = await asking({ transfersFrom: ['sip:boss@example.org'] });
    const session = callAs(all, {}, { name: 'sip:boss@example.org' });
    session.acknowledge();
    const did: string[] = [];
    session.events.emit('referred', {
      ...{ target: 'sip:a@b', source: { address: '192.0.2.9', port: 5060 } },
      refuse: (status: number) => did.push(`refuse ${status}`),
      accept: () => did.push('accept'),
    } as never);
    expect(did).toEqual(['refuse 603']);
  });
});

describe('a text that comes directly', () => {
  const send = (all: Bench, claim?: Claim) => {
    const { remote } = new FakeSession('incoming', 'sip:boss@example.org');
    const did: string[] = [];
    let fields: HeaderList = [];
    const message = {
      ...{ remote, calledUser: 'car', text: 'hello', isConnected: false },
      source: { address: '192.0.2.9', port: 5060 },
      claim: claim ?? { method: 'MESSAGE', uri: CAR, authorization: [] },
      accept: () => did.push('accept'),
      refuse: (status: number) => did.push(`refuse ${status}`),
      refuseWith: (status: number, headers: HeaderList) => {
        fields = headers;
        did.push(`refuse ${status}`);
      },
    };
    all.userAgent.events.emit('message', message as unknown as IncomingMessage);
    return { did, fields };
  };

  it('is taken of who proves who he is, by that name', async () => {
    const all = await asking();
    const asked = send(all);
    expect(asked.did).toEqual(['refuse 401']);
    const method = 'MESSAGE';
    expect(send(all, claimFor(asked.fields, { method, password: 'wrong' })).did).toEqual([
      'refuse 401',
    ]);
    expect(send(all, claimFor(send(all).fields, { method })).did).toEqual(['accept']);
    expect(all.agent.messages({})).toMatchObject([{ remote: MOTHER, text: 'hello' }]);
  });
});

describe('the status', () => {
  const problems = async (text: string | undefined, policy: Partial<Policy> = {}) => {
    const all = await asking(policy);
    if (text === undefined) rmSync(callersFile);
    else writeFileSync(callersFile, text);
    all.clock.advance(2000);
    call(all);
    const before = all.agent.status().problems;
    await expect.poll(() => all.agent.status().problems).not.toEqual(before);
    return all.agent.status().problems.filter((problem) => problem.includes(callersFile));
  };

  it('says when nobody can prove who he is', async () => {
    const nobody = `policy: directCalls is "prove", and ${callersFile} has nobody of the realm example.org: run "dashvoip config set-caller NAME"`;
    expect(await problems('')).toEqual([nobody]);
    expect(await problems('mother')).toEqual([
      `policy.callersFile ${callersFile}: line 1: expected NAME:REALM:HASH, as "dashvoip config set-caller" writes it`,
      nobody,
    ]);
    writeFileSync(callersFile, '');
  });

  it('says when the file is not there, and nothing of it where nobody is asked', async () => {
    const words = await problems(undefined);
    expect(words[0]).toMatch(/^policy.callersFile .*: ENOENT: no such file/);
    const silent = await startedBench({ policy: { autoAnswer: false, callersFile } });
    expect(silent.agent.status().problems.join()).not.toContain(callersFile);
  });
});
