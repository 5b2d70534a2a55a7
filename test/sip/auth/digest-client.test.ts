import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AccountCredentials, DigestClient, readChallenge } from '../../../src/sip/auth';
import {
  type AuthValue,
  createRequest,
  createResponse,
  NameAddr,
  Params,
  parseMessage,
  parseSipUri,
  type SipRequest,
  type SipResponse,
  Via,
} from '../../../src/sip/message';
import { seededRandom } from '../../support/seeded-random';

const HOP = { address: '10.0.0.2', port: 5060 };
const STRANGER = { address: '10.0.0.9', port: 5060 };

const address = (uri: string): NameAddr => new NameAddr(undefined, parseSipUri(uri));

const request = (
  method = 'REGISTER',
  { within = false, body }: { within?: boolean; body?: string } = {},
): SipRequest =>
  createRequest(method, parseSipUri('sip:example.org'), {
    via: new Via('UDP', '10.0.0.1', 5060, Params.of({ branch: 'z9hG4bK1' })),
    from: address('sip:car@example.org').withTag('a'),
    to: within ? address('sip:bob@example.org').withTag('b') : address('sip:car@example.org'),
    callId: 'c',
    cseq: 1,
    ...(body === undefined ? {} : { body: { contentType: 'text/plain', content: body } }),
  });

/** Parameters of a challenge, as text. */
type Asked = string;
const basic: Asked = 'realm="r", nonce="n1"';

const response = (status: number, values: readonly string[] = [], to = request()): SipResponse => {
  const header = status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate';
  const made = createResponse(to, status, {
    headers: values.map((value) => [header, value] as const),
  });
  made.source = HOP.address;
  return made;
};

/** A client, its account, and what a registrar does with it. */
class Subject {
  readonly account: AccountCredentials;
  readonly digest: DigestClient;

  constructor(realm?: string) {
    this.account = new AccountCredentials({ username: 'car', password: 'secret' }, realm);
    this.digest = new DigestClient(this.account, seededRandom());
    this.account.addHop(HOP);
  }

  /** Another dialog of the account. */
  dialog(): DigestClient {
    return new DigestClient(this.account, seededRandom(2));
  }

  challenge(asked: Asked | readonly Asked[], status = 401, digest = this.digest) {
    const values = (typeof asked === 'string' ? [asked] : asked).map((one) => `Digest ${one}`);
    return digest.challenged(request(), response(status, values), HOP);
  }

  /** The registrar has asked that, and let us in. */
  registered(...asked: Asked[]): this {
    this.challenge(asked);
    this.digest.accepted(response(200));
    return this;
  }

  answer(digest = this.digest, to = request()): AuthValue {
    const [first] = digest.authorizations(to, HOP);
    if (!first) throw new Error('no credentials');
    return first.value;
  }
}

const read = (asked: Asked, scheme = 'Digest') => {
  const made = response(401, [`${scheme} ${asked}`]).wwwAuthenticate[0];
  if (!made) throw new Error(`not readable: ${asked}`);
  return readChallenge(made);
};

const hash = (text: string, name = 'md5'): string => createHash(name).update(text).digest('hex');

describe('challenge', () => {
  it('is MD5 without qop where it says nothing else', () => {
    expect(read(basic)).toMatchObject({
      algorithm: 'MD5',
      namesAlgorithm: false,
      qop: undefined,
      stale: false,
    });
  });

  it.each([
    ['auth', 'auth'],
    ['auth-int, auth', 'auth'],
    ['auth,auth-int', 'auth'],
    ['AUTH', 'auth'],
    ['auth-int', 'auth-int'],
    ['auth-new,auth-int', 'auth-int'],
    ['', undefined],
    [' , ', undefined],
  ])('with qop "%s" is answered with %s', (offered, chosen) => {
    expect(read(`${basic}, qop="${offered}"`)?.qop).toBe(chosen);
  });

  it('reads algorithms in any case, quoted or not, and takes an empty one for none', () => {
    expect(read(`${basic}, algorithm=sha-256`)?.algorithm).toBe('SHA-256');
    expect(read(`${basic}, algorithm="MD5"`)).toMatchObject({ namesAlgorithm: true });
    expect(read(`${basic}, algorithm=""`)).toMatchObject({
      algorithm: 'MD5',
      namesAlgorithm: false,
    });
  });

  it.each(['true', 'TRUE', '"True"'])('is stale with %s', (value) => {
    expect(read(`${basic}, stale=${value}`)?.stale).toBe(true);
  });

  it.each([
    ['another scheme', basic, 'Bearer'],
    ['an unknown algorithm', `${basic}, algorithm=SHA3-512`, 'Digest'],
    ['an unknown qop alone', `${basic}, qop="auth-new"`, 'Digest'],
    ['no realm', 'nonce="n"', 'Digest'],
    ['no nonce', 'realm="r"', 'Digest'],
  ])('cannot be answered with %s', (_what, asked, scheme) => {
    expect(read(asked, scheme)).toBeUndefined();
  });
});

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
    success.append('Authentication-Info', 'qop=auth, nextnonce="n2", rspauth="0"');
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

