import { describe, expect, it, test } from 'vitest';
import { parseMessage, replyToFailure, serializeMessage } from '../../../src/sip/message';
import { invite, ok } from './samples';
import { failed, parsed } from './torture';

describe('a datagram', () => {
  it('is a request or a response', () => {
    expect(parsed(invite())).toMatchObject({ kind: 'request', method: 'INVITE' });
    expect(parsed(ok())).toMatchObject({ kind: 'response', status: 200, reason: 'OK' });
  });

  it('may come as a plain Uint8Array within a larger buffer', () => {
    const padded = Buffer.from(`xx${invite()}`);
    const bytes = new Uint8Array(padded.buffer, padded.byteOffset + 2, padded.length - 2);
    expect(parsed(bytes)).toMatchObject({ method: 'INVITE' });
  });

  it('may begin with line breaks (RFC 3261 §7.5)', () => {
    const message = parsed(`\r\n\r\n${invite(['Content-Length: 2'], 'ab')}`);
    expect(message.bodyText).toBe('ab');
  });

  it('may end its lines with LF alone', () => {
    const message = parsed(invite(['Content-Length: 2'], 'ab').replaceAll('\r\n', '\n'));
    expect(message.get('Call-ID')).toBe('3848276298220188511@atlanta.example.com');
    expect(message.bodyText).toBe('ab');
  });

  it('keeps Content-Length octets of body and discards the rest (RFC 3261 §18.3)', () => {
    expect(parsed(invite(['Content-Length: 3'], 'abcdef')).bodyText).toBe('abc');
    expect(parsed(invite([], 'abcdef')).bodyText).toBe('abcdef');
    expect(parsed(invite(['Content-Length: 0'], 'abcdef')).body).toHaveLength(0);
  });

  it('counts octets, not characters, when the head is not ASCII', () => {
    const message = parsed(invite(['Subject: Grüße 😀', 'Content-Length: 4'], 'äöü'));
    expect(message.subject).toBe('Grüße 😀');
    expect(message.bodyText).toBe('äö');
  });

  it('keeps octets that are no UTF-8 and sends them as they came', () => {
    const bytes = Buffer.concat([
      Buffer.from('SIP/2.0 486 occup\xe9\r\n', 'latin1'),
      Buffer.from(ok(['Subject: caf\xe9 \xff\xfe', 'Content-Length: 0']), 'latin1').subarray(16),
    ]);
    const message = parsed(bytes);
    expect(message.subject).toHaveLength(7);
    expect(Buffer.from(serializeMessage(message)).toString('latin1')).toBe(
      bytes.toString('latin1'),
    );
  });

  it('keeps a head in UTF-8 with folded lines', () => {
    const message = parsed(invite(['Subject: a', ' \tü', '\tb  ']));
    expect(message.subject).toBe('a ü b');
  });
});

describe('header fields', () => {
  it('have one name, whatever the case and form', () => {
    const message = parsed(invite(['s: one', 'SUBJECT : two', 'X-Own: three']));
    expect(message.getAll('subject')).toEqual(['one', 'two']);
    expect(message.count('S')).toBe(2);
    expect(message.get('x-own')).toBe('three');
    expect(message.has('x-other')).toBe(false);
  });

  test.each([
    ['b', 'Referred-By'],
    ['c', 'Content-Type'],
    ['e', 'Content-Encoding'],
    ['k', 'Supported'],
    ['l', 'Content-Length'],
    ['m', 'Contact'],
    ['o', 'Event'],
    ['r', 'Refer-To'],
    ['s', 'Subject'],
    ['u', 'Allow-Events'],
    ['x', 'Session-Expires'],
  ])('%s is the compact form of %s', (compact, name) => {
    expect(parsed(invite([`${compact}: value`])).get(name)).toBe('value');
  });

  it('keep order, spelling and unknown fields on the way through', () => {
    const text = invite(['x-b: 2', 'K: timer', 'X-A:1', 'Content-Length: 2'], 'ab');
    const sent = Buffer.from(serializeMessage(parsed(text))).toString();
    expect(sent).toBe(text.replace('X-A:1', 'X-A: 1'));
  });
});

