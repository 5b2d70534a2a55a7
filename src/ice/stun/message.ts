import { createHmac, timingSafeEqual } from 'node:crypto';
import { addressOf, octetsOf, type SocketAddress } from './address';
import { crc32 } from './crc32';
import { ATTRIBUTE, isUnknownAndRequired } from './words';

export type StunKind = 'request' | 'indication' | 'success' | 'error';

export interface StunAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

/** What is written: RFC 8489 §5. */
export interface StunParts {
  readonly method: number;
  readonly kind: StunKind;
  /** 12 octets. */
  readonly transaction: Uint8Array;
  readonly attributes: readonly StunAttribute[];
  /** With it the message proves who sends it (§14.5). */
  readonly key?: Uint8Array | undefined;
  /** Told apart from media by it (§14.7). */
  readonly hasFingerprint?: boolean;
}

const COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 24;
const FINGERPRINT_BYTES = 8;
const FINGERPRINT_XOR = 0x5354554e;
/** More than any message of these protocols has. */
const MAX_ATTRIBUTES = 64;
const KINDS: readonly StunKind[] = ['request', 'indication', 'success', 'error'];

export function encodeStun(parts: StunParts): Uint8Array {
  const { method, kind, transaction, attributes, key, hasFingerprint = false } = parts;
  const body = Buffer.concat(attributes.map(encodeAttribute));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(typeOf(method, KINDS.indexOf(kind)), 0);
  header.writeUInt32BE(COOKIE, 4);
  header.set(transaction, 8);
  let message = Buffer.concat([header, body]);
  if (key) {
    withLength(message, INTEGRITY_BYTES);
    const value = createHmac('sha1', key).update(message).digest();
    message = Buffer.concat([
      message,
      encodeAttribute({ type: ATTRIBUTE.messageIntegrity, value }),
    ]);
  }
  withLength(message, hasFingerprint ? FINGERPRINT_BYTES : 0);
  if (!hasFingerprint) return message;
  const value = numberValue((crc32(message) ^ FINGERPRINT_XOR) >>> 0);
  return Buffer.concat([message, encodeAttribute({ type: ATTRIBUTE.fingerprint, value })]);
}

/** The length that the header names counts what is still to come. */
function withLength(message: Buffer, more: number): void {
  message.writeUInt16BE(message.length - HEADER_BYTES + more, 2);
}

/** §5: the two bits of the class lie between those of the method. */
function typeOf(method: number, kind: number): number {
  const spread = (method & 0x000f) | ((method & 0x0070) << 1) | ((method & 0x0f80) << 2);
  return spread | ((kind & 1) << 4) | ((kind & 2) << 7);
}

function encodeAttribute({ type, value }: StunAttribute): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
}

