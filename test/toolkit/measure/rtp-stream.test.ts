import { describe, expect, it } from 'vitest';
import type { Datagram } from './pcap';
import { measurePacing, rtpStreams, sequenceGaps, splitAtPauses } from './rtp-stream';

interface Sent {
  readonly atMs: number;
  readonly sequence: number;
  readonly timestamp: number;
}

function datagram({ atMs, sequence, timestamp }: Sent): Datagram {
  const payload = Buffer.alloc(172);
  payload.writeUInt16BE(0x8000, 0);
  payload.writeUInt16BE(sequence & 0xffff, 2);
  payload.writeUInt32BE(timestamp >>> 0, 4);
  payload.writeUInt32BE(0x1234, 8);
  return {
    at: BigInt(Math.round(atMs * 1e6)),
    source: '127.0.0.1',
    sourcePort: 4000,
    destination: '127.0.0.1',
    destinationPort: 5000,
    payload,
  };
}

/** Packets every 20 ms from a clock that is `ppm` fast, with the sequence and timestamp wrapping. */
function regular(count: number, ppm = 0, startMs = 1000): Sent[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: startMs + index * 20 * (1 - ppm / 1e6),
    sequence: 65_500 + index,
    timestamp: 0xffff_f000 + index * 160,
  }));
}

function streamOf(packets: readonly Sent[]) {
  const [stream] = rtpStreams(packets.map(datagram));
  if (!stream) throw new Error('no stream');
  return stream;
}

describe('measurePacing', () => {
  it('finds no fault with a regular stream, whatever its clock and its wraps', () => {
    for (const ppm of [0, 150, -150]) {
      expect(measurePacing(streamOf(regular(500, ppm))).maxMs).toBeLessThan(0.001);
    }
  });

  it('charges a late packet to itself alone', () => {
    const packets = regular(400).map((packet, index) =>
      index === 200 ? { ...packet, atMs: packet.atMs + 7 } : packet,
    );
    const pacing = measurePacing(streamOf(packets));
    expect(pacing.maxMs).toBeCloseTo(7, 1);
    expect(pacing.p99Ms).toBeLessThan(0.1);
  });

  it('does not take a pause or a skipped slot for a deviation', () => {
    const held = regular(400).map((packet, index) =>
      index < 200 ? packet : { ...packet, atMs: packet.atMs + 3003 },
    );
    const stream = streamOf(held.filter((_, index) => index !== 100));
    expect(splitAtPauses(stream)).toHaveLength(2);
    expect(measurePacing(stream).maxMs).toBeLessThan(0.001);
    expect(sequenceGaps(stream)).toBe(1);
  });
});

describe('rtpStreams', () => {
  it('leaves out RTCP, noise and truncated datagrams', () => {
    const rtcp = datagram({ atMs: 1, sequence: 0, timestamp: 0 });
    rtcp.payload.writeUInt16BE(0x80c8, 0);
    const noise = [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(12, 0xff)];
    const odd = noise.map((payload) => ({ ...rtcp, payload }));
    const streams = rtpStreams([rtcp, ...odd, ...regular(50).map(datagram)]);
    expect(streams.map((stream) => stream.packets.length)).toEqual([50]);
  });

  it('counts each missing number once, reordered ones not at all', () => {
    const packets = regular(60);
    const [swapped] = packets.splice(30, 1);
    if (swapped) packets.splice(33, 0, swapped);
    expect(sequenceGaps(streamOf(packets))).toBe(0);
    expect(sequenceGaps(streamOf(packets.filter((_, index) => index < 10 || index > 12)))).toBe(3);
  });
});
