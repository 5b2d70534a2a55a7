import { describe, expect, it } from 'vitest';
import type { DigestClient } from '../../../src/sip/auth';
import { createResponse, type SipRequest } from '../../../src/sip/message';
import { basic, HOP, read, request, response, Subject } from './challenged';

const STRANGER = { address: '10.0.0.9', port: 5060 };

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
