import { describe, expect, it, test } from 'vitest';
import {
  CSeq,
  createRequest,
  createResponse,
  HeaderError,
  NameAddr,
  OtherUri,
  Params,
  parseUri,
  type RequestParts,
  reasonPhrase,
  serializeMessage,
  Via,
} from '../../../src/sip/message';
import { invite } from './samples';
import { parsed } from './torture';

const URI = parseUri('sip:bob@biloxi.example.com');
const PARTS: RequestParts = {
  via: new Via('UDP', '192.0.2.1', 5060, Params.of({ rport: undefined, branch: 'z9hG4bKx' })),
  from: new NameAddr('Alice', parseUri('sip:alice@atlanta.example.com')).withTag('a1'),
  to: new NameAddr(undefined, URI),
  callId: 'c1',
  cseq: 7,
};

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function request(lines: readonly string[] = []) {
  const message = parsed(invite(lines));
  if (message.kind !== 'request') throw new Error('not a request');
  return message;
}

describe('a request', () => {
  it('has its fields in the order that helps proxies', () => {
    const built = createRequest('INVITE', URI, {
      ...PARTS,
      routes: [new NameAddr(undefined, parseUri('sip:proxy;lr'))],
      contact: new NameAddr(undefined, parseUri('sip:alice@192.0.2.1')),
      headers: [
        ['Supported', 'replaces'],
        ['X-Count', 2],
      ],
      body: { contentType: 'application/sdp', content: 'v=0\r\n' },
    });
    expect(text(serializeMessage(built))).toBe(
      [
        'INVITE sip:bob@biloxi.example.com SIP/2.0',
        'Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bKx',
        'Route: <sip:proxy;lr>',
        'Max-Forwards: 70',
        'From: Alice <sip:alice@atlanta.example.com>;tag=a1',
        'To: <sip:bob@biloxi.example.com>',
        'Call-ID: c1',
        'CSeq: 7 INVITE',
        'Contact: <sip:alice@192.0.2.1>',
        'Supported: replaces',
        'X-Count: 2',
        'Content-Type: application/sdp',
        'Content-Length: 5',
        '',
        'v=0\r\n',
      ].join('\r\n'),
    );
  });

  it('can be read like a received one', () => {
    const built = createRequest('BYE', URI, { ...PARTS, maxForwards: 3 });
    expect(built).toMatchObject({ method: 'BYE', callId: 'c1', maxForwards: 3 });
    expect(built.topVia.branch).toBe('z9hG4bKx');
    expect(built.cseq).toEqual(new CSeq(7, 'BYE'));
  });

  it('is copied so that the copies change alone', () => {
    const built = createRequest('INVITE', URI, PARTS);
    const copy = built.clone().set('CSeq', new CSeq(8, 'INVITE')).append('X', 'y');
    expect([built.cseq.sequence, copy.cseq.sequence]).toEqual([7, 8]);
    expect([built.has('X'), copy.has('X')]).toEqual([false, true]);
    expect(built.withUri(parseUri('sip:c@d')).startLine).toBe('INVITE sip:c@d SIP/2.0');
  });

  test.each([
    [
      'a line break in a value',
      () => createRequest('INVITE', URI, { ...PARTS, callId: 'a\r\nX: y' }),
    ],
    ['a carriage return alone', () => createRequest('INVITE', URI, { ...PARTS, callId: 'a\rb' })],
    [
      'a line feed in a display name',
      () => createRequest('INVITE', URI, { ...PARTS, to: new NameAddr('a\nb', URI) }),
    ],
    ['a method that is no token', () => createRequest('INVITE x', URI, PARTS)],
    [
      'a blank in the Request-URI',
      () => createRequest('INVITE', new OtherUri('tel', '1 2'), PARTS),
    ],
    [
      'a line break in the Request-URI',
      () => createRequest('INVITE', new OtherUri('tel', '1\r\n'), PARTS),
    ],
    [
      'a header name that is none',
      () => createRequest('INVITE', URI, { ...PARTS, headers: [['X Y', 'z']] }),
    ],
  ])('refuses %s', (_what, build) => {
    expect(build).toThrow(HeaderError);
  });
});

