// Shows RFC 7616, 8760.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Attempts } from '../../../src/platform';
import { authorize, type Claim, DigestServer, readChallenge } from '../../../src/sip/auth';
import { responseOf } from '../../../src/sip/auth/digest';
import { type DigestRealm, isRight, NONCE_MS } from '../../../src/sip/auth/digest-server';
import { AuthValue, Params, parseUri } from '../../../src/sip/message';
import { readAuthValues } from '../../../src/sip/message/readers';
import { ValueReader } from '../../../src/sip/message/value-reader';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';

const HERE = '192.0.2.9';
const CAR = 'sip:car@192.0.2.1';
const PASSWORD = 'correct horse';

const hashed = (name: string, algorithm: 'MD5' | 'SHA-256', realm = 'example.org'): string =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(`${name}:${realm}:${PASSWORD}`)
    .digest('hex');

const REALM: DigestRealm = {
  realm: 'example.org',
  algorithms: ['SHA-256', 'MD5'],
  secretOf: (user, algorithm) => (user === 'mother' ? hashed(user, algorithm) : undefined),
};

const parsed = (text: string): AuthValue => {
  const values: AuthValue[] = [];
  readAuthValues(new ValueReader(text, 0, text.length), values);
  return values[0] ?? expect.fail(`cannot be read: ${text}`);
};

/** A server, and a phone that calls it. */
const bench = (realm = REALM, run = 1) => {
  const clock = new VirtualClock();
  const server = new DigestServer(clock, seededRandom(run), new Attempts(clock));
  const claim = (...authorization: AuthValue[]): Claim => ({
    method: 'INVITE',
    uri: parseUri(CAR),
    authorization,
  });
  const challengeFor = (address = HERE, which = 0): AuthValue =>
    parsed(String(server.challenge(realm, address, false)[which]?.[1]));
  const answer = (
    challenge: AuthValue,
    {
      username = 'mother',
      password = PASSWORD,
      uri = CAR,
      method = 'INVITE',
      nonceCount = 1,
      cnonce = 'c0ffee',
    } = {},
  ): AuthValue =>
    authorize(
      readChallenge(challenge) ?? expect.fail('no challenge'),
      { username, password },
      { method, uri, cnonce, nonceCount, body: new Uint8Array() },
    );
  const judge = (value: AuthValue, address = HERE) => server.judge(claim(value), realm, address);
  return { clock, server, claim, challengeFor, answer, judge };
};

