import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../platform';
import type { Cipher } from './algorithms';
import { isSame, shortMac } from './hash-chain';
import type { RoleKeys } from './key-derivation';
import { type Confirm, writeMessage } from './message';

/** What a Confirm tells that nobody else can read (RFC 6189 §5.7). */
export interface Confirmed {
  readonly h0: Buffer;
  /** V: its user has compared the string, in this call or an earlier one (§7.1). */
  readonly isVerified: boolean;
  /** How long its secret may be kept, s (§4.9). */
  readonly expiresInS: number;
}

/** §4.9: until the other end says less. */
export const FOR_EVER = 0xffffffff;

const CFB = { AES1: 'aes-128-cfb', AES3: 'aes-256-cfb' } as const;
const VERIFIED = 0x04;
const PLAIN_BYTES = 40;

export function writeConfirm(
  kind: Confirm['kind'],
  { h0, isVerified, expiresInS }: Confirmed,
  cipher: Cipher,
  keys: RoleKeys,
  random: Random,
): Buffer {
  const plain = Buffer.alloc(PLAIN_BYTES);
  h0.copy(plain);
  // Neither E, A nor D: no PBX is enrolled, nothing goes back to the clear, nobody is let in.
  plain.writeUInt32BE(isVerified ? VERIFIED : 0, 32);
  plain.writeUInt32BE(expiresInS, 36);
  const iv = random.bytes(16);
  const encrypted = createCipheriv(CFB[cipher], keys.cipher, iv).update(plain);
  return writeMessage(kind, shortMac(keys.mac, encrypted), iv, encrypted);
}

/** Undefined for one that was made with other keys. A signature behind it is passed over (§7.2). */
export function readConfirm(
  { mac, iv, encrypted }: Confirm,
  cipher: Cipher,
  keys: RoleKeys,
): Confirmed | undefined {
  if (!isSame(mac, shortMac(keys.mac, encrypted))) return undefined;
  const plain = createDecipheriv(CFB[cipher], keys.cipher, iv).update(encrypted);
  return {
    h0: plain.subarray(0, 32),
    isVerified: (plain.readUInt32BE(32) & VERIFIED) !== 0,
    expiresInS: plain.readUInt32BE(36),
  };
}