describe('a response', () => {
  it('copies what RFC 3261 §8.2.6 says and tags To', () => {
    const received = request(['Record-Route: <sip:p;lr>', 'Timestamp: 54', 'Subject: no']);
    const response = createResponse(received, 180, {
      toTag: 'b1',
      contact: new NameAddr(undefined, parseUri('sip:bob@192.0.2.2')),
    });
    expect(text(serializeMessage(response))).toBe(
      [
        'SIP/2.0 180 Ringing',
        'Via: SIP/2.0/UDP 192.0.2.101:5060;rport;branch=z9hG4bK74bf9',
        'From: "Alice" <sip:alice@atlanta.example.com>;tag=9fxced76sl',
        'To: Bob <sip:bob@biloxi.example.com>;tag=b1',
        'Call-ID: 3848276298220188511@atlanta.example.com',
        'CSeq: 1 INVITE',
        'Record-Route: <sip:p;lr>',
        'Contact: <sip:bob@192.0.2.2>',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
    expect(response).toMatchObject({ isProvisional: true, isFinal: false, isSuccess: false });
  });

  it('keeps a tag that is there, and Timestamp in a 100 only', () => {
    const received = request(['Timestamp: 54']);
    received.set('To', received.to.withTag('old'));
    const trying = createResponse(received, 100, { toTag: 'new' });
    expect([trying.to.tag, trying.get('Timestamp')]).toEqual(['old', '54']);
    expect(createResponse(received, 200).has('Timestamp')).toBe(false);
  });

  it('has no route set when it makes no dialog', () => {
    const received = request(['Record-Route: <sip:p;lr>']);
    expect(createResponse(received, 486).has('Record-Route')).toBe(false);
  });

  it('says a phrase of its own, or the usual one', () => {
    const received = request();
    expect(createResponse(received, 486).startLine).toBe('SIP/2.0 486 Busy Here');
    expect(createResponse(received, 486, { reason: 'Not now' }).reason).toBe('Not now');
    expect(reasonPhrase(299)).toBe('');
    expect(() => createResponse(received, 486, { reason: 'a\r\nb' })).toThrow(HeaderError);
  });

  it('carries a body', () => {
    const body = { contentType: 'application/sdp', content: Buffer.from([1, 2]) };
    const response = createResponse(request(), 200, { body, headers: [['Allow', 'INVITE']] });
    expect(response.isSuccess).toBe(true);
    expect(response.body).toHaveLength(2);
    expect(response.contentType?.type).toBe('application/sdp');
    expect(text(serializeMessage(response))).toContain('\r\nContent-Length: 2\r\n\r\n');
  });
});

describe('changing a message', () => {
  it('replaces all fields of a name at the place of the first', () => {
    const message = request(['Route: <sip:a>', 'X-A: 1', 'Route: <sip:b>']);
    expect(message.routes).toHaveLength(2);
    message.set('Route', ['<sip:c>', '<sip:d>']);
    expect(message.routes.map(String)).toEqual(['<sip:c>', '<sip:d>']);
    expect(message.fields.slice(-3).map((field) => field.name)).toEqual(['Route', 'Route', 'x-a']);
  });

  it('forgets what it had read', () => {
    const message = request(['Supported: a', 'Contact: <sip:a>', 'Record-Route: <sip:r>']);
    const before = [message.supported, message.contacts, message.recordRoutes, message.vias];
    message.set('Supported', 'b').remove('Contact').set('Record-Route', '<sip:s>');
    message.prepend('Via', new Via('UDP', 'h', undefined));
    const after = [message.supported, message.contacts, message.recordRoutes, message.vias];
    expect(before.map(String)).toEqual([
      'a',
      '<sip:a>',
      '<sip:r>',
      'SIP/2.0/UDP 192.0.2.101:5060;rport;branch=z9hG4bK74bf9',
    ]);
    expect(after.slice(0, 3).map(String)).toEqual(['b', '', '<sip:s>']);
    expect(message.topVia.host).toBe('h');
    expect(message.vias).toHaveLength(2);
  });

  it('stamps the top Via and leaves the others as they are', () => {
    const message = request();
    const folded = 'SIP/2.0/UDP a;branch=z9hG4bK1 ,  SIP/2.0/TCP b;x="y,z"';
    message.set('Via', folded);
    message.replaceTopVia(message.topVia.withParam('received', '192.0.2.9'));
    expect(message.get('Via')).toBe(
      'SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.9,  SIP/2.0/TCP b;x="y,z"',
    );
    expect(message.topVia.received).toBe('192.0.2.9');
    expect(message.vias[1]?.params.get('x')).toBe('y,z');
    expect(message.from.tag).toBe('9fxced76sl');
  });

  it('writes a Content-Length that is right, in place of the one received', () => {
    const message = parsed(invite(['l: 2', 'Content-Length: 2', 'X: y'], 'ab'));
    message.setBody('text/plain', 'abcd');
    const sent = text(serializeMessage(message));
    expect(sent).toContain('\r\nl: 4\r\nX: y\r\nContent-Type: text/plain\r\n\r\nabcd');
  });

  it('is a bug when it takes a mandatory field away', () => {
    const message = request().remove('From');
    expect(() => message.from).toThrow(/expected a well-formed From, found none; set it/);
  });
});
