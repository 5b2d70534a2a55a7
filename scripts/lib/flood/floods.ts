/** A datagram that is sent again and again, and how often. */
export interface Flood {
  readonly name: string;
  /** `@@@@@@@@` becomes a number of its own in each. */
  readonly datagram: string;
  readonly perSecond: number;
  /** Addresses that it comes from; one is 127.0.0.1. */
  readonly sources: number;
}

const OFFER = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0']
  .concat(['m=audio 9 RTP/AVP 0 8', ''])
  .join('\r\n');

/** A request of that method, padded to `size` octets. */
export function request(method: string, size: number): string {
  const body = method === 'INVITE' ? OFFER : '';
  const fields = [
    `${method} sip:camera@127.0.0.1 SIP/2.0`,
    'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK@@@@@@@@;rport',
    'Max-Forwards: 70',
    'From: <sip:x@@@@@@@@@127.0.0.1>;tag=@@@@@@@@',
    'To: <sip:camera@127.0.0.1>',
    'Call-ID: @@@@@@@@',
    `CSeq: 1 ${method}`,
    'Contact: <sip:x@127.0.0.1:9>',
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
  ];
  const bare = `${fields.join('\r\n')}\r\n\r\n${body}`;
  const missing = size - bare.length - 'X: \r\n'.length;
  if (missing <= 0) return bare;
  return `${fields.join('\r\n')}\r\nX: ${'x'.repeat(missing)}\r\n\r\n${body}`;
}

/** What a camera's processor may have to stand: 20 000 packets a second. */
export function fastFloods(perSecond: number): Flood[] {
  return [
    { name: 'OPTIONS', datagram: request('OPTIONS', 0), perSecond, sources: 1 },
    { name: 'REGISTER', datagram: request('REGISTER', 0), perSecond, sources: 1 },
    { name: 'INVITE', datagram: request('INVITE', 500), perSecond, sources: 1 },
    { name: 'INVITE, 200 sources', datagram: request('INVITE', 500), perSecond, sources: 200 },
    { name: 'BYE of no call', datagram: request('BYE', 0), perSecond, sources: 1 },
    { name: 'no SIP at all', datagram: '@@@@@@@@ is not SIP', perSecond, sources: 1 },
  ];
}

/** What one attacker can send with a line of 1 Mbit/s, and what used to end the agent. */
export const SLOW_FLOODS: readonly Flood[] = [
  { name: 'INVITE of 500 B', datagram: request('INVITE', 500), perSecond: 250, sources: 1 },
  {
    name: 'INVITE of 500 B, 200 sources',
    datagram: request('INVITE', 500),
    perSecond: 250,
    sources: 200,
  },
  { name: 'INVITE of 1.3 KB', datagram: request('INVITE', 1300), perSecond: 96, sources: 1 },
  { name: 'INVITE of 57 KB', datagram: request('INVITE', 57_000), perSecond: 15, sources: 1 },
  { name: 'OPTIONS of 54 KB', datagram: request('OPTIONS', 54_000), perSecond: 120, sources: 1 },
  { name: 'OPTIONS', datagram: request('OPTIONS', 0), perSecond: 416, sources: 1 },
];
