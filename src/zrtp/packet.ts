import { crc32c } from './crc32c';

/** RFC 6189 §5: what a message travels in. */
export interface Packet {
  readonly sequence: number;
  /** Of the stream of RTP that it is about. */
  readonly ssrc: number;
  readonly message: Buffer;
}

const MAGIC = 0x5a525450;
const HEAD_BYTES = 12;
const CRC_BYTES = 4;

export function writePacket({ sequence, ssrc, message }: Packet): Buffer {
  const packet = Buffer.alloc(HEAD_BYTES + message.length + CRC_BYTES);
  packet.writeUInt16BE(0x1000, 0);
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(MAGIC, 4);
  packet.writeUInt32BE(ssrc >>> 0, 8);
  message.copy(packet, HEAD_BYTES);
  const end = HEAD_BYTES + message.length;
  // As SCTP has it, the low byte first.
  packet.writeUInt32LE(crc32c(packet.subarray(0, end)), end);
  return packet;
}

/** Undefined for what is no such packet, or was changed on the way. */
export function readPacket(bytes: Uint8Array): Packet | undefined {
  const packet = Buffer.from(bytes);
  const end = packet.length - CRC_BYTES;
  if (end < HEAD_BYTES || packet.readUInt8(0) >> 4 !== 1) return undefined;
  if (packet.readUInt32BE(4) !== MAGIC) return undefined;
  if (packet.readUInt32LE(end) !== crc32c(packet.subarray(0, end))) return undefined;
  return {
    sequence: packet.readUInt16BE(2),
    ssrc: packet.readUInt32BE(8),
    message: packet.subarray(HEAD_BYTES, end),
  };
}
