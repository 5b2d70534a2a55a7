import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskMessage } from '../../../src/sip/trace/mask';
import { expectLinear } from '../../support/linear';

/** Never part of what stands around it. */
const secret = fc.stringMatching(/^[A-Za-z0-9+/]{12,40}$/).map((text) => `q${text}Z`);
const blank = fc.constantFrom('', ' ', '\t', '  ');
const cased = (word: string) => fc.constantFrom(word, word.toLowerCase(), word.toUpperCase());
const lineEnd = fc.constantFrom('\r\n', '\n');

const DIGEST_FIELDS = [
  'Authorization',
  'Proxy-Authorization',
  'WWW-Authenticate',
  'Proxy-Authenticate',
];

/** A line with a secret in it, as it may come or go. */
const line = secret.chain((hidden) =>
  fc
    .oneof(
      // A digest, in any order, quoted or not, folded or not.
      fc
        .tuple(
          fc.constantFrom(...DIGEST_FIELDS).chain(cased),
          blank,
          cased('Digest'),
          fc.constantFrom('response', 'nonce', 'cnonce', 'opaque', 'x-other').chain(cased),
          fc.constantFrom('"', ''),
          fc.constantFrom(', ', ',', ' ,\t', ',\r\n ', ',\n\t'),
          fc.boolean(),
        )
        .map(([name, space, scheme, parameter, quote, comma, isFirst]) => {
          const pair = `${parameter}=${quote}${hidden}${quote}`;
          const others = [`realm="a, \\"b\\" c"`, 'algorithm=MD5', 'uri="sip:example.org"'];
          const all = isFirst ? [pair, ...others] : [...others, pair];
          return `${name}${space}: ${scheme} ${all.join(comma)}`;
        }),
      fc
        .tuple(cased('Authentication-Info'), fc.constantFrom('nextnonce', 'rspauth', 'cnonce'))
        .map(([name, parameter]) => `${name}: qop=auth, ${parameter}="${hidden}", nc=00000001`),
      fc
        .tuple(cased('Authorization'), fc.constantFrom('Basic', 'Bearer', 'NTLM'))
        .map(([name, scheme]) => `${name}: ${scheme} ${hidden}==`),
      fc
        .tuple(
          fc.constantFrom('From: <', 'Contact:<', 'Route: a <', 'X: ', 'a=control:'),
          fc.constantFrom('sip:', 'sips:', 'SIP:', 'rtsp://', 'https://'),
          fc.constantFrom('bob', '', 'b%40b'),
          fc.constantFrom('', 'x@', ':', 'p:'),
        )
        .map(
          ([before, scheme, user, odd]) => `${before}${scheme}${user}:${odd}${hidden}@example.org>`,
        ),
      fc
        .tuple(blank, cased('crypto'), fc.constantFrom('', '|2^20|1:4'))
        .map(
          ([space, name, life]) =>
            `${space}a=${name}:1 AES_CM_128_HMAC_SHA1_80 inline:${hidden}${life}`,
        ),
      fc
        .constantFrom('a=ice-pwd:', 'a=ice-pwd: ', 'k=clear:', 'k=base64:', 'a=key-mgmt:mikey ')
        .map((before) => before + hidden),
    )
    .map((text) => ({ text, hidden })),
);

describe('what a trace shows of a message', () => {
  it('holds no secret, wherever it stands and however it is written', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), lineEnd, (lines, end) => {
        const text = ['INVITE sip:a@b SIP/2.0', ...lines.map((one) => one.text), ''].join(end);
        const masked = maskMessage(text);
        for (const { hidden } of lines) expect(masked).not.toContain(hidden);
        // One line each, all of them still there.
        expect(masked.split(/\r?\n/)[0]).toBe('INVITE sip:a@b SIP/2.0');
        expect(masked.endsWith(end)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is all that gives nothing away', () => {
    const text = [
      'REGISTER sip:example.org SIP/2.0',
      'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnonce;rport',
      'To: "Response: 5" <sip:car@example.org;user=phone>',
      'Contact: <sip:car@192.0.2.1:5060>, <sip:car@[2001:db8::1]:5060;transport=tcp>',
      'Call-ID: a:b@c',
      'Subject: nonce=5 response=6',
      'Content-Length: 19',
      '',
      'a=rtpmap:0 PCMU/8000',
    ].join('\r\n');
    expect(maskMessage(text)).toBe(text);
  });

  it('is the harmless part of a digest, on one line', () => {
    const text =
      'Authorization: Digest username="car",\r\n realm="example.org" , nonce="abc", uri="sip:example.org",\r\n\tresponse="def", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="x", foo=bar\r\nExpires: 60\r\n';
    expect(maskMessage(text)).toBe(
      'Authorization: Digest username="car", realm="example.org", nonce=***, uri="sip:example.org", response=***, algorithm=SHA-256, qop=auth, nc=00000001, cnonce=***, ***\r\nExpires: 60\r\n',
    );
    expect(maskMessage('authorization: Basic QTpi\r\n')).toBe('authorization: Basic ***\r\n');
    // A text that is not closed might hold the rest.
    expect(maskMessage('Authorization: Digest realm="a, response=secret\r\n')).not.toContain(
      'secret',
    );
  });

  it.each([
    [
      'Content-Type: application/dtmf-relay',
      'Signal=5\r\nDuration=160\r\n',
      'Signal=*\r\nDuration=160\r\n',
    ],
    ['c:application/dtmf-relay ; x=y', 'signal = #\n duration = 9', 'signal = *\n duration = 9'],
    ['CONTENT-TYPE : Application/DTMF', '12\r\n', '**\r\n'],
    ['Content-Type: application/dtmf', 'Signal 7', '****** *'],
    ['Content-Type: application/dtmf-relays', 'Signal=5', 'Signal=5'],
    ['Content-Type: text/plain', 'Signal=5', 'Signal=5'],
  ])('has no key that was pressed, perhaps of a PIN: %s, %j', (type, body, shown) => {
    const head = `INFO sip:a@b SIP/2.0\r\nCSeq: 5 INFO\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(maskMessage(head + body)).toBe(head + shown);
    expect(maskMessage(head.trimEnd())).toBe(head.trimEnd());
  });

  it('keeps the length of a body', () => {
    const body =
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZi|2^20\r\na=ice-pwd:asd8\r\n';
    expect(maskMessage(body)).toBe(
      `a=crypto:1 AES_CM_128_HMAC_SHA1_80 ${'*'.repeat(32)}\r\na=ice-pwd:****\r\n`,
    );
  });

  it.each([
    ['sip:', '@'],
    ['a b', '\n'],
    ['Authorization: Digest ', ','],
    ['Authorization: Digest a', 'a'],
    ['Authorization: Digest a="', '\\"'],
    ['Authorization: Digest ', ' \n '],
    ['k=', ' '],
    ['sip:a:', ':'],
  ])('is made in time that grows with its length: %j, %j', (head, more) => {
    expectLinear((length) => {
      const count = Math.ceil(length / (head.length + more.length));
      return head.repeat(count) + more.repeat(count);
    }, maskMessage);
  });
});
