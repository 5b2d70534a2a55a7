const HEADER_BYTES = 4;
const STUN_HEADER_BYTES = 20;
/** A header names less than 64 KiB; what has not become a packet by then is none. */
const MAX_BYTES = 66_000;

/** Cuts what a TURN server sends in a stream into STUN messages and ChannelData (RFC 8656 §12.5). */
export class StreamFramer {
  #rest: Buffer = Buffer.alloc(0);

  /** The packets that are whole by now; undefined for what is neither. */
  take(bytes: Uint8Array): readonly Uint8Array[] | undefined {
    let rest = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    const packets: Uint8Array[] = [];
    while (rest.length >= HEADER_BYTES) {
      const first = rest[0] ?? 0xff;
      const isStun = first < 0x40;
      if (!isStun && first > 0x4f) return undefined;
      const size = (isStun ? STUN_HEADER_BYTES : HEADER_BYTES) + rest.readUInt16BE(2);
      const taken = Math.ceil(size / 4) * 4;
      if (rest.length < taken) break;
      packets.push(rest.subarray(0, size));
      rest = rest.subarray(taken);
    }
    if (rest.length > MAX_BYTES) return undefined;
    this.#rest = Buffer.from(rest);
    return packets;
  }
}
