import { isIPv6 } from 'node:net';
import type { TraceReply } from '../../control';

type Message = TraceReply['dialogs'][number]['messages'][number];

const MAGIC = 0xa1b2c3d4;
/** Packets begin with their IP header (LINKTYPE_RAW). */
const RAW_IP = 101;
const LARGEST = 65_535;
/** TLS is written as the TCP that it runs over, its messages in the clear, and SCTP as if it were TCP. */
const PROTOCOL = { UDP: 17, TCP: 6, TLS: 6, SCTP: 6 } as const;
/** PSH and ACK: data of a connection that is up. */
const TCP_FLAGS = 0x18;

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * Messages as a capture of libpcap's format for Wireshark and tcpdump, one packet each, with IP and UDP or TCP
 * headers of their addresses. Octets of TCP are counted on, so that a stream is put together.
 */
export function pcapOf(messages: readonly Message[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(LARGEST, 16);
  header.writeUInt32LE(RAW_IP, 20);
  const sent = new Map<string, number>();
  return Buffer.concat([header, ...messages.flatMap((message) => recordOf(message, sent))]);
}

function recordOf({ at, from, to, transport, text = '' }: Message, sent: Map<string, number>) {
  const [source, target] = [endpointOf(from), endpointOf(to)];
  const bytes = Buffer.from(text);
  const segment =
    transport === 'UDP' ? udp(source, target, bytes) : tcp(source, target, bytes, sent);
  const protocol = PROTOCOL[transport];
  const addresses = [addressBytes(source.address), addressBytes(target.address)] as const;
  // Both of one family; an address that is not known any more takes the other's.
  const wide = addresses.some(({ length }) => length === 16);
  const [ours, theirs] = addresses.map((address) => (wide ? widened(address) : address));
  const head = wide
    ? ipv6(segment.length, protocol, [ours ?? NONE, theirs ?? NONE])
    : ipv4(segment.length, protocol, [ours ?? NONE, theirs ?? NONE]);
  const pseudo = Buffer.concat([
    ours ?? NONE,
    theirs ?? NONE,
    word(protocol),
    word(segment.length),
  ]);
  const sum = checksum(Buffer.concat([pseudo, segment]));
  // RFC 768: zero means that there is none.
  segment.writeUInt16BE(sum === 0 ? 0xffff : sum, transport === 'UDP' ? 6 : 16);
  const packet = Buffer.concat([head, segment]);
  return [stamp(at, packet.length), packet];
}

const NONE = Buffer.alloc(4);

function stamp(at: string, length: number): Buffer {
  const ms = Date.parse(at);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(Math.floor(ms / 1000), 0);
  record.writeUInt32LE((ms % 1000) * 1000, 4);
  record.writeUInt32LE(length, 8);
  record.writeUInt32LE(length, 12);
  return record;
}

function udp(source: Endpoint, target: Endpoint, bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(source.port, 0);
  head.writeUInt16BE(target.port, 2);
  head.writeUInt16BE(8 + bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

function tcp(source: Endpoint, target: Endpoint, bytes: Buffer, sent: Map<string, number>): Buffer {
  const [there, back] = [way(source, target), way(target, source)];
  const sequence = sent.get(there) ?? 1;
  sent.set(there, sequence + bytes.length);
  const head = Buffer.alloc(20);
  head.writeUInt16BE(source.port, 0);
  head.writeUInt16BE(target.port, 2);
  head.writeUInt32BE(sequence >>> 0, 4);
  head.writeUInt32BE((sent.get(back) ?? 1) >>> 0, 8);
  head.writeUInt8(5 << 4, 12);
  head.writeUInt8(TCP_FLAGS, 13);
  head.writeUInt16BE(LARGEST, 14);
  return Buffer.concat([head, bytes]);
}

function way(from: Endpoint, to: Endpoint): string {
  return `${from.address} ${from.port} ${to.address} ${to.port}`;
}

/** RFC 791 §3.1. */
function ipv4(length: number, protocol: number, addresses: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt8(0x45, 0);
  head.writeUInt16BE(20 + length, 2);
  head.writeUInt8(64, 8);
  head.writeUInt8(protocol, 9);
  head.writeUInt16BE(checksum(Buffer.concat([head, ...addresses])), 10);
  return Buffer.concat([head, ...addresses]);
}

/** RFC 8200 §3. */
function ipv6(length: number, protocol: number, addresses: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(0x60, 0);
  head.writeUInt16BE(length, 4);
  head.writeUInt8(protocol, 6);
  head.writeUInt8(64, 7);
  return Buffer.concat([head, ...addresses]);
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let place = 0; place < bytes.length; place += 2) {
    sum += (bytes[place] ?? 0) * 256 + (bytes[place + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** `192.0.2.7:5060` or `[2001:db8::7]:5060`. */
function endpointOf(text: string): Endpoint {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  return { address: bracketed ?? plain ?? '0.0.0.0', port: Number(port ?? 0) };
}

function addressBytes(address: string): Buffer {
  return isIPv6(address) ? ipv6Bytes(address) : Buffer.from(address.split('.').map(Number));
}

/** An IPv4 address within IPv6 (RFC 4291 §2.5.5.2). */
function widened(address: Buffer): Buffer {
  return address.length === 16
    ? address
    : Buffer.concat([Buffer.alloc(10), Buffer.from([255, 255]), address]);
}

function ipv6Bytes(address: string): Buffer {
  // A zone names an interface of this machine; the tail may be written as IPv4.
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/;
  const text = address.replace(/%.*$/, '').replace(dotted, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = '', tail] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const zeros = Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return Buffer.concat(
    [...front, ...zeros, ...back].map((group) => word(Number.parseInt(group, 16))),
  );
}
