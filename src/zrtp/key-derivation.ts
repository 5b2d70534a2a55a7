import { type Algorithms, KEY_BYTES } from './algorithms';
import { hmac, sha256 } from './hash-chain';

/** Who began (RFC 6189 §4.2): two names, so that both ends mean the same key. */
export type Role = 'initiator' | 'responder';

/** What one end encrypts with. */
export interface RoleKeys {
  /** SRTP's master key and salt. */
  readonly srtp: Buffer;
  /** Of its Confirm. */
  readonly mac: Buffer;
  readonly cipher: Buffer;
}

/** All that comes of s0 (§4.5.3). */
export interface SessionKeys {
  readonly initiator: RoleKeys;
  readonly responder: RoleKeys;
  /** Makes the keys of further streams (§4.4.3.2). */
  readonly session: Buffer;
  /** The leftmost 32 bits of its hash. */
  readonly sas: Buffer;
  /** For the next call. */
  readonly retained: Buffer;
}

/** What both ends have seen, in the order that everybody keeps: ZIDi, ZIDr, total_hash. */
export interface Transcript {
  readonly zidOfInitiator: Buffer;
  readonly zidOfResponder: Buffer;
  readonly totalHash: Buffer;
}

const HASH_BITS = 256;
const SALT_BITS = 112;

/** §4.5.1; `bits` are a multiple of 8, and not more than the hash has. */
export function kdf(key: Buffer, label: string, context: Buffer, bits: number): Buffer {
  return hmac(
    key,
    uint32(1),
    Buffer.from(label, 'latin1'),
    Buffer.of(0),
    context,
    uint32(bits),
  ).subarray(0, bits / 8);
}

/** §4.4.1.4. @param secrets s1, s2 and s3, which both ends have in common; undefined for none. */
export function s0OfAgreement(
  result: Buffer,
  transcript: Transcript,
  secrets: readonly (Buffer | undefined)[],
): Buffer {
  return sha256(
    uint32(1),
    result,
    Buffer.from('ZRTP-HMAC-KDF', 'latin1'),
    contextOf(transcript),
    ...secrets.flatMap((secret) => [uint32(secret?.length ?? 0), secret ?? Buffer.alloc(0)]),
  );
}

/** §4.4.3.2. */
export function s0OfMultistream(session: Buffer, transcript: Transcript): Buffer {
  return kdf(session, 'ZRTP MSK', contextOf(transcript), HASH_BITS);
}

export function keysOf(s0: Buffer, transcript: Transcript, algorithms: Algorithms): SessionKeys {
  const context = contextOf(transcript);
  const derive = (label: string, bits: number): Buffer => kdf(s0, label, context, bits);
  const keyBits = 8 * KEY_BYTES[algorithms.cipher];
  const ofRole = (name: 'Initiator' | 'Responder'): RoleKeys => ({
    srtp: Buffer.concat([
      derive(`${name} SRTP master key`, keyBits),
      derive(`${name} SRTP master salt`, SALT_BITS),
    ]),
    mac: derive(`${name} HMAC key`, HASH_BITS),
    cipher: derive(`${name} ZRTP key`, keyBits),
  });
  return {
    initiator: ofRole('Initiator'),
    responder: ofRole('Responder'),
    session: derive('ZRTP Session Key', HASH_BITS),
    sas: derive('SAS', HASH_BITS).subarray(0, 4),
    retained: derive('retained secret', HASH_BITS),
  };
}

/** KDF_Context. */
function contextOf({ zidOfInitiator, zidOfResponder, totalHash }: Transcript): Buffer {
  return Buffer.concat([zidOfInitiator, zidOfResponder, totalHash]);
}

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}
