// Shows RFC 4475.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import {
  parseMessage,
  replyToFailure,
  type SipMessage,
  type SipRequest,
  validateRequest,
} from '../../../src/sip/message';
import { outcomeOf, parsed, readTorture, SERVES } from './torture';

type Outcome = 'accept' | 'drop' | number;
type Row = readonly [section: string, file: string, outcome: Outcome, why: string];

/**
 * RFC 4475, section by section. Where it leaves a choice, ours is given as the reason. `accept` says
 * that the message is well-formed and goes up; what a layer above then owes is noted beside it.
 */
const TABLE: readonly Row[] = [
  ['3.1.1.1', 'wsinv', 'accept', 'a short tortuous INVITE'],
  ['3.1.1.2', 'intmeth', 'accept', 'a wide range of characters; a phone owes 501 to the method'],
  ['3.1.1.3', 'esc01', 'accept', 'escapes in URIs'],
  ['3.1.1.4', 'escnull', 'accept', 'escaped nulls in URIs'],
  ['3.1.1.5', 'esc02', 'accept', 'a percent sign that is no escape; a phone owes 501'],
  ['3.1.1.6', 'lwsdisp', 'accept', 'no blank between display name and <'],
  ['3.1.1.7', 'longreq', 'accept', 'long values'],
  ['3.1.1.8', 'dblreq', 'accept', 'what follows the Content-Length is discarded'],
  ['3.1.1.9', 'semiuri', 'accept', 'semicolons belong to the user part'],
  ['3.1.1.10', 'transports', 'accept', 'any transport in Via'],
  ['3.1.1.11', 'mpart01', 'accept', 'a binary multipart body'],
  ['3.1.1.12', 'unreason', 'accept', 'UTF-8 in the reason phrase'],
  ['3.1.1.13', 'noreason', 'accept', 'an empty reason phrase'],
  ['3.1.2.1', 'badinv01', 400, 'separators with nothing between'],
  ['3.1.2.2', 'clerr', 400, 'Content-Length beyond the datagram'],
  ['3.1.2.3', 'ncl', 400, 'negative Content-Length'],
  ['3.1.2.4', 'scalar02', 400, 'CSeq out of range'],
  ['3.1.2.5', 'scalarlg', 'drop', 'CSeq of a response out of range'],
  ['3.1.2.6', 'quotbal', 400, 'a quoted string that does not end'],
  ['3.1.2.7', 'ltgtruri', 400, 'Request-URI in angle brackets; no attempt to be liberal'],
  ['3.1.2.8', 'lwsruri', 400, 'blank within the Request-URI'],
  ['3.1.2.9', 'lwsstart', 400, 'two blanks in the start line; no attempt to be liberal'],
  ['3.1.2.10', 'trws', 400, 'blanks behind the start line; no attempt to be liberal'],
  ['3.1.2.11', 'escruri', 400, 'header fields in the Request-URI'],
  ['3.1.2.12', 'baddate', 'accept', 'Date matters to nobody here and reads as absent'],
  ['3.1.2.13', 'regbadct', 400, 'Contact with ? outside angle brackets'],
  ['3.1.2.14', 'badaspec', 400, 'blanks within the addr-spec'],
  ['3.1.2.15', 'baddn', 400, 'a comma in an unquoted display name'],
  ['3.1.2.16', 'badvers', 505, 'SIP/7.0'],
  ['3.1.2.17', 'mismatch01', 400, 'methods of start line and CSeq differ'],
  ['3.1.2.18', 'mismatch02', 501, 'the same, but the method is unknown: 501 is the better answer'],
  ['3.1.2.19', 'bigcode', 'drop', 'status beyond 699'],
  ['3.2.1', 'badbranch', 400, 'the cookie alone; refused statelessly'],
  ['3.3.1', 'insuf', 400, 'no Call-ID, From or To'],
  ['3.3.2', 'unkscm', 416, 'Request-URI of an unknown scheme'],
  ['3.3.3', 'novelsc', 416, 'Request-URI of a scheme that we never serve'],
  ['3.3.4', 'unksm2', 'accept', 'foreign schemes in To, From, Contact; a registrar would say 404'],
  ['3.3.5', 'bext01', 420, 'unknown extensions required'],
  ['3.3.6', 'invut', 415, 'a body of unknown type'],
  [
    '3.3.7',
    'regaut01',
    'accept',
    'unknown authorization scheme; a registrar would challenge again',
  ],
  ['3.3.8', 'multi01', 400, 'single fields twice'],
  ['3.3.9', 'mcl01', 400, 'two Content-Lengths'],
  ['3.3.10', 'bcast', 'drop', 'a second Via value: not for an endpoint'],
  ['3.3.11', 'zeromf', 'accept', 'Max-Forwards 0 stops proxies, not the endpoint'],
  ['3.3.12', 'cparam01', 'accept', 'unknownparam belongs to the Contact'],
  ['3.3.13', 'cparam02', 'accept', 'unknownparam belongs to the URI'],
  ['3.3.14', 'regescrt', 'accept', 'escaped header field in a Contact URI'],
  ['3.3.15', 'sdp01', 406, 'nothing acceptable to the caller'],
  ['3.4.1', 'inv2543', 'accept', 'syntax of RFC 2543'],
];

