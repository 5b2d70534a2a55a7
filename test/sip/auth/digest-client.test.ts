// Shows RFC 7616.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DigestClient } from '../../../src/sip/auth';
import { createResponse, parseMessage } from '../../../src/sip/message';
import { seededRandom } from '../../support/seeded-random';
import { type Asked, basic, HOP, request, response, Subject } from './challenged';

const hash = (text: string, name = 'md5'): string => createHash(name).update(text).digest('hex');

describe('digest client', () => {
  it('has nothing to show before it is asked', () => {
    expect(new Subject().digest.authorizations(request(), HOP)).toEqual([]);
  });

  it('answers a 401 by Authorization and a 407 by Proxy-Authorization', () => {
    const subject = new Subject();
    subject.challenge(basic);
    subject.challenge('realm="p", nonce="n2"', 407);
    const headers = subject.digest.authorizations(request(), HOP).map(({ header }) => header);
    expect(headers).toEqual(['Authorization', 'Proxy-Authorization']);
  });

  it('does not take the field of the other role', () => {
    const { digest } = new Subject();
    const wrong = response(401);
    wrong.append('Proxy-Authenticate', `Digest ${basic}`);
    expect(digest.challenged(request(), wrong, HOP).retry).toBe(false);
  });

  it('counts the uses of a nonce in hexadecimal and keeps its cnonce', () => {
    const subject = new Subject();
    subject.challenge(`${basic}, qop="auth"`);
    const answers = Array.from({ length: 11 }, () => subject.answer());
    expect(answers.map(({ params }) => params.raw('nc')).slice(-2)).toEqual([
      '0000000a',
      '0000000b',
    ]);
    expect(answers[0]?.params.raw('nc')).toBe('00000001');
    expect(new Set(answers.map(({ params }) => params.get('cnonce'))).size).toBe(1);
    expect(new Set(answers.map(({ params }) => params.get('response'))).size).toBe(11);
  });

  it('counts a new nonce from one again, with another cnonce', () => {
    const subject = new Subject().registered(`${basic}, qop="auth"`);
    const [, last] = [subject.answer(), subject.answer()];
    subject.challenge('realm="r", nonce="n2", qop="auth"');
    const next = subject.answer();
    expect([next.params.get('nonce'), next.params.raw('nc')]).toEqual(['n2', '00000001']);
    expect(next.params.get('cnonce')).not.toBe(last?.params.get('cnonce'));
  });

  // What a registrar computes from the header that it gets, and from nothing else.
  it.each([
    ['MD5', 'md5'],
    ['SHA-256', 'sha256'],
    ['SHA-512-256', 'sha512-256'],
    ['MD5-sess', 'md5'],
    ['SHA-256-sess', 'sha256'],
    ['SHA-512-256-sess', 'sha512-256'],
  ])('is let in by a registrar that checks %s', (algorithm, name) => {
    for (const qop of ['auth', 'auth-int', undefined]) {
      const subject = new Subject();
      const asked = `realm="the \\"r\\" \u00fc", nonce="n/1=", algorithm=${algorithm}, opaque="o\\\\p"`;
      subject.challenge(qop === undefined ? asked : `${asked}, qop="${qop}"`);
      const to = request('REGISTER', { body: 'body \u00fc' });
      subject.answer(subject.digest, to);
      const { scheme, params } = subject.answer(subject.digest, to);
      const get = (key: string): string => params.get(key) ?? '';
      const h = (text: string): string => hash(text, name);
      const secret = h(`car:${get('realm')}:secret`);
      const isSession = algorithm.endsWith('-sess');
      const a1 = isSession ? h(`${secret}:${get('nonce')}:${get('cnonce')}`) : secret;
      const entity = qop === 'auth-int' ? `:${h('body \u00fc')}` : '';
      const a2 = h(`REGISTER:${get('uri')}${entity}`);
      const use = qop ? `:${get('nc')}:${get('cnonce')}:${get('qop')}` : '';
      expect(scheme).toBe('Digest');
      expect(get('response')).toBe(h(`${a1}:${get('nonce')}${use}:${a2}`));
      expect(get('username')).toBe('car');
      expect(get('realm')).toBe('the "r" \u00fc');
      expect(get('nonce')).toBe('n/1=');
      expect(get('uri')).toBe('sip:example.org');
      expect(get('opaque')).toBe('o\\p');
      expect(params.get('nc')).toBe(qop && '00000002');
      // RFC 7616 §3.4: algorithm, qop and nc are no quoted strings, and the others are.
      expect(params.raw('algorithm')).toBe(algorithm);
      expect(params.raw('qop')).toBe(qop);
      expect(params.raw('realm')).toBe('"the \\"r\\" \u00fc"');
      expect(params.raw('opaque')).toBe('"o\\\\p"');
    }
  });

  it('hashes the octets of a realm that is no UTF-8 as they came', () => {
    const subject = new Subject();
    const wire = Buffer.concat([
      Buffer.from('SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\r\n'),
      Buffer.from(
        'From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n',
      ),
      Buffer.from('WWW-Authenticate: Digest realm="K\xfcche", nonce="n"\r\n\r\n', 'latin1'),
    ]);
    const parsed = parseMessage(wire);
    if (parsed.kind !== 'response') throw new Error('no response');
    subject.digest.challenged(request(), parsed, HOP);
    const secret = createHash('md5')
      .update(Buffer.from('car:K\xfcche:secret', 'latin1'))
      .digest('hex');
    expect(subject.answer().params.get('response')).toBe(
      hash(`${secret}:n:${hash('REGISTER:sip:example.org')}`),
    );
  });

  it('names the algorithm only when it was named', () => {
    const subject = new Subject();
    subject.challenge(basic);
    expect(subject.answer().params.has('algorithm')).toBe(false);
    expect(subject.answer().params.has('nc')).toBe(false);
    expect(subject.answer().params.has('cnonce')).toBe(false);
    expect(subject.answer().params.has('opaque')).toBe(false);
  });

  it('chooses the strongest of several challenges, and qop rather than none', () => {
    const subject = new Subject();
    subject.challenge([
      `${basic}, algorithm=MD5`,
      `${basic}, algorithm=SHA-512-256`,
      `${basic}, algorithm=SHA-512-256, qop="auth"`,
      `${basic}, algorithm=SHA-256, qop="auth"`,
      `${basic}, algorithm=TOO-NEW`,
    ]);
    expect(subject.answer().params.raw('algorithm')).toBe('SHA-512-256');
    expect(subject.answer().params.raw('qop')).toBe('auth');
  });

  it('gives up when the same realm asks again: the password is wrong', () => {
    const subject = new Subject();
    expect(subject.challenge(basic)).toEqual({ retry: true });
    expect(subject.challenge('realm="r", nonce="n2"')).toEqual({
      retry: false,
      reason: 'user name or password not accepted',
    });
  });

  it('answers a stale nonce, whatever was refused before', () => {
    const subject = new Subject();
    subject.challenge(basic);
    expect(subject.challenge('realm="r", nonce="n2", stale=TRUE').retry).toBe(true);
    expect(subject.answer().params.get('nonce')).toBe('n2');
  });

  it('answers a new nonce after its credentials have once been accepted', () => {
    const subject = new Subject().registered(basic);
    expect(subject.challenge('realm="r", nonce="n2"').retry).toBe(true);
    expect(subject.challenge('realm="r", nonce="n3"').retry).toBe(false);
  });

  it('begins anew after it has given up', () => {
    const subject = new Subject();
    subject.challenge(basic);
    subject.challenge(basic);
    expect(subject.digest.authorizations(request(), HOP)).toEqual([]);
    expect(subject.challenge(basic).retry).toBe(true);
  });

  it('goes on with the nonce that the registrar names for the next time', () => {
    const subject = new Subject();
    subject.challenge(`${basic}, qop="auth"`);
    const [first] = [subject.answer(), subject.answer()];
    const success = response(200);
    success.append('Authentication-Info', 'qop=auth, nextnonce="n2"');
    subject.digest.accepted(success);
    const next = subject.answer();
    expect([next.params.get('nonce'), next.params.raw('nc')]).toEqual(['n2', '00000001']);
    expect(next.params.get('cnonce')).not.toBe(first?.params.get('cnonce'));
    // It has been let in before: the registrar may still change its mind.
    expect(subject.challenge('realm="r", nonce="n3", qop="auth"').retry).toBe(true);
  });

  it.each<
    [what: string, asked: readonly Asked[], status: number, info: string, expected: string[]]
  >([
    ['with spaces', [basic], 401, 'NextNonce = "n2"', ['n2']],
    ['that names none', [basic], 401, 'qop=auth', ['n1']],
    ['of the server, where a proxy asked', [basic], 407, 'nextnonce="n2"', ['n1']],
    [
      'that leaves open which realm it is for',
      [basic, 'realm="s", nonce="n1"'],
      401,
      'nextnonce="n2"',
      ['n1', 'n1'],
    ],
    [
      'whose secret is bound to the nonce',
      [`${basic}, algorithm=MD5-sess, qop="auth"`],
      401,
      'nextnonce="n2"',
      ['n1'],
    ],
  ])('heeds an Authentication-Info %s', (_, asked, status, info, expected) => {
    const { digest } = new Subject();
    const values = asked.map((one) => `Digest ${one}`);
    digest.challenged(request(), response(status, values), HOP);
    const success = response(200);
    success.append('Authentication-Info', info);
    digest.accepted(success);
    const sent = digest.authorizations(request(), HOP);
    expect(sent.map(({ value }) => value.params.get('nonce'))).toEqual(expected);
  });

  it('takes the first of two challenges that are alike', () => {
    const subject = new Subject();
    subject.challenge(['realm="r", nonce="first"', 'realm="r", nonce="second"']);
    expect(subject.answer().params.get('nonce')).toBe('first');
  });

  it('takes no nonce from a callee', () => {
    const subject = new Subject().registered(basic);
    const digest = subject.dialog();
    subject.challenge('realm="r", nonce="n5"', 407, digest);
    const invite = request('INVITE');
    const success = createResponse(invite, 200);
    success.append('Proxy-Authentication-Info', 'nextnonce="evil"');
    digest.accepted(success);
    expect(subject.answer(digest, invite).params.get('nonce')).toBe('n5');
  });

  it('says what is missing', () => {
    const none = new DigestClient(undefined, seededRandom());
    expect(none.coversHop(HOP)).toBe(false);
    expect(none.challenged(request(), response(401, [`Digest ${basic}`]), HOP)).toEqual({
      retry: false,
      reason: 'no user name and password configured',
    });
    const { digest } = new Subject();
    expect(digest.challenged(request(), response(401, [`Bearer ${basic}`]), HOP)).toMatchObject({
      retry: false,
      reason: expect.stringContaining('no digest challenge that is supported'),
    });
  });

  it('remembers a bounded number of realms', () => {
    const subject = new Subject();
    for (let i = 0; i < 50; i++) subject.challenge(`realm="r${i}", nonce="n"`, 407);
    expect(subject.digest.authorizations(request(), HOP)).toHaveLength(8);
  });
});

