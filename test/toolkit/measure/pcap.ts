import { readFileSync } from 'node:fs';

/** One UDP datagram of a capture. */
export interface Datagram {
  /** Nanoseconds of the capture's clock. */
  readonly at: bigint;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly payload: Buffer;
}

const MAGIC_NANO = 0xa1b23c4d;
const MAGIC_MICRO = 0xa1b2c3d4;
const LINK_ETHERNET = 1;
const PROTOCOL_UDP = 17;

/**
 * The IPv4 UDP datagrams of a little-endian pcap file of Ethernet frames (what tcpdump writes for the
 * loopback device), in order. Fragments and a truncated last record are left out.
 * @throws Error when the file is something else.
 */
export function readPcap(path: string): Datagram[] {
  const file = readFileSync(path);
  const magic = file.length >= 24 ? file.readUInt32LE(0) : 0;
  if (magic !== MAGIC_NANO && magic !== MAGIC_MICRO) {
    throw new Error(`${path} is no little-endian pcap file`);
  }
  const link = file.readUInt32LE(20);
  if (link !== LINK_ETHERNET)
    throw new Error(`${path}: link type ${link}, expected ${LINK_ETHERNET}`);
  const unit = magic === MAGIC_NANO ? 1n : 1000n;
  const datagrams: Datagram[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const seconds = BigInt(file.readUInt32LE(at));
    const fraction = BigInt(file.readUInt32LE(at + 4));
    const length = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + 16, at + 16 + length);
    at += 16 + length;
    if (frame.length < length) break;
    const datagram = parseFrame(seconds * 1_000_000_000n + fraction * unit, frame);
    if (datagram) datagrams.push(datagram);
  }
  return datagrams;
}

function parseFrame(at: bigint, frame: Buffer): Datagram | undefined {
  if (frame.length < 42 || frame.readUInt16BE(12) !== 0x0800) return undefined;
  const header = ((frame[14] ?? 0) & 15) * 4;
  const fragment = frame.readUInt16BE(20) & 0x3fff;
  if (frame[23] !== PROTOCOL_UDP || fragment !== 0) return undefined;
  const udp = 14 + header;
  if (frame.length < udp + 8) return undefined;
  return {
    at,
    source: [...frame.subarray(26, 30)].join('.'),
    sourcePort: frame.readUInt16BE(udp),
    destination: [...frame.subarray(30, 34)].join('.'),
    destinationPort: frame.readUInt16BE(udp + 2),
    payload: frame.subarray(udp + 8, udp + frame.readUInt16BE(udp + 4)),
  };
}