describe('RFC 4475', () => {
  test.each(TABLE)('%s %s: %s, %s', (_section, file, outcome) => {
    expect(outcomeOf(readTorture('rfc4475', `${file}.dat`))).toBe(outcome);
  });

  it('covers all 49 messages of the RFC, each once', () => {
    const folder = fileURLToPath(new URL('../../data/rfc4475', import.meta.url));
    const files = TABLE.map(([, file]) => `${file}.dat`);
    expect(files).toHaveLength(49);
    expect([...files].sort()).toEqual(readdirSync(folder).sort());
  });
});

function torture(file: string): SipMessage {
  return parsed(readTorture('rfc4475', `${file}.dat`));
}

function tortureRequest(file: string): SipRequest {
  const message = torture(file);
  if (message.kind !== 'request') throw new Error(`${file} is no request`);
  return message;
}

describe('what RFC 4475 says that its messages mean', () => {
  it('wsinv: white space, folding, case and compact forms', () => {
    const message = tortureRequest('wsinv');
    expect(message.from.displayName).toBe('J Rosenberg \\"');
    expect(message.from.tag).toBe('98asjd8');
    expect(message.to.tag).toBe('1918181833n');
    expect(message.maxForwards).toBe(68);
    expect(message.cseq).toMatchObject({ sequence: 9, method: 'INVITE' });
    expect(message.subject).toBe('');
    expect(message.vias.map((via) => `${via}`)).toEqual([
      'SIP/2.0/UDP 192.0.2.2;branch=390skdjuw',
      'SIP/2.0/TCP spindle.example.com;branch=z9hG4bK9ikj8',
      'SIP/2.0/UDP 192.168.255.111;branch=z9hG4bK30239',
    ]);
    expect(message.get('NewFangledHeader')).toBe('newfangled value continued newfangled value');
    expect(message.get('unknownheaderwithunusualvalue')).toBe(';;,,;;,;');
    const [contact] = message.contacts;
    expect(contact?.displayName).toBe('Quoted string ""');
    expect(contact?.params.get('newparam')).toBe('newvalue');
    expect(contact?.params.has('secondparam')).toBe(true);
    expect(contact?.params.get('q')).toBe('0.33');
    expect(message.routes.map(String)).toEqual([
      '<sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
    ]);
  });

  it('intmeth: every character that the grammar allows', () => {
    const message = tortureRequest('intmeth');
    expect(message.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(message.uri).toMatchObject({
      user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
      password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)",
      host: 'example.com',
    });
    expect(message.to.displayName).toBe('BEL:\x07 NUL:\0 DEL:\x7f');
    expect(message.from.displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect(message.from.params.get("fromParam''~+*_!.-%")).toBe('работающий');
    expect(message.get("extensionHeader-!.%*+_`'~")).toBe('\ufeff大停電');
  });

  it('esc01: escapes are kept on the wire and undone for people', () => {
    const message = tortureRequest('esc01');
    if (message.uri.kind !== 'sip' || message.from.uri.kind !== 'sip')
      throw new Error('no SIP URI');
    expect(message.uri.userText).toBe('sips:user@example.com');
    expect(message.from.uri.userText).toBe('I have spaces');
    const uri = message.contacts[0]?.uri;
    expect(uri?.kind === 'sip' && [...uri.params]).toEqual([
      ['%6C%72', undefined],
      ['n%61me', 'v%61lue%25%34%31'],
    ]);
  });

  it('escnull: escaped nulls', () => {
    const users = torture('escnull').contacts.map(({ uri }) => uri.kind === 'sip' && uri.userText);
    expect(users).toEqual(['\0', '\0\0']);
  });

  it('esc02: a percent sign is no escape in names', () => {
    const message = tortureRequest('esc02');
    expect(message.method).toBe('RE%47IST%45R');
    expect(message.to.displayName).toBe('%Z%45');
    expect(message.contacts).toHaveLength(2);
  });

  it('intmeth and esc02: a phone that does not know the method owes 501', () => {
    const phone = { ...SERVES, methods: ['INVITE', 'REGISTER'] };
    for (const file of ['intmeth', 'esc02']) {
      expect(validateRequest(tortureRequest(file), phone)).toMatchObject({ status: 501 });
    }
  });

  it('lwsdisp: the display name ends at the bracket', () => {
    expect(torture('lwsdisp').from.displayName).toBe('caller');
  });

  it('longreq: 34 Via values and long names', () => {
    const message = torture('longreq');
    expect(message.vias).toHaveLength(34);
    expect(message.vias[33]?.branch).toBe(`very${'long'.repeat(50)}branchvalue`);
    expect(message.from.uri.user).toBe('amazinglylongcallername'.repeat(5));
    expect(message.from.tag).toBe(`12${'982'.repeat(50)}424`);
  });

  it('dblreq: one REGISTER without a body', () => {
    const message = tortureRequest('dblreq');
    expect(message.method).toBe('REGISTER');
    expect(message.body).toHaveLength(0);
  });

  it('semiuri: the user is everything before the @', () => {
    const { uri } = tortureRequest('semiuri');
    expect(uri.kind === 'sip' && uri.userText).toBe('user;par=u@example.net');
  });

  it('transports: five of them', () => {
    const transports = torture('transports').vias.map((via) => via.transport);
    expect(transports).toEqual(['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP']);
  });

  it('mpart01: octets of the body as they came', () => {
    const bytes = readTorture('rfc4475', 'mpart01.dat');
    const message = parsed(bytes);
    expect(message.body).toHaveLength(553);
    expect(Buffer.compare(message.body, bytes.subarray(bytes.length - 553))).toBe(0);
    expect(message.contentType?.params.get('boundary')).toBe('7a9cbec02ceef655');
  });

  it('unreason and noreason: phrases', () => {
    const [unusual, none] = [torture('unreason'), torture('noreason')];
    expect(unusual.kind === 'response' && unusual.reason).toBe(
      '= 2**3 * 5**2 но сто девяносто девять - простое',
    );
    expect(none.kind === 'response' && [none.status, none.reason]).toEqual([100, '']);
  });

  it('scalar02 and baddate: what need not be understood reads as absent', () => {
    expect(torture('baddate').date).toBeUndefined();
    expect(torture('scalar02').expires).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('unksm2: URIs of other schemes are kept', () => {
    const message = torture('unksm2');
    expect([message.to, message.from, ...message.contacts].map(({ uri }) => `${uri}`)).toEqual([
      'isbn:2983792873',
      'http://www.example.com',
      'name:John_Smith',
    ]);
  });

  it('bext01: 420 names the extensions of Require, not those of Proxy-Require', () => {
    const verdict = validateRequest(tortureRequest('bext01'), SERVES);
    expect(verdict).toMatchObject({
      status: 420,
      headers: [['Unsupported', 'nothingSupportsThis, nothingSupportsThisEither']],
    });
  });

  it('regaut01: an unknown authorization scheme is readable', () => {
    const [credentials] = torture('regaut01').authorization;
    expect(credentials?.scheme).toBe('NoOneKnowsThisScheme');
    expect(credentials?.params.get('opaque-data')).toBe('here');
  });

  it('cparam01, cparam02 and regescrt: whose parameter it is', () => {
    const [header, inUri, escaped] = ['cparam01', 'cparam02', 'regescrt'].map(
      (file) => torture(file).contacts[0],
    );
    expect(header?.params.has('unknownparam')).toBe(true);
    expect(header?.uri.kind === 'sip' && header.uri.params.size).toBe(0);
    expect(inUri?.params.size).toBe(0);
    expect(inUri?.uri.kind === 'sip' && inUri.uri.params.has('unknownparam')).toBe(true);
    expect(escaped?.uri.kind === 'sip' && escaped.uri.headers.raw('Route')).toBe(
      '%3Csip:sip.example.com%3E',
    );
  });

  it('inv2543: no branch, no tag, no length', () => {
    const message = torture('inv2543');
    expect(message.topVia.hasRfc3261Branch).toBe(false);
    expect(message.from.tag).toBeUndefined();
    expect(message.contentLength).toBeUndefined();
    expect(message.bodyText).toMatch(/^v=0\r\n[\s\S]*m=audio 49217 RTP\/AVP 0\r\n/);
  });

  it('insuf: the 400 copies what is there and no more', () => {
    const failure = parseMessage(readTorture('rfc4475', 'insuf.dat'));
    if (failure.kind !== 'failure') throw new Error('insuf was accepted');
    expect(`${replyToFailure(failure, 'abc')}`).toBe(
      [
        'SIP/2.0 400 Bad Request',
        'CSeq: 193942 INVITE',
        'Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
  });
});