describe('a registrar that proves who it is (Authentication-Info, RFC 7616 §3.5)', () => {
  /** What a 200 with that proof is thought of, and the nonce of the next request. */
  const granted = (
    qop: 'auth' | 'auth-int',
    proofOf: (a1: string, rest: string) => string,
    nc?: string,
  ) => {
    const subject = new Subject();
    subject.challenge(`realm="r", nonce="n1", qop="${qop}"`);
    const { params } = subject.answer();
    const cnonce = params.get('cnonce');
    const success = response(200);
    const uri = 'sip:example.org';
    const a2 = qop === 'auth' ? `:${uri}` : `:${uri}:${hash('')}`;
    const rest = `n1:00000001:${cnonce}:${qop}:${hash(a2)}`;
    const proof = proofOf(hash('car:r:secret'), rest);
    success.append(
      'Authentication-Info',
      `rspauth="${proof}"${nc === undefined ? '' : `, nc=${nc}`}, nextnonce="n2"`,
    );
    return {
      objection: subject.digest.accepted(success),
      next: subject.answer().params.get('nonce'),
    };
  };
  const right = (a1: string, rest: string): string => hash(`${a1}:${rest}`);
  const wrong = (_: string, rest: string): string => hash(`guess:${rest}`);

  it.each(['auth', 'auth-int'] as const)('is believed, with qop %s', (qop) => {
    expect(granted(qop, right, '00000001')).toEqual({ objection: undefined, next: 'n2' });
  });

  it('is not believed when it does not know the password, nor is its nonce taken', () => {
    expect(granted('auth', wrong)).toEqual({
      objection: expect.stringContaining('does not know our password'),
      next: 'n1',
    });
  });

  it('is not judged by the proof for an earlier request', () => {
    expect(granted('auth', wrong, '00000007').objection).toBeUndefined();
  });
});
