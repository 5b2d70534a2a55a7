import type { Datagram } from './pcap';

/** A report block of an SR or RR (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly at: bigint;
  readonly sourcePort: number;
  /** The stream that is reported on. */
  readonly ssrc: number;
  readonly cumulativeLost: number;
  readonly jitter: number;
}

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;

/** All report blocks in the compound RTCP packets of a capture. */
export function reportBlocks(datagrams: readonly Datagram[]): ReportBlock[] {
  return datagrams.flatMap(({ at, sourcePort, payload }) => {
    const blocks: ReportBlock[] = [];
    for (const packet of rtcpPackets(payload)) {
      const type = packet.readUInt8(1);
      if (type !== SENDER_REPORT && type !== RECEIVER_REPORT) continue;
      const first = type === SENDER_REPORT ? 28 : 8;
      const count = packet.readUInt8(0) & 31;
      for (let index = 0; index < count && first + (index + 1) * 24 <= packet.length; index += 1) {
        const block = packet.subarray(first + index * 24);
        blocks.push({
          at,
          sourcePort,
          ssrc: block.readUInt32BE(0),
          cumulativeLost: block.readIntBE(5, 3),
          jitter: block.readUInt32BE(12),
        });
      }
    }
    return blocks;
  });
}

/** The packets of a compound; none when the payload is not RTCP throughout (RFC 3550 §A.2). */
export function rtcpPackets(payload: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < payload.length; ) {
    if (payload.length < at + 4 || payload.readUInt8(at) >> 6 !== 2) return [];
    const type = payload.readUInt8(at + 1);
    const end = at + 4 + 4 * payload.readUInt16BE(at + 2);
    if (type < 200 || type > 207 || end > payload.length) return [];
    packets.push(payload.subarray(at, end));
    at = end;
  }
  return packets;
}

/** Packets of a stream that its receiver last reported as lost; 0 without a report. */
export function reportedLost(blocks: readonly ReportBlock[], ssrc: number): number {
  const last = blocks.findLast((block) => block.ssrc === ssrc);
  return Math.max(0, last?.cumulativeLost ?? 0);
}
