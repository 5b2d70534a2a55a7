import type { Datagram } from './pcap';

export interface RtpPacket {
  readonly at: bigint;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payloadType: number;
  readonly payload: Buffer;
}

/** The RTP packets of one SSRC from one port to another, in order of capture. */
export interface RtpStream {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly packets: readonly RtpPacket[];
}

/** Groups what is RTP (RFC 3550 §5.1; RTCP types, RFC 5761 §4, are left out) into its streams. */
export function rtpStreams(datagrams: readonly Datagram[]): RtpStream[] {
  const streams = new Map<string, RtpStream & { packets: RtpPacket[] }>();
  for (const datagram of datagrams) {
    const packet = parseRtp(datagram);
    if (!packet) continue;
    const ssrc = datagram.payload.readUInt32BE(8);
    const { sourcePort, destinationPort } = datagram;
    const key = `${sourcePort}>${destinationPort} ${ssrc}`;
    const known = streams.get(key);
    if (known) known.packets.push(packet);
    else {
      const { payloadType } = packet;
      streams.set(key, { sourcePort, destinationPort, ssrc, payloadType, packets: [packet] });
    }
  }
  return [...streams.values()].filter((stream) => stream.packets.length >= 3);
}

function parseRtp({ at, payload }: Datagram): RtpPacket | undefined {
  if (payload.length < 12) return undefined;
  const first = payload.readUInt8(0);
  const second = payload.readUInt8(1);
  const isRtcp = second >= 192 && second <= 223;
  if (first >> 6 !== 2 || isRtcp) return undefined;
  let start = 12 + 4 * (first & 15);
  if (first & 0x10) {
    if (payload.length < start + 4) return undefined;
    start += 4 + 4 * payload.readUInt16BE(start + 2);
  }
  const padding = first & 0x20 ? (payload.at(-1) ?? 0) : 0;
  if (start + padding > payload.length) return undefined;
  return {
    at,
    sequence: payload.readUInt16BE(2),
    timestamp: payload.readUInt32BE(4),
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    payload: payload.subarray(start, payload.length - padding),
  };
}

/** Packets missing from the numbering of a stream, 16-bit wrap and reordering considered. */
export function sequenceGaps(stream: RtpStream): number {
  const first = stream.packets[0];
  if (!first) return 0;
  const seen = new Set<number>();
  let highest = first.sequence;
  let extended = first.sequence;
  for (const { sequence } of stream.packets) {
    const step = ((sequence - highest + 0x18000) & 0xffff) - 0x8000;
    const place = extended + step;
    seen.add(place);
    if (step > 0) {
      highest = sequence;
      extended = place;
    }
  }
  return extended - Math.min(...seen) + 1 - seen.size;
}

/** Parts of a stream between pauses (a hold) longer than `pauseMs`. */
export function splitAtPauses(stream: RtpStream, pauseMs = 400): RtpStream[] {
  const parts: RtpPacket[][] = [];
  let previous: RtpPacket | undefined;
  for (const packet of stream.packets) {
    const paused = !previous || Number(packet.at - previous.at) / 1e6 > pauseMs;
    if (paused) parts.push([packet]);
    else parts.at(-1)?.push(packet);
    previous = packet;
  }
  return parts.map((packets) => ({ ...stream, packets }));
}

export interface Pacing {
  readonly packets: number;
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Per packet: seconds since the first one, and its signed deviation, ms. */
  readonly points: readonly { readonly seconds: number; readonly deviationMs: number }[];
}

const SHORTEST_PART = 25;

/**
 * How far the packets of an audio stream are from the best-fitting regular grid. The place of a packet on the
 * grid is its RTP timestamp, so a packet that was left out is no deviation and one sent late is. Each part
 * between pauses has its own grid: its slope is fitted by least squares (the clock of a sender may run 0.1 ‰ off
 * ours), its origin is the median, so that a few late packets do not move it. Deviations are absolute values.
 */
export function measurePacing(stream: RtpStream, clockRate = 8000): Pacing {
  const origin = stream.packets[0]?.at ?? 0n;
  const points = splitAtPauses(stream)
    .filter((part) => part.packets.length >= SHORTEST_PART)
    .flatMap((part) => deviations(part, clockRate, origin));
  const sorted = points.map((point) => Math.abs(point.deviationMs)).sort((a, b) => a - b);
  return {
    packets: points.length,
    meanMs: sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length),
    p99Ms: quantile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? 0,
    points,
  };
}

function deviations(
  part: RtpStream,
  clockRate: number,
  origin: bigint,
): { seconds: number; deviationMs: number }[] {
  const first = part.packets[0];
  if (!first) return [];
  const place = part.packets.map(
    (packet) => (((packet.timestamp - first.timestamp) | 0) / clockRate) * 1000,
  );
  const error = part.packets.map(
    (packet, index) => Number(packet.at - first.at) / 1e6 - (place[index] ?? 0),
  );
  const drift = slopeOf(place, error);
  const level = error.map((value, index) => value - drift * (place[index] ?? 0));
  const median = quantile(
    [...level].sort((a, b) => a - b),
    0.5,
  );
  return part.packets.map((packet, index) => ({
    seconds: Number(packet.at - origin) / 1e9,
    deviationMs: (level[index] ?? 0) - median,
  }));
}

function slopeOf(x: readonly number[], y: readonly number[]): number {
  const meanX = x.reduce((sum, value) => sum + value, 0) / x.length;
  const meanY = y.reduce((sum, value) => sum + value, 0) / y.length;
  let covariance = 0;
  let variance = 0;
  x.forEach((value, index) => {
    covariance += (value - meanX) * ((y[index] ?? 0) - meanY);
    variance += (value - meanX) ** 2;
  });
  return variance === 0 ? 0 : covariance / variance;
}

/** Value below which the share `q` of the ascending values lies; 0 when there are none. */
export function quantile(ascending: readonly number[], q: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * q))] ?? 0;
}

/** RFC 3550 §6.4.1 interarrival jitter after each packet, as the receiver would compute it. */
export function jitterCurve(
  stream: RtpStream,
  clockRate = 8000,
): { seconds: number; jitterMs: number }[] {
  let jitter = 0;
  let previous: RtpPacket | undefined;
  const origin = stream.packets[0]?.at ?? 0n;
  return stream.packets.map((packet) => {
    if (previous) {
      const arrival = Number(packet.at - previous.at) / 1e6;
      const sent = (((packet.timestamp - previous.timestamp) | 0) / clockRate) * 1000;
      jitter += (Math.abs(arrival - sent) - jitter) / 16;
    }
    previous = packet;
    return { seconds: Number(packet.at - origin) / 1e9, jitterMs: jitter };
  });
}