describe('whom the password is for', () => {
  const invite = request('INVITE');
  const bye = request('BYE', { within: true });
  const asked = (realm = 'r', more = '') => [`Digest realm="${realm}", nonce="n9"${more}`];
  const ask = (
    digest: DigestClient,
    to: SipRequest,
    values: string[],
    remote = HOP,
    status = 407,
  ) => digest.challenged(to, response(status, values, to), remote);

  it('are the account’s own hops: a stranger gets neither an answer nor what was answered', () => {
    const subject = new Subject().registered(basic);
    const digest = subject.dialog();
    for (const status of [401, 407]) {
      for (const to of [invite, bye]) {
        const stranger = response(status, asked(), to);
        stranger.source = STRANGER.address;
        expect(digest.challenged(to, stranger, STRANGER)).toEqual({
          retry: false,
          reason:
            'password asked for by a stranger: it is for the account’s registrar and proxy only',
        });
      }
    }
    expect(ask(digest, invite, asked()).retry).toBe(true);
    expect(digest.authorizations(bye, STRANGER)).toEqual([]);
    expect(digest.authorizations(bye, { ...HOP, port: 5062 })).toEqual([]);
    expect(digest.authorizations(bye, HOP)).toHaveLength(1);
  });

  it('is not who answers in place of the hop', () => {
    const { digest } = new Subject();
    const forged = response(401, asked());
    forged.source = STRANGER.address;
    expect(digest.challenged(request(), forged, HOP)).toEqual({
      retry: false,
      reason: 'password asked for by 10.0.0.9, but the request went to 10.0.0.2',
    });
  });

  it('is the realm that the registrar let us into, for calls as well', () => {
    const subject = new Subject().registered(basic);
    expect(ask(subject.dialog(), invite, asked()).retry).toBe(true);
    expect(ask(subject.dialog(), bye, asked()).retry).toBe(true);
    for (const to of [invite, bye]) {
      expect(ask(subject.dialog(), to, asked('evil'))).toEqual({
        retry: false,
        reason: 'password asked for by realm "evil", the account\'s is "r"',
      });
    }
    // Of several only what is the account's.
    const digest = subject.dialog();
    expect(ask(digest, invite, [...asked('evil'), ...asked()]).retry).toBe(true);
    expect(
      digest.authorizations(invite, HOP).map(({ value }) => value.params.get('realm')),
    ).toEqual(['r']);
  });

  it('is not the realm of a registrar that has not let us in', () => {
    const subject = new Subject();
    subject.challenge(basic);
    subject.digest.accepted(response(403));
    expect(ask(subject.dialog(), bye, asked()).retry).toBe(false);
  });

  it('is the configured realm, beside that of the registrar', () => {
    const subject = new Subject('r');
    expect(ask(subject.dialog(), bye, asked()).retry).toBe(true);
    // Not even the first one on the way out.
    expect(ask(subject.dialog(), invite, asked('other'))).toEqual({
      retry: false,
      reason: 'password asked for by realm "other", the account\'s is "r"',
    });
    // The strength of one says nothing of the other.
    subject.registered('realm="registrar", nonce="n", algorithm=SHA-256, qop="auth"');
    expect(ask(subject.dialog(), invite, asked('registrar')).retry).toBe(false);
    for (const [realm, more] of [
      ['r', ''],
      ['registrar', ', algorithm=SHA-256, qop="auth"'],
    ]) {
      expect(ask(subject.dialog(), bye, asked(realm, more)).retry).toBe(true);
    }
    expect(ask(subject.dialog(), invite, asked('other'))).toEqual({
      retry: false,
      reason: 'password asked for by realm "other", the account\'s is "r", "registrar"',
    });
  });

  it('without a registrar is the first realm on the way out: a callee only comes behind it', () => {
    const subject = new Subject();
    expect(ask(subject.dialog(), bye, asked())).toEqual({
      retry: false,
      reason: 'password asked for by realm "r" before the account\'s realm is known',
    });
    const digest = subject.dialog();
    expect(ask(digest, invite, asked('pbx')).retry).toBe(true);
    expect(ask(digest, invite, asked('evil'), HOP, 401).retry).toBe(false);
    expect(ask(subject.dialog(), bye, asked('pbx')).retry).toBe(true);
    expect(ask(subject.dialog(), bye, asked('evil')).retry).toBe(false);
  });

  it('is a registrar that has moved to another realm', () => {
    const subject = new Subject().registered(basic);
    expect(subject.challenge('realm="new", nonce="n"').retry).toBe(true);
  });

  it.each([
    [
      'algorithm=SHA-256, qop="auth"',
      'qop="auth"',
      'realm "r" offers only MD5 now, and offered more before',
    ],
    [
      'algorithm=SHA-256, qop="auth"',
      'algorithm=MD5-sess, qop="auth"',
      'realm "r" offers only MD5 now, and offered more before',
    ],
    ['algorithm=MD5, qop="auth"', 'algorithm=MD5', 'realm "r" offers no qop now, and did before'],
    [
      'algorithm=SHA-256, qop="auth"',
      'algorithm=SHA-256',
      'realm "r" offers no qop now, and did before',
    ],
  ])('is not who offers less than %s did: %s', (before, now, reason) => {
    const subject = new Subject().registered(`${basic}, ${before}`);
    expect(ask(subject.dialog(), invite, asked('r', `, ${now}`))).toEqual({ retry: false, reason });
    expect(subject.challenge(`realm="r", nonce="n2", ${now}`)).toEqual({ retry: false, reason });
    // Nor by the detour over another realm.
    expect(subject.challenge(`realm="new", nonce="n2", ${now}`).retry).toBe(false);
    expect(ask(subject.dialog(), invite, asked('r', `, ${before}`)).retry).toBe(true);
  });

  it('may offer more than before, and less is taken no more then', () => {
    const subject = new Subject().registered(basic);
    subject.registered('realm="r", nonce="n2", algorithm=SHA-256, qop="auth"');
    expect(subject.challenge('realm="r", nonce="n3"').retry).toBe(false);
  });

  it('may offer no less either when a call has been answered for, or the account lets a weaker one in', () => {
    const strong = 'algorithm=SHA-256, qop="auth"';
    const subject = new Subject().registered(`${basic}, ${strong}`);
    expect(ask(subject.dialog(), invite, asked('r', `, ${strong}`)).retry).toBe(true);
    expect(ask(subject.dialog(), invite, asked()).retry).toBe(false);
    const weak = read(basic);
    if (weak) subject.account.learn(weak);
    expect(ask(subject.dialog(), invite, asked('r', ', qop="auth"')).retry).toBe(false);
  });

  it('may offer in a new realm what one of its realms does', () => {
    for (const weaker of ['', ', algorithm=MD5, qop="auth"', ', algorithm=SHA-256']) {
      const subject = new Subject().registered(
        `${basic}, algorithm=SHA-256, qop="auth"`,
        `realm="s", nonce="n"${weaker}`,
      );
      subject.registered(`realm="s", nonce="n"${weaker}`);
      expect(subject.challenge(`realm="new", nonce="n"${weaker}`).retry).toBe(true);
    }
  });

  it('is not raised by what a callee offers', () => {
    const subject = new Subject();
    const digest = subject.dialog();
    ask(digest, invite, asked('r', ', algorithm=SHA-256, qop="auth"'));
    digest.accepted(createResponse(invite, 200));
    expect(subject.challenge(basic).retry).toBe(true);
  });

  it('are a bounded number of hops and realms', () => {
    const subject = new Subject();
    for (let i = 0; i < 40; i++) {
      subject.account.addHop({ address: `10.0.1.${i}`, port: 5060 });
      subject.registered(`realm="r${i}", nonce="n"`);
    }
    const known = Array.from({ length: 40 }, (_, i) => i).filter((i) =>
      subject.account.isHop({ address: `10.0.1.${i}`, port: 5060 }),
    );
    expect(known).toHaveLength(16);
    expect(known.at(-1)).toBe(39);
  });
});
