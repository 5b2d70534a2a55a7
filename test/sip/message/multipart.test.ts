// Shows RFC 2046.

import { describe, expect, it, test } from 'vitest';
import { type Verdict, validateRequest } from '../../../src/sip/message';
import { invite, ok } from './samples';
import { parsed } from './torture';

const PHONE = { methods: ['INVITE'], extensions: [], contentTypes: ['application/sdp'] };

const SDP = 'Content-Type: application/sdp\r\n\r\nv=0\r\ns=one';
const OTHER_SDP = 'Content-Type: application/sdp\r\n\r\nv=0\r\ns=two';
const part = (type: string, disposition?: string) =>
  `Content-Type: ${type}\r\n${disposition ? `Content-Disposition: ${disposition}\r\n` : ''}\r\n<x/>`;
const ISUP = part('application/isup', 'signal;handling=optional');

/** Parts within delimiters, as a body. */
const join = (parts: readonly string[], boundary = 'b1', eol = '\r\n') =>
  `${parts.map((one) => `--${boundary}${eol}${one}${eol}`).join('')}--${boundary}--${eol}`;
const nested = (type: string, parts: readonly string[], boundary: string) =>
  `Content-Type: multipart/${type};boundary=${boundary}\r\n\r\n${join(parts, boundary)}`;

const withBody = (body: string, type = 'multipart/mixed;boundary=b1', more: string[] = []) =>
  invite([`Content-Type: ${type}`, ...more], body);

function verdictOf(text: string): Verdict {
  const message = parsed(text);
  if (message.kind !== 'request') throw new Error('expected a request');
  return validateRequest(message, PHONE);
}

describe('a session description is found', () => {
  test.each([
    ['as the only part', join([SDP]), 'v=0\r\ns=one'],
    ['before others', join([SDP, ISUP]), 'v=0\r\ns=one'],
    ['behind others', join([ISUP, part('application/pidf+xml'), SDP]), 'v=0\r\ns=one'],
    ['as the first of two', join([SDP, OTHER_SDP]), 'v=0\r\ns=one'],
    [
      'behind a preamble, before an epilogue',
      `hello\r\n${join([SDP])}--b1\r\n\r\nx`,
      'v=0\r\ns=one',
    ],
    [
      'with blanks behind the delimiters',
      join([SDP]).replace('--b1\r', '--b1 \t\r'),
      'v=0\r\ns=one',
    ],
    ['between bare line feeds', join([SDP.replaceAll('\r', '')], 'b1', '\n'), 'v=0\ns=one'],
    ['without a last delimiter', `--b1\r\n${SDP}`, 'v=0\r\ns=one'],
    [
      'with a line that only begins like one',
      join([`${SDP}\r\n--b1x\r\na=1`]),
      'v=0\r\ns=one\r\n--b1x\r\na=1',
    ],
    [
      'in base64',
      join([`Content-Transfer-Encoding: BASE64\r\n${SDP.replace('v=0\r\ns=one', 'dj0wDQo=')}`]),
      'v=0\r\n',
    ],
    [
      'quoted-printable',
      join([`Content-Transfer-Encoding: quoted-printable\r\n${SDP.replace('v=0', 'v=3D=\r\n0')}`]),
      'v=0\r\ns=one',
    ],
    ['in binary', join([`Content-Transfer-Encoding: binary\r\n${SDP}`]), 'v=0\r\ns=one'],
    [
      'with a compact, folded field',
      join([SDP.replace('Content-Type: ', 'C :\r\n ')]),
      'v=0\r\ns=one',
    ],
    [
      'in the last alternative',
      join([nested('alternative', [part('text/plain'), SDP, OTHER_SDP, part('x/y')], 'b2')]),
      'v=0\r\ns=two',
    ],
    ['in related parts', join([nested('related', [part('x/y'), SDP], 'b2')]), 'v=0\r\ns=one'],
    [
      'two levels down',
      join([nested('mixed', [nested('related', [SDP], 'b3')], 'b2'), ISUP]),
      'v=0\r\ns=one',
    ],
    [
      'not where it is of something else',
      join([SDP.replace('\r\n', '\r\nContent-Disposition: early-session\r\n'), OTHER_SDP]),
      'v=0\r\ns=two',
    ],
  ])('%s', (_what, body, description) => {
    const text = withBody(body);
    expect(parsed(text).description).toBe(description);
    expect(verdictOf(text)).toEqual({ kind: 'accept' });
  });

  it('under a boundary in quotes, in any multipart', () => {
    const body = join([SDP], 'a b:c');
    expect(parsed(withBody(body, 'Multipart/X-Own; boundary="a b:c"')).description).toContain(
      'one',
    );
  });

  it('in a response too, with a type or without', () => {
    const type = 'Content-Type: multipart/mixed;boundary=b1';
    expect(parsed(ok([type], join([ISUP, SDP]))).description).toContain('one');
    expect(parsed(ok([], 'v=0\r\ns=x')).description).toBe('v=0\r\ns=x');
    expect(parsed(ok([], 'hello')).description).toBe('');
  });

  it('nowhere in a body of another type', () => {
    const optional = ['Content-Disposition: render;handling=optional'];
    const text = withBody('v=0', 'text/plain', optional);
    expect(parsed(text).description).toBe('');
    expect(verdictOf(text)).toEqual({ kind: 'accept' });
  });
});