/** What leaves a doubt about where lines end. */
const BROKEN = 'Subject: a\rb';

describe('what is no message', () => {
  test.each([
    ['nothing', ''],
    ['a keep-alive', '\r\n\r\n'],
    ['a STUN-like prefix', '\0\x01\0\0'],
    ['text', 'hello\r\n\r\n'],
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n'],
    ['a response without a status', ok().replace(' 200 OK', '')],
    ['a response with a status of letters', ok().replace(' 200 OK', ' 2xx OK')],
    ['a response without Via', ok().replace('Via', 'X-Via')],
  ])('%s is owed nothing', (_what, text) => {
    const failure = failed(text);
    expect(failure.status).toBeUndefined();
    expect(replyToFailure(failure, 'tag')).toBeUndefined();
  });

  test.each([
    ['no blank line', invite().trimEnd()],
    ['a carriage return within a line', invite(['Subject: a\rb'])],
    ['no From', invite().replace('From', 'X-From')],
    ['a CSeq without a number', invite().replace('CSeq: 1 ', 'CSeq: ')],
    ['an empty Call-ID', invite().replace(/Call-ID: .*/, 'Call-ID:')],
    ['a blank in the Call-ID', invite().replace(/Call-ID: .*/, 'Call-ID: a b')],
    ['two addresses in To', invite().replace(/To: .*/, 'To: <sip:a@b>, <sip:c@d>')],
    ['a Via without a host', invite().replace('192.0.2.101:5060', '')],
    ['a Via without a transport', invite().replace('/UDP', '')],
  ])('%s is owed 400', (_what, text) => {
    expect(failed(text).status).toBe(400);
  });

  it('carries all that could be read', () => {
    const failure = failed(invite([BROKEN, 'Subject: after it']).replace('com SIP', 'com; lr SIP'));
    expect(failure).toMatchObject({ method: 'INVITE', callId: expect.stringContaining('3848') });
    expect(`${failure.topVia} | ${failure.from} | ${failure.to} | ${failure.cseq}`).toBe(
      'SIP/2.0/UDP 192.0.2.101:5060;rport;branch=z9hG4bK74bf9' +
        ' | Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl' +
        ' | Bob <sip:bob@biloxi.example.com> | 1 INVITE',
    );
    expect(failure.fields.at(-1)?.value).toBe('after it');
  });

  it('names what was expected and found', () => {
    expect(failed(invite([BROKEN])).problem).toBe(
      'expected no carriage return within a line, found one',
    );
    expect(failed(invite().replace('To:', 'X:')).problem).toBe(
      'expected a well-formed To, found none',
    );
  });

  it('is answered with what the sender needs to find its transaction', () => {
    const reply = replyToFailure(failed(invite([BROKEN])), 'abc');
    expect(`${reply && Buffer.from(reply)}`).toBe(
      [
        'SIP/2.0 400 Bad Request',
        'Via: SIP/2.0/UDP 192.0.2.101:5060;rport;branch=z9hG4bK74bf9',
        'From: "Alice" <sip:alice@atlanta.example.com>;tag=9fxced76sl',
        'To: Bob <sip:bob@biloxi.example.com>;tag=abc',
        'Call-ID: 3848276298220188511@atlanta.example.com',
        'CSeq: 1 INVITE',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
  });

  it('is not answered when it is an ACK, nor without a Via', () => {
    const ack = invite([BROKEN]).replaceAll('INVITE', 'ACK').replace('Call-ID', 'X-Call-ID');
    expect(replyToFailure(failed(ack), 'abc')).toBeUndefined();
    const lost = failed(invite().replace('Via', 'X-Via'));
    expect(lost.status).toBe(400);
    expect(replyToFailure(lost, 'abc')).toBeUndefined();
  });

  it('is owed 505 when it speaks another version and cannot be read', () => {
    const text = invite([BROKEN]).replace('com SIP/2.0', 'com SIP/3.0');
    expect(failed(text).status).toBe(505);
  });

  it('says so also for a response cut short', () => {
    expect(parseMessage(Buffer.from(ok().slice(0, 60))).kind).toBe('failure');
  });
});