export function textValue(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function numberValue(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}

/** ERROR-CODE, §14.8. */
export function errorValue(code: number, reason: string): Uint8Array {
  return Buffer.concat([
    Buffer.from([0, 0, Math.floor(code / 100), code % 100]),
    Buffer.from(reason, 'utf8'),
  ]);
}

/** XOR-MAPPED-ADDRESS and its like, §14.2. @throws TypeError for what is no numeric address */
export function addressValue(
  { address, port }: SocketAddress,
  transaction: Uint8Array,
): Uint8Array {
  const octets = octetsOf(address);
  if (!octets) throw new TypeError(`expected a numeric address, found "${address}"`);
  const bytes = Buffer.alloc(4 + octets.length);
  bytes[1] = octets.length === 4 ? 1 : 2;
  bytes.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
  bytes.set(masked(octets, transaction), 4);
  return bytes;
}

function masked(octets: Uint8Array, transaction: Uint8Array): Uint8Array {
  const mask = Buffer.concat([numberValue(COOKIE), transaction]);
  return octets.map((octet, index) => octet ^ (mask[index] ?? 0));
}

/** A message as it came. What it says stands for nothing before `isProvedBy`. */
export class StunMessage {
  readonly method: number;
  readonly kind: StunKind;
  readonly transaction: Uint8Array;
  readonly #attributes: readonly StunAttribute[];
  readonly #bytes: Buffer;
  /** Where MESSAGE-INTEGRITY stands; what is behind it does not count (§14.5). */
  readonly #integrityAt: number | undefined;

  private constructor(
    bytes: Buffer,
    attributes: readonly StunAttribute[],
    integrityAt: number | undefined,
  ) {
    const type = bytes.readUInt16BE(0);
    this.method = (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2);
    this.kind = KINDS[((type >> 4) & 1) | ((type >> 7) & 2)] ?? 'request';
    this.transaction = bytes.subarray(8, HEADER_BYTES);
    this.#bytes = bytes;
    this.#attributes = attributes;
    this.#integrityAt = integrityAt;
  }

  /** Undefined for what is no STUN message, or one whose fingerprint is wrong. */
  static decode(octets: Uint8Array): StunMessage | undefined {
    const bytes = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    if (bytes.length < HEADER_BYTES || (bytes[0] ?? 0xff) > 0x3f) return undefined;
    const length = bytes.readUInt16BE(2);
    const isWhole = length % 4 === 0 && bytes.length === HEADER_BYTES + length;
    if (!isWhole || bytes.readUInt32BE(4) !== COOKIE) return undefined;
    const attributes: StunAttribute[] = [];
    let integrityAt: number | undefined;
    for (let at = HEADER_BYTES; at < bytes.length; ) {
      if (at + 4 > bytes.length || attributes.length >= MAX_ATTRIBUTES) return undefined;
      const [type, size] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
      const value = bytes.subarray(at + 4, at + 4 + size);
      if (value.length < size) return undefined;
      if (type === ATTRIBUTE.fingerprint && !isFingerprint(bytes, at, value)) return undefined;
      if (type === ATTRIBUTE.messageIntegrity && integrityAt === undefined) integrityAt = at;
      else if (integrityAt === undefined || type === ATTRIBUTE.fingerprint)
        attributes.push({ type, value });
      at += 4 + Math.ceil(size / 4) * 4;
    }
    return new StunMessage(bytes, attributes, integrityAt);
  }

  get hasIntegrity(): boolean {
    return this.#integrityAt !== undefined;
  }

  /** Whether who sent it knows the key (§14.5). */
  isProvedBy(key: Uint8Array): boolean {
    const at = this.#integrityAt;
    if (at === undefined) return false;
    const found = this.#bytes.subarray(at + 4, at + INTEGRITY_BYTES);
    const head = Buffer.from(this.#bytes.subarray(0, at));
    head.writeUInt16BE(at + INTEGRITY_BYTES - HEADER_BYTES, 2);
    const right = createHmac('sha1', key).update(head).digest();
    return found.length === right.length && timingSafeEqual(found, right);
  }

  value(type: number): Uint8Array | undefined {
    return this.#attributes.find((attribute) => attribute.type === type)?.value;
  }

  text(type: number): string | undefined {
    const value = this.value(type);
    return value && Buffer.from(value).toString('utf8');
  }

  /** Of four octets. */
  number(type: number): number | undefined {
    const value = this.value(type);
    return value?.length === 4 ? Buffer.from(value).readUInt32BE(0) : undefined;
  }

  /** Of eight octets, as they stand. */
  token(type: number): Uint8Array | undefined {
    const value = this.value(type);
    return value?.length === 8 ? value : undefined;
  }

  /** XOR-MAPPED-ADDRESS and its like. */
  address(type: number): SocketAddress | undefined {
    return this.#plainOrMasked(type, true);
  }

  /** What a server says of where we are; by the attribute of RFC 3489, too, as old ones do. */
  get mappedAddress(): SocketAddress | undefined {
    return (
      this.address(ATTRIBUTE.xorMappedAddress) ??
      this.#plainOrMasked(ATTRIBUTE.mappedAddress, false)
    );
  }

  get errorCode(): number | undefined {
    const value = this.value(ATTRIBUTE.errorCode);
    if (!value || value.length < 4) return undefined;
    return ((value[2] ?? 0) & 7) * 100 + (value[3] ?? 0);
  }

  /** `437 allocation mismatch`; for words. */
  get errorInWords(): string {
    const reason = Buffer.from(this.value(ATTRIBUTE.errorCode) ?? [])
      .subarray(4, 132)
      .toString('utf8')
      .replace(/[^\x20-\x7e]/g, '?');
    return `${this.errorCode ?? 'an error without a code'} ${reason}`.trim();
  }

  /** Attributes that nobody knows and without which the rest must not be acted on (§6.3.1). */
  get unknownRequired(): readonly number[] {
    return this.#attributes.map(({ type }) => type).filter(isUnknownAndRequired);
  }

  #plainOrMasked(type: number, isMasked: boolean): SocketAddress | undefined {
    const value = this.value(type);
    const size = value?.[1] === 1 ? 4 : value?.[1] === 2 ? 16 : 0;
    if (!value || size === 0 || value.length !== 4 + size) return undefined;
    const port = Buffer.from(value).readUInt16BE(2);
    const octets = value.subarray(4);
    return {
      address: addressOf(isMasked ? masked(octets, this.transaction) : octets),
      port: isMasked ? port ^ (COOKIE >>> 16) : port,
    };
  }
}

/** §14.7: it stands last, and counts what is before it. */
function isFingerprint(bytes: Buffer, at: number, value: Uint8Array): boolean {
  if (value.length !== 4 || at + FINGERPRINT_BYTES !== bytes.length) return false;
  const right = (crc32(bytes.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0;
  return Buffer.from(value).readUInt32BE(0) === right;
}
