import type { SipMessage } from '../../../src/sip/message';

/** An INVITE as a phone sends it; `extra` lines go behind the mandatory ones. */
export function invite(extra: readonly string[] = [], body = ''): string {
  return [
    'INVITE sip:bob@biloxi.example.com SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.101:5060;rport;branch=z9hG4bK74bf9',
    'Max-Forwards: 70',
    'From: "Alice" <sip:alice@atlanta.example.com>;tag=9fxced76sl',
    'To: Bob <sip:bob@biloxi.example.com>',
    'Call-ID: 3848276298220188511@atlanta.example.com',
    'CSeq: 1 INVITE',
    ...extra,
    '',
    body,
  ].join('\r\n');
}

/** A 200 to it. */
export function ok(extra: readonly string[] = [], body = ''): string {
  return [
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/UDP 192.0.2.101:5060;rport=5062;received=192.0.2.7;branch=z9hG4bK74bf9',
    'From: "Alice" <sip:alice@atlanta.example.com>;tag=9fxced76sl',
    'To: Bob <sip:bob@biloxi.example.com>;tag=8321234356',
    'Call-ID: 3848276298220188511@atlanta.example.com',
    'CSeq: 1 INVITE',
    ...extra,
    '',
    body,
  ].join('\r\n');
}

/** All that a message can tell, but for Content-Length, which the serializer corrects. */
export function readAll(message: SipMessage): unknown[] {
  const names = ['Via', 'Contact', 'Route', 'Record-Route', 'Content-Type'] as const;
  return [
    message.startLine,
    message.topVia,
    message.vias,
    message.from,
    message.to,
    message.callId,
    message.cseq,
    message.contacts,
    message.isContactStar,
    message.routes,
    message.recordRoutes,
    message.referTo,
    message.maxForwards,
    message.expires,
    message.minExpires,
    message.retryAfter,
    message.require,
    message.proxyRequire,
    message.supported,
    message.unsupported,
    message.allow,
    message.contentType,
    message.accept,
    message.event,
    message.reasons,
    message.date,
    message.wwwAuthenticate,
    message.proxyAuthenticate,
    message.authorization,
    message.proxyAuthorization,
    message.subject,
    message.userAgent,
    message.server,
    message.bodyText,
    ...names.map((name) => message.isMalformed(name)),
  ];
}