describe('other parts', () => {
  test.each([
    ['optional', part('x/y', 'render; handling=optional'), 'accept'],
    ['optional in other letters', part('x/y', 'signal ;HANDLING = "Optional"'), 'accept'],
    ['said nothing of', part('x/y'), 'accept'],
    ['required', part('x/y', 'session;handling=required'), 415],
    ['required by default', part('x/y', 'render'), 415],
    ['required in an unknown way', part('x/y', 'render;handling=perhaps'), 415],
    ['required within others', nested('mixed', [part('x/y', 'render')], 'b2'), 415],
  ])('%s', (_what, other, outcome) => {
    for (const parts of [
      [SDP, other],
      [other, SDP],
    ]) {
      const verdict = verdictOf(withBody(join(parts)));
      expect(verdict.kind === 'reject' ? verdict.status : verdict.kind).toBe(outcome);
    }
  });

  it('are no matter when the whole is optional, or when an alternative is understood', () => {
    const required = part('x/y', 'render;handling=required');
    const optional = ['Content-Disposition: session;handling=optional'];
    const type = 'multipart/mixed;boundary=b1';
    expect(verdictOf(withBody(join([required]), type, optional)).kind).toBe('accept');
    const alternatives = nested('alternative', [required, SDP], 'b2');
    expect(verdictOf(withBody(join([alternatives]))).kind).toBe('accept');
    const foreign = nested('alternative', [required, required], 'b2').replace(
      '\r\n\r\n',
      '\r\nContent-Disposition: session\r\n\r\n',
    );
    expect(verdictOf(withBody(join([foreign])))).toMatchObject({ status: 415 });
  });

  it('are refused by name, with what would do', () => {
    expect(verdictOf(withBody(join([SDP, part('x/y', 'render')])))).toMatchObject({
      status: 415,
      problem: 'expected a body of application/sdp, found "x/y"',
      headers: [['Accept', 'application/sdp, multipart/mixed']],
    });
  });

  test.each([
    ['no boundary', 'multipart/mixed'],
    ['an empty boundary', 'multipart/mixed;boundary=""'],
    ['a boundary that is too long', `multipart/mixed;boundary=${'b'.repeat(71)}`],
  ])('cannot be told apart with %s', (_what, type) => {
    expect(verdictOf(withBody(join([SDP]), type))).toMatchObject({ status: 415 });
  });

  it('are bounded in depth and number', () => {
    const deep = (levels: number): string => {
      let inner = SDP;
      for (let i = levels; i > 1; i--) inner = nested('mixed', [inner], `b${i}`);
      return withBody(join([inner]));
    };
    expect([4, 5].map((levels) => parsed(deep(levels)).description)).toEqual(['v=0\r\ns=one', '']);
    const wide = (count: number) =>
      parsed(withBody(join([...Array<string>(count - 1).fill(ISUP), SDP]))).description;
    expect([16, 17].map(wide)).toEqual(['v=0\r\ns=one', '']);
  });
});