describe('asking for a proof', () => {
  it('asks by the better algorithm first, with the same nonce', () => {
    const { server } = bench();
    const [sha, md5, ...others] = server
      .challenge(REALM, HERE, false)
      .map(([, value]) => `${value}`);
    const nonce = /nonce="([^"]+)"/.exec(sha ?? '')?.[1];
    expect(sha).toBe(`Digest realm="example.org", nonce="${nonce}", algorithm=SHA-256, qop="auth"`);
    expect(md5).toBe(sha?.replace('SHA-256', 'MD5'));
    expect(others).toEqual([]);
    expect(
      server.challenge(REALM, HERE, true).every(([, value]) => `${value}`.endsWith(', stale=true')),
    ).toBe(true);
  });

  it('asks by what somebody can answer', () => {
    const { server } = bench();
    expect(server.challenge({ ...REALM, algorithms: ['SHA-256'] }, HERE, false)).toHaveLength(1);
  });

  it.each([
    ['SHA-256', 0],
    ['MD5', 1],
  ])('believes who answers by %s', (_algorithm, which) => {
    const { challengeFor, answer, judge } = bench();
    expect(judge(answer(challengeFor(HERE, which)))).toEqual({ kind: 'proved', user: 'mother' });
  });

  it('asks who brings nothing, or something for somebody else', () => {
    const { server, claim, answer, challengeFor, judge } = bench();
    const ask = { kind: 'ask', isStale: false };
    expect(server.judge(claim(), REALM, HERE)).toEqual(ask);
    expect(judge(new AuthValue('Basic', Params.of({ realm: 'example.org' })))).toEqual(ask);
    const other = answer(parsed(String(challengeFor()).replace('example.org', 'example.net')));
    expect(judge(other)).toEqual(ask);
    // Beside it the right one is found.
    expect(server.judge(claim(other, answer(challengeFor())), REALM, HERE).kind).toBe('proved');
  });

  it('takes a nonce of its own only, and from whom it was given to', () => {
    const { answer, challengeFor, judge, clock } = bench();
    const right = answer(challengeFor());
    const ask = { kind: 'ask', isStale: false };
    expect(judge(right, '192.0.2.10')).toEqual(ask);
    const made = (nonce: string) =>
      judge(
        answer(parsed(`Digest realm="example.org", nonce="${nonce}", algorithm=MD5, qop="auth"`)),
      );
    const nonce = right.params.get('nonce') ?? '';
    for (const forged of [
      '',
      'x',
      `${clock.now()}.a.b`,
      `${nonce}.more`,
      nonce.slice(0, -1),
      `1${nonce}`,
    ]) {
      expect(made(forged), forged).toEqual(ask);
    }
    // Nothing of it was counted as a guess.
    for (let time = 0; time < 10; time++) judge(right, '192.0.2.10');
    expect(judge(right).kind).toBe('proved');
    // Of another run of the agent.
    expect(judge(answer(bench(REALM, 2).challengeFor()))).toEqual(ask);
  });

  it('takes a count once, and a higher one later', () => {
    const { answer, challengeFor, judge } = bench();
    const challenge = challengeFor();
    const kinds = [1, 1, 3, 2, 3, 4].map(
      (nonceCount) => judge(answer(challenge, { nonceCount })).kind,
    );
    expect(kinds).toEqual(['proved', 'ask', 'proved', 'ask', 'ask', 'proved']);
    expect(judge(answer(challenge, { nonceCount: 4 }))).toEqual({ kind: 'ask', isStale: true });
    expect(judge(answer(challenge, { nonceCount: 0 }))).toEqual({ kind: 'ask', isStale: true });
  });

  it('says that a nonce is stale to who knows the password, and to nobody else', () => {
    const { answer, challengeFor, judge, clock } = bench();
    const challenge = challengeFor();
    clock.advance(NONCE_MS - 1);
    expect(judge(answer(challenge)).kind).toBe('proved');
    clock.advance(1);
    expect(judge(answer(challenge, { nonceCount: 2 }))).toEqual({ kind: 'ask', isStale: true });
    expect(judge(answer(challenge, { password: 'wrong', nonceCount: 2 })).kind).toBe('wrong');
  });

  it('remembers a bounded number of nonces, and takes none that it may have forgotten', () => {
    const { answer, challengeFor, judge, clock } = bench();
    const first = challengeFor();
    const unused = challengeFor();
    expect(judge(answer(first)).kind).toBe('proved');
    for (let caller = 0; caller < 256; caller++) {
      clock.advance(1);
      expect(judge(answer(challengeFor())).kind).toBe('proved');
    }
    expect(judge(answer(first))).toEqual({ kind: 'ask', isStale: true });
    expect(judge(answer(unused))).toEqual({ kind: 'ask', isStale: true });
    expect(judge(answer(challengeFor())).kind).toBe('proved');
  });

  it('tells a wrong password from a right one, a name that nobody has likewise', () => {
    const { answer, challengeFor, judge } = bench();
    expect(judge(answer(challengeFor(), { password: 'wrong' }))).toEqual({
      ...{ kind: 'wrong', user: 'mother' },
    });
    expect(judge(answer(challengeFor(), { username: 'nobody' }))).toEqual({
      ...{ kind: 'wrong', user: 'nobody' },
    });
    // What signs another method is for another request.
    expect(judge(answer(challengeFor(), { method: 'MESSAGE' })).kind).toBe('wrong');
  });

  it('hears a network no more that guesses, for longer and longer, and others as before', () => {
    const { answer, challengeFor, judge, clock } = bench();
    const guess = () => judge(answer(challengeFor(), { password: 'wrong' }));
    const right = () => judge(answer(challengeFor()));
    expect([guess(), guess(), guess()].map(({ kind }) => kind)).toEqual(Array(3).fill('wrong'));
    expect(guess()).toEqual({ kind: 'wait', waitMs: 1000 });
    expect(right()).toEqual({ kind: 'wait', waitMs: 1000 });
    clock.advance(1000);
    expect(guess().kind).toBe('wrong');
    expect(right()).toEqual({ kind: 'wait', waitMs: 2000 });
    const there = '198.51.100.1';
    expect(judge(answer(challengeFor(there)), there).kind).toBe('proved');
    clock.advance(2000);
    expect(right().kind).toBe('proved');
  });

  it.each([
    ['no qop, as of RFC 2069', /, qop=auth/, ''],
    ['another qop', 'qop=auth', 'qop=auth-int'],
    ['no cnonce', /, cnonce="[^"]*"/, ''],
    ['no count', /, nc=\w+/, ''],
    ['a count in other letters', 'nc=00000001', 'nc=0000000G'],
    ['a short count', 'nc=00000001', 'nc=1'],
    ['no username', /username="[^"]*", /, ''],
    ['a weaker algorithm than asked for', 'algorithm=SHA-256', 'algorithm=SHA-1'],
    ['an algorithm that was not asked for', 'algorithm=SHA-256', 'algorithm=SHA-256-sess'],
    ['the uri of another request', `uri="${CAR}"`, 'uri="sip:other@192.0.2.1"'],
  ])('takes no credentials with %s, and counts no guess', (_what, found, instead) => {
    const { answer, challengeFor, judge } = bench();
    for (let time = 0; time < 9; time++) {
      const text = String(answer(challengeFor()));
      expect(text).toMatch(found);
      expect(judge(parsed(text.replace(found, instead))).kind).toBe('unusable');
    }
    expect(judge(answer(challengeFor())).kind).toBe('proved');
  });

  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('finds the answer of RFC 7616 §3.9.1 right (%s)', (algorithm, response) => {
    const answer = {
      ...({
        algorithm,
        qop: 'auth',
        user: 'Mufasa',
        method: 'GET',
        uri: '/dir/index.html',
      } as const),
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      ...{ nonceCount: 1, body: new Uint8Array(), response },
    };
    const name = algorithm === 'MD5' ? 'md5' : 'sha256';
    const secret = createHash(name)
      .update('Mufasa:http-auth@example.org:Circle of Life')
      .digest('hex');
    expect(isRight(answer, secret)).toBe(true);
    expect(isRight({ ...answer, response: response.toUpperCase() }, secret)).toBe(true);
    expect(isRight(answer, undefined)).toBe(false);
    // What is computed with for nobody proves nothing.
    expect(isRight({ ...answer, response: responseOf('', answer, answer) }, undefined)).toBe(false);
    expect(isRight({ ...answer, response: response.slice(1) }, secret)).toBe(false);
    expect(isRight({ ...answer, nonceCount: 2 }, secret)).toBe(false);
  });
});
