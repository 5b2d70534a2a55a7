/** A datagram that is sent again and again, and how often. */
export interface Flood {
  readonly name: string;
  /** One character an octet; `@@@@@@@@` becomes a number of its own in each. */
  readonly datagram: string;
  readonly perSecond: number;
  /** Addresses that it comes from; one is 127.0.0.1. */
  readonly sources: number;
  /** It seems to come from this port of 127.0.0.1, whoever has it. */
  readonly forgedPort?: number;
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

/** Where a call's media come and go. */
export interface MediaPorts {
  readonly audio: number;
  readonly video: number;
}

export interface MediaFlood extends Flood {
  readonly port: number;
}

const PCMU = 0;
const COMFORT_NOISE = 13;

/** What a call's RTP and RTCP ports may have to stand: from strangers, and in the far end's name. */
export function mediaFloods(agent: MediaPorts, peer: MediaPorts, perSecond: number): MediaFlood[] {
  const garbage = '@@@@@@@@ is not RTP'.padEnd(172, '\x80');
  const at = (name: string, port: number, datagram: string, forgedPort?: number): MediaFlood => ({
    ...{ name, port, datagram, perSecond, sources: 1 },
    ...(forgedPort === undefined ? {} : { forgedPort }),
  });
  return [
    at('garbage at audio', agent.audio, garbage),
    at('sound of strangers at audio', agent.audio, rtp(PCMU)),
    at('garbage at video', agent.video, garbage),
    at('RTCP BYE of strangers', agent.audio + 1, rtcpBye()),
    at('forged: another format at audio', agent.audio, rtp(COMFORT_NOISE), peer.audio),
    at('forged: sound of another SSRC', agent.audio, rtp(PCMU), peer.audio),
    at('forged: garbage at video', agent.video, garbage, peer.video),
    at('forged: RTCP BYE', agent.audio + 1, rtcpBye(), peer.audio + 1),
  ];
}

/** RFC 3550 §5.1, with an SSRC that is nobody's and sound that would be heard. */
function rtp(payloadType: number): string {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(0x8000 | payloadType, 0);
  header.writeUInt32BE(0x0bad_5eed, 8);
  return header.toString('latin1') + '@@@@@@@@'.repeat(20);
}

/** RFC 3550 §6.6, behind an empty receiver report. */
function rtcpBye(): string {
  const packet = Buffer.from('80c900010bad5eed81cb00010bad5eed', 'hex');
  return packet.toString('latin1');
}
