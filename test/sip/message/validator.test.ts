import { describe, expect, it, test } from 'vitest';
import {
  type Capabilities,
  type Verdict,
  validateRequest,
  validateResponse,
} from '../../../src/sip/message';
import { invite, ok } from './samples';
import { parsed } from './torture';

const PHONE: Capabilities = {
  methods: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS'],
  extensions: ['100rel'],
  contentTypes: ['application/sdp'],
};

function verdictOf(text: string): Verdict {
  const message = parsed(text);
  return message.kind === 'request' ? validateRequest(message, PHONE) : validateResponse(message);
}

function as(method: string, lines: readonly string[] = [], body = ''): string {
  return invite(lines, body).replaceAll('INVITE', method);
}

const SDP = ['Content-Type: application/sdp'];

describe('a request that is served', () => {
  test.each([
    ['a plain INVITE', invite()],
    ['an INVITE with SDP', invite(SDP, 'v=0')],
    ['one whose type is in other letters', invite(['c: Application/SDP;charset=x'], 'v=0')],
    ['one that requires what we support', invite(['Require: 100Rel'])],
    ['one that accepts anything', invite(['Accept: */*'])],
    ['one that accepts application/*', invite(['Accept: text/html, application/*;q=0.1'])],
    [
      'an optional body of unknown type',
      invite(['Content-Type: x/y', 'Content-Disposition: render;handling=optional'], 'z'),
    ],
    ['a malformed Route', invite(['Route: <<'])],
    ['an unreadable Accept', invite(['Accept: application/sdp, //'])],
    ['an Accept with an empty element', invite(['Accept: application/sdp, '])],
    ['BYE with a malformed Contact', as('BYE', ['Contact: <'])],
    ['the same Call-ID twice', invite(['i: 3848276298220188511@atlanta.example.com'])],
    ['a plain encoding', invite([...SDP, 'Content-Encoding: identity'], 'v=0')],
    ['CANCEL that requires anything', as('CANCEL', ['Require: x'])],
    ['ACK that requires anything', as('ACK', ['Require: x'])],
    ['a description without a type', invite([], 'v=0')],
    ['a description with an empty type', invite(['Content-Type:'], 'v=0')],
    ['no encoding', invite([...SDP, 'Content-Encoding:'], 'v=0')],
    ['a Contact with a colon and no port', invite(['Contact: <sip:a@b:>'])],
    ['an empty tag', invite().replace(/(To: .*)/, '$1;tag=')],
    [
      'a malformed Contact where the dialog has one',
      invite(['Contact: <sip:a@b']).replace(/(To: .*)/, '$1;tag=x'),
    ],
    ['a type without a body', invite(['Content-Type: x/y', 'Content-Length: 0'])],
  ])('%s', (_what, text) => {
    expect(verdictOf(text)).toEqual({ kind: 'accept' });
  });
});

describe('a request that is refused', () => {
  test.each([
    [405, 'a known method that is not served', as('SUBSCRIBE')],
    [501, 'an unknown method', as('FROB')],
    [501, 'a method in small letters', as('invite')],
    [505, 'another version', invite().replace('com SIP/2.0', 'com SIP/2.1')],
    [416, 'a tel URI', invite().replace('INVITE sip:bob@biloxi.example.com', 'INVITE tel:+1')],
    [420, 'an unknown extension', invite(['Require: 100rel, foo'])],
    [415, 'a body of unknown type', invite(['Content-Type: text/html'], 'x')],
    [415, 'an encoded body', invite([...SDP, 'e: gzip'], 'x')],
    [400, 'a body without a type', invite([], 'x')],
    [406, 'nothing acceptable', invite(['Accept: text/html'])],
    [406, 'an empty Accept', invite(['Accept:'])],
    [400, 'a malformed second Via', invite(['Via: SIP/2.0/UDP'])],
    [400, 'a malformed Contact', invite(['Contact: <sip:a@b'])],
    [
      400,
      'a From of which only the tag can be read',
      invite().replace('<sip:alice@', '<sip:').replace('.example.com>;', '.example.com ;'),
    ],
    [400, 'a CSeq without a method', invite().replace('1 INVITE', '1')],
    [400, 'two different types', invite([...SDP, 'c: text/plain'], 'v=0')],
    [400, 'a star as Contact', invite(['Contact: *'])],
    [400, 'a malformed Record-Route', invite(['Record-Route: sip:'])],
    [400, 'a malformed Content-Type', invite(['Content-Type: /'], 'x')],
    [400, 'two Call-IDs', invite(['i: other'])],
    [400, 'a Content-Length that is no number', invite(['Content-Length: 1x'])],
    [400, 'a body that is cut', invite([...SDP, 'Content-Length: 4'], 'v=0')],
    [400, 'a CSeq of 2^31', invite().replace('CSeq: 1', 'CSeq: 2147483648')],
    [400, 'a branch that is the cookie alone', invite().replace('z9hG4bK74bf9', 'z9hG4bK')],
    [400, 'header fields in the Request-URI', invite().replace('com SIP', 'com?a=b SIP')],
  ])('%i: %s', (status, _what, text) => {
    expect(verdictOf(text)).toMatchObject({ kind: 'reject', status });
  });

  it('is told what would do', () => {
    const headersOf = (text: string) => {
      const verdict = verdictOf(text);
      return verdict.kind === 'reject' ? verdict.headers : undefined;
    };
    expect(headersOf(as('SUBSCRIBE'))).toEqual([['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS']]);
    expect(headersOf(invite(['Require: 100rel, foo, bar']))).toEqual([['Unsupported', 'foo, bar']]);
    expect(headersOf(invite(['c: text/html'], 'x'))).toEqual([
      ['Accept', 'application/sdp, multipart/mixed'],
    ]);
    expect(headersOf(invite([...SDP, 'e: gzip'], 'x'))).toEqual([['Accept-Encoding', 'identity']]);
  });

  it('is dropped when it is an ACK', () => {
    expect(verdictOf(as('ACK', ['Via: <']))).toMatchObject({
      kind: 'drop',
      problem: expect.stringContaining('expected well-formed Via values'),
    });
  });
});

describe('a response', () => {
  test.each([
    ['a 200', ok()],
    ['a status that has no name', ok().replace('200 OK', '699 ')],
    ['a malformed Contact, which is for the dialog to judge', ok(['Contact: <'])],
  ])('%s is used', (_what, text) => {
    expect(verdictOf(text)).toEqual({ kind: 'accept' });
  });

  test.each([
    ['a status below 100', ok().replace('200', '099')],
    ['a status beyond 699', ok().replace('200', '700')],
    ['another version', ok().replace('SIP/2.0 200', 'SIP/3.0 200')],
    ['two Via values', ok().replace('74bf9', '74bf9, SIP/2.0/UDP h')],
    ['a malformed second Via', ok(['v: x'])],
    ['two tags', ok(['f: <sip:a@b>;tag=x'])],
    ['a body that is cut', ok(['Content-Length: 1'])],
    ['a CSeq out of range', ok().replace('CSeq: 1', 'CSeq: 99999999999999999999')],
  ])('%s is dropped', (_what, text) => {
    expect(verdictOf(text)).toMatchObject({ kind: 'drop' });
  });
});
