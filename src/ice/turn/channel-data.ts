/** RFC 8656 §12: a channel's number goes before what it carries. */
export const FIRST_CHANNEL = 0x4000;
export const LAST_CHANNEL = 0x4fff;

const HEADER_BYTES = 4;

export interface ChannelData {
  readonly channel: number;
  readonly payload: Uint8Array;
}

/** Undefined for what is none (§12.4). */
export function readChannelData(octets: Uint8Array): ChannelData | undefined {
  const bytes = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  if (bytes.length < HEADER_BYTES) return undefined;
  const channel = bytes.readUInt16BE(0);
  const length = bytes.readUInt16BE(2);
  const isOne = channel >= FIRST_CHANNEL && channel <= LAST_CHANNEL;
  if (!isOne || bytes.length < HEADER_BYTES + length) return undefined;
  return { channel, payload: bytes.subarray(HEADER_BYTES, HEADER_BYTES + length) };
}
