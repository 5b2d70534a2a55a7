import type { SocketAddress, TransportProtocol } from '../transport';

/** What is known of a message besides its octets. */
export interface MessageFacts {
  /** From 1, in the order of time. */
  readonly number: number;
  /** On the clock, ms. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly protocol: TransportProtocol;
  readonly remote: SocketAddress;
  /** Of its Call-ID, so that a call's messages are found without being read. */
  readonly hash: number;
  /** How long it was on the wire; more than is kept, if it was too long. */
  readonly octets: number;
}

export interface KeptMessage extends MessageFacts {
  readonly bytes: Uint8Array;
}

export interface RingLimits {
  readonly bytes: number;
  readonly messages: number;
}

const PROTOCOLS = ['UDP', 'TCP', 'TLS', 'SCTP'] as const;
const LATIN1 = 'latin1';

/** Where what stands in a record. */
const AT = {
  size: 0,
  number: 4,
  time: 12,
  octets: 20,
  hash: 24,
  port: 28,
  addressLength: 30,
  flags: 31,
  address: 32,
} as const;

/** Bits of `flags`. */
const IS_OUT = 1;
const IS_TAKEN = 2;
const PROTOCOL_SHIFT = 2;

/**
 * The last messages in a fixed room: so many octets, so many messages; the oldest give way and are counted.
 * The room is had with the first message, and none is after it. A record is its facts, the remote address, the
 * octets; it lies in one piece.
 */
export class MessageRing {
  readonly #limits: RingLimits;
  #room = Buffer.alloc(0);
  #count = 0;
  #dropped = 0;
  /** Of the oldest record, and where the next one goes. */
  #head = 0;
  #tail = 0;
  /** Where the records before the beginning of the room end, while there are any: `tail` lies before `head` then. */
  #end: number | undefined;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  /** Messages that gave way. */
  get dropped(): number {
    return this.#dropped;
  }

  /** `bytes` is copied; it and its address shall take less than the room. */
  add(facts: MessageFacts, bytes: Uint8Array): void {
    if (this.#room.length === 0) this.#room = Buffer.alloc(this.#limits.bytes);
    if (this.#count >= this.#limits.messages) this.#dropOldest();
    const { address, port } = facts.remote;
    const start = this.#place(AT.address + address.length + bytes.length);
    const room = this.#room;
    room.writeUInt32LE(this.#tail - start, start + AT.size);
    room.writeDoubleLE(facts.number, start + AT.number);
    room.writeDoubleLE(facts.at, start + AT.time);
    room.writeUInt32LE(facts.octets, start + AT.octets);
    room.writeUInt32LE(facts.hash, start + AT.hash);
    room.writeUInt16LE(port, start + AT.port);
    room.writeUInt8(address.length, start + AT.addressLength);
    const protocol = PROTOCOLS.indexOf(facts.protocol) << PROTOCOL_SHIFT;
    room.writeUInt8((facts.direction === 'out' ? IS_OUT : 0) | protocol, start + AT.flags);
    room.write(address, start + AT.address, LATIN1);
    room.set(bytes, start + AT.address + address.length);
    this.#count += 1;
  }

  /** Copies, oldest first. */
  messages(): KeptMessage[] {
    return this.#offsets().map((start) => this.#read(start));
  }

  /** Takes out those with that hash that `isMeant`; they do not count as dropped. */
  take(hash: number, isMeant: (message: KeptMessage) => boolean): KeptMessage[] {
    const taken: KeptMessage[] = [];
    for (const start of this.#offsets()) {
      if (this.#room.readUInt32LE(start + AT.hash) !== hash) continue;
      const message = this.#read(start);
      if (!isMeant(message)) continue;
      const flags = this.#room.readUInt8(start + AT.flags);
      this.#room.writeUInt8(flags | IS_TAKEN, start + AT.flags);
      taken.push(message);
    }
    return taken;
  }

  /** Of the records that were not taken. */
  #offsets(): number[] {
    const offsets: number[] = [];
    let start = this.#head;
    for (let left = this.#count; left > 0; left -= 1) {
      if (start === this.#end) start = 0;
      if (!this.#isTaken(start)) offsets.push(start);
      start += this.#room.readUInt32LE(start + AT.size);
    }
    return offsets;
  }

  #isTaken(start: number): boolean {
    return (this.#room.readUInt8(start + AT.flags) & IS_TAKEN) !== 0;
  }

  #read(start: number): KeptMessage {
    const room = this.#room;
    const flags = room.readUInt8(start + AT.flags);
    const bytesAt = start + AT.address + room.readUInt8(start + AT.addressLength);
    return {
      number: room.readDoubleLE(start + AT.number),
      at: room.readDoubleLE(start + AT.time),
      direction: flags & IS_OUT ? 'out' : 'in',
      protocol: PROTOCOLS[flags >> PROTOCOL_SHIFT] ?? 'UDP',
      remote: {
        address: room.toString(LATIN1, start + AT.address, bytesAt),
        port: room.readUInt16LE(start + AT.port),
      },
      hash: room.readUInt32LE(start + AT.hash),
      octets: room.readUInt32LE(start + AT.octets),
      bytes: Uint8Array.from(room.subarray(bytesAt, start + room.readUInt32LE(start + AT.size))),
    };
  }

  /** Room for a record of that size, in one piece; moves `tail` behind it. */
  #place(size: number): number {
    for (;;) {
      if (this.#count === 0) this.#empty();
      const limit = this.#end === undefined ? this.#room.length : this.#head;
      if (this.#tail + size <= limit) break;
      if (this.#end === undefined) {
        this.#end = this.#tail;
        this.#tail = 0;
      } else this.#dropOldest();
    }
    const start = this.#tail;
    this.#tail += size;
    return start;
  }

  #dropOldest(): void {
    if (!this.#isTaken(this.#head)) this.#dropped += 1;
    this.#count -= 1;
    this.#head += this.#room.readUInt32LE(this.#head + AT.size);
    if (this.#head === this.#end) {
      this.#head = 0;
      this.#end = undefined;
    }
  }

  #empty(): void {
    this.#head = 0;
    this.#tail = 0;
    this.#end = undefined;
  }
}
