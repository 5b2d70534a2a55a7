import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '../platform';
import { MAC_BYTES } from './message';

/** SHA-256, the implicit hash (RFC 6189 §5.1.1) and the only one that we offer. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** Its first 64 bits, which is what stands in messages. */
export function shortMac(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  return hmac(key, ...parts).subarray(0, MAC_BYTES);
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** RFC 6189 §9: each message tells the key of the MAC of the one before it, so that all come from one sender. */
export class HashChain {
  readonly h0: Buffer;
  readonly h1: Buffer;
  readonly h2: Buffer;
  readonly h3: Buffer;

  constructor(random: Random) {
    this.h0 = Buffer.from(random.bytes(32));
    this.h1 = sha256(this.h0);
    this.h2 = sha256(this.h1);
    this.h3 = sha256(this.h2);
  }
}

/** Puts the MAC behind a message; its length counts it already. */
export function sealed(message: Buffer, key: Uint8Array): Buffer {
  message.writeUInt16BE((message.length + MAC_BYTES) / 4, 2);
  return Buffer.concat([message, shortMac(key, message)]);
}

/** Whether the MAC of a message is by this key. */
export function isSealedBy(
  { raw, mac }: { readonly raw: Buffer; readonly mac: Buffer },
  key: Uint8Array,
): boolean {
  return isSame(mac, shortMac(key, raw.subarray(0, -MAC_BYTES)));
}
