import type { RtpPacket, RtpStream } from './rtp-stream';

const NAL_IDR = 5;
const STAP_A = 24;
const FU_A = 28;

/** Types of the NAL units that a payload carries or begins (RFC 6184 §5.4: single, STAP-A, FU-A). */
export function nalTypes(payload: Buffer): number[] {
  const type = (payload[0] ?? 0) & 31;
  if (type === FU_A) return [(payload[1] ?? 0) & 31];
  if (type !== STAP_A) return [type];
  const types: number[] = [];
  for (let at = 1; at + 2 < payload.length; ) {
    types.push((payload[at + 2] ?? 0) & 31);
    at += 2 + payload.readUInt16BE(at);
  }
  return types;
}

/** The packet (with the marker) that completes the first IDR picture of a stream. */
export function firstPictureEnd(stream: RtpStream): RtpPacket | undefined {
  const start = stream.packets.find((packet) => nalTypes(packet.payload).includes(NAL_IDR));
  if (!start) return undefined;
  return stream.packets.find(
    (packet) => packet.timestamp === start.timestamp && packet.marker && packet.at >= start.at,
  );
}
