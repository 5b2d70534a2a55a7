import { describe, expect, it } from 'vitest';
import { DigestClient, readChallenge } from '../../../src/sip/auth';
import { AuthValue, Params } from '../../../src/sip/message';
import { seededRandom } from '../../support/seeded-random';

const credentials = { username: 'car', password: 'secret' };

const challenge = (values: Record<string, string>, scheme = 'Digest'): AuthValue => {
  let params = Params.EMPTY;
  for (const [name, value] of Object.entries(values)) params = params.withQuoted(name, value);
  return new AuthValue(scheme, params);
};
const basic = { realm: 'r', nonce: 'n1' };
const client = (known = true) => new DigestClient(known ? credentials : undefined, seededRandom());

const answerOf = (digest: DigestClient, method = 'REGISTER'): AuthValue => {
  const [first] = digest.authorizations(method, 'sip:example.org');
  if (!first) throw new Error('no credentials');
  return first.value;
};

describe('challenge', () => {
  it('is MD5 without qop where it says nothing else', () => {
    expect(readChallenge(challenge(basic))).toMatchObject({
      algorithm: 'MD5',
      namesAlgorithm: false,
      qop: undefined,
      stale: false,
    });
  });

  it('takes auth among other qop values', () => {
    expect(readChallenge(challenge({ ...basic, qop: 'auth-int, auth' }))?.qop).toBe('auth');
  });

  it('reads algorithms in any case', () => {
    expect(readChallenge(challenge({ ...basic, algorithm: 'sha-256' }))?.algorithm).toBe('SHA-256');
  });

  it.each([
    ['another scheme', challenge(basic, 'Bearer')],
    ['an unknown algorithm', challenge({ ...basic, algorithm: 'SHA3-512' })],
    ['auth-int alone', challenge({ ...basic, qop: 'auth-int' })],
    ['no realm', challenge({ nonce: 'n' })],
    ['no nonce', challenge({ realm: 'r' })],
  ])('cannot be answered with %s', (_what, value) => {
    expect(readChallenge(value)).toBeUndefined();
  });
});

describe('digest client', () => {
  it('has nothing to show before it is asked', () => {
    expect(client().authorizations('REGISTER', 'sip:example.org')).toEqual([]);
  });

  it('answers a 401 by Authorization and a 407 by Proxy-Authorization', () => {
    const digest = client();
    digest.challenged('server', [challenge(basic)]);
    digest.challenged('proxy', [challenge({ realm: 'p', nonce: 'n2' })]);
    const headers = digest.authorizations('INVITE', 'sip:x').map(({ header }) => header);
    expect(headers).toEqual(['Authorization', 'Proxy-Authorization']);
  });

  it('counts the uses of a nonce and keeps its cnonce', () => {
    const digest = client();
    digest.challenged('server', [challenge({ ...basic, qop: 'auth' })]);
    const [first, second] = [answerOf(digest), answerOf(digest)];
    expect(first.params.raw('nc')).toBe('00000001');
    expect(second.params.raw('nc')).toBe('00000002');
    expect(second.params.get('cnonce')).toBe(first.params.get('cnonce'));
    expect(second.params.get('response')).not.toBe(first.params.get('response'));
  });

  it('echoes opaque, and the algorithm only when it was named', () => {
    const digest = client();
    digest.challenged('server', [challenge({ ...basic, opaque: 'o', algorithm: 'MD5' })]);
    expect(String(answerOf(digest))).toContain('opaque="o"');
    expect(String(answerOf(digest))).toContain('algorithm=MD5');
    const silent = client();
    silent.challenged('server', [challenge(basic)]);
    expect(String(answerOf(silent))).not.toContain('algorithm');
    expect(String(answerOf(silent))).not.toContain('nc=');
  });

  it('chooses the strongest of several challenges', () => {
    const digest = client();
    digest.challenged('server', [
      challenge({ ...basic, algorithm: 'MD5' }),
      challenge({ ...basic, algorithm: 'SHA-512-256' }),
      challenge({ ...basic, algorithm: 'SHA-256' }),
      challenge({ ...basic, algorithm: 'TOO-NEW' }),
    ]);
    expect(answerOf(digest).params.raw('algorithm')).toBe('SHA-512-256');
  });

  it('gives up when the same realm asks again: the password is wrong', () => {
    const digest = client();
    expect(digest.challenged('server', [challenge(basic)])).toEqual({ retry: true });
    expect(digest.challenged('server', [challenge({ realm: 'r', nonce: 'n2' })])).toEqual({
      retry: false,
      reason: 'user name or password not accepted',
    });
  });

  it('answers a stale nonce once more, and not for ever', () => {
    const digest = client();
    digest.challenged('server', [challenge(basic)]);
    const stale = (nonce: string) =>
      digest.challenged('server', [challenge({ realm: 'r', nonce, stale: 'true' })]).retry;
    expect([stale('n2'), stale('n3'), stale('n4')]).toEqual([true, true, false]);
  });

  it('answers a new nonce after its credentials have once been accepted', () => {
    const digest = client();
    digest.challenged('server', [challenge(basic)]);
    digest.accepted();
    expect(digest.challenged('server', [challenge({ realm: 'r', nonce: 'n2' })]).retry).toBe(true);
    expect(digest.challenged('server', [challenge({ realm: 'r', nonce: 'n3' })]).retry).toBe(false);
  });

  it('begins anew after it has given up', () => {
    const digest = client();
    digest.challenged('server', [challenge(basic)]);
    digest.challenged('server', [challenge(basic)]);
    expect(digest.authorizations('REGISTER', 'sip:x')).toEqual([]);
    expect(digest.challenged('server', [challenge(basic)]).retry).toBe(true);
  });

  it('says what is missing', () => {
    expect(client(false).challenged('server', [challenge(basic)])).toMatchObject({
      reason: 'no user name and password configured',
    });
    expect(client().challenged('server', [challenge(basic, 'Bearer')])).toMatchObject({
      retry: false,
      reason: expect.stringContaining('no digest challenge that is supported'),
    });
  });

  it('remembers a bounded number of realms', () => {
    const digest = client();
    for (let i = 0; i < 50; i++)
      digest.challenged('proxy', [challenge({ realm: `r${i}`, nonce: 'n' })]);
    expect(digest.authorizations('INVITE', 'sip:x')).toHaveLength(8);
  });
});
