// Shows RFC 5922.

import { describe, expect, it } from 'vitest';
import { isFor, namesOf } from '../../../src/sip/transport/server-identity';

const certificate = (subjectAltName?: string, subject = 'CN=example.org') => ({
  ...{ subject, issuer: 'CN=Root', subjectAltName },
});

describe('whom a certificate is for (RFC 5922 §7)', () => {
  it.each([
    ['URI:sip:example.org', 'example.org', true],
    ['URI:sips:example.org;transport=tls', 'EXAMPLE.org.', true],
    ['URI:sip:alice@example.org', 'example.org', false],
    ['URI:https://example.org', 'example.org', false],
    ['DNS:example.org', 'example.org', true],
    ['DNS:Example.ORG, DNS:other.example', 'example.org', true],
    ['DNS:sip.example.org', 'example.org', false],
    ['DNS:example.org', 'sip.example.org', false],
    // SIP URIs, where there are some, say it all.
    ['DNS:proxy.example.org, URI:sip:example.org', 'proxy.example.org', false],
    ['DNS:proxy.example.org, URI:sip:example.org', 'example.org', true],
    // §7.2: no wildcards.
    ['DNS:*.example.org', 'sip.example.org', false],
    ['IP Address:192.0.2.7', '192.0.2.7', true],
    ['IP Address:2001:DB8:0:0:0:0:0:7', '2001:db8::7', true],
    ['DNS:192.0.2.7', '192.0.2.7', false],
    // What looks like a second entry is part of the first one's text.
    ['DNS:"a\\", DNS:example.org"', 'example.org', false],
    ['DNS:"x, DNS:example.org"', 'example.org', false],
  ])('%s for %s: %s', (names, wanted, is) => {
    expect(isFor(certificate(names), wanted, false)).toBe(is);
  });

  it('has no common name in the place of alternative ones', () => {
    expect(isFor(certificate(), 'example.org', false)).toBe(false);
  });

  it.each([
    [undefined, 'example.org', true],
    ['DNS:other.example', 'example.org', false],
    ['IP Address:192.0.2.7', 'example.org', false],
    ['DNS:*.example.org', 'sip.example.org', true],
    ['DNS:*.example.org', 'a.b.example.org', false],
    ['DNS:*.example.org', 'example.org', false],
    ['DNS:*.org', 'example.org', false],
    ['DNS:*', 'example', false],
    ['DNS:s*.example.org', 'sip.example.org', false],
    ['DNS:proxy.example.org, URI:sip:example.org', 'proxy.example.org', true],
  ])('where names are loose: %s for %s: %s', (names, wanted, is) => {
    expect(isFor(certificate(names), wanted, true)).toBe(is);
  });

  it('is told in words', () => {
    expect(namesOf(certificate('DNS:a.example, URI:sip:a.example, IP Address:192.0.2.7'))).toBe(
      'a.example, 192.0.2.7',
    );
    expect(namesOf(certificate(undefined, 'O=Home\nCN=pbx'))).toBe('O=Home, CN=pbx');
  });
});
