import type { SrtpSuite } from '../media';
import type { Random } from '../platform';
import { type Algorithms, MULTISTREAM, SHA_256, suiteOf } from './algorithms';
import type { Confirmed } from './confirm';
import { isSame, isSealedBy, sealed, sha256 } from './hash-chain';
import {
  keysOf,
  type Role,
  type RoleKeys,
  type SessionKeys,
  s0OfAgreement,
  s0OfMultistream,
} from './key-derivation';
import type { KeyPair } from './key-pair';
import { type Commit, type DhPart, type Hello, writeMessage } from './message';
import type { OwnHello } from './own-hello';
import { type CommonSecret, idsOf, type RetainedSecrets } from './retained-secrets';

/** Keys of one stream, before the far end has proved that it has them. */
export interface Shared {
  readonly role: Role;
  readonly algorithms: Algorithms;
  readonly keys: SessionKeys;
  readonly common: CommonSecret;
  readonly zid: Buffer;
  /** Whether this ends the chain of those who sent the rest (§9). */
  isFrom(h0: Buffer): boolean;
}

/** What a stream has come to. */
export interface Secured {
  readonly suite: SrtpSuite;
  /** Master key and salt. */
  readonly send: Buffer;
  readonly receive: Buffer;
  readonly algorithms: Algorithms;
  readonly keys: SessionKeys;
  readonly common: CommonSecret;
  /** The far end's. */
  readonly zid: Buffer;
  readonly confirmed: Confirmed;
}

/** What we sent of a key agreement, and what stands behind it. */
export interface OwnPart {
  readonly pair: KeyPair;
  readonly message: Buffer;
}

export function helloIsOf(hello: Hello, h2: Buffer): boolean {
  return isSame(sha256(h2), hello.h3) && isSealedBy(hello, h2);
}

export function ownPart(
  kind: DhPart['kind'],
  pair: KeyPair,
  retained: RetainedSecrets,
  own: OwnHello,
  random: Random,
): OwnPart {
  const role = kind === 'DHPart1' ? 'responder' : 'initiator';
  const { rs1, rs2 } = idsOf(retained, role, random);
  // Neither an auxiliary secret nor that of a PBX is kept: their names are chance.
  const others = random.bytes(16);
  const { h0, h1 } = own.chain;
  const message = writeMessage(kind, h1, rs1, rs2, others, pair.publicValue);
  return { pair, message: sealed(message, h0) };
}

/** §4.4.1.1: binds the DHPart2 that comes later, so that nobody can choose it by what he has seen. */
export function hvi(part: Uint8Array, helloOfResponder: Uint8Array): Buffer {
  return sha256(part, helloOfResponder);
}

/** @param value the hash of a DHPart2, or of multistream mode a number used once. */
export function ownCommit(
  zid: Buffer,
  own: OwnHello,
  { cipher, tag, rendering }: Algorithms,
  agreement: string,
  value: Uint8Array,
): Buffer {
  const names = Buffer.from(`${SHA_256}${cipher}${tag}${agreement}${rendering}`, 'latin1');
  const { h1, h2 } = own.chain;
  return sealed(writeMessage('Commit', h2, zid, names, value), h1);
}

export function isMultistream({ agreement }: Commit): boolean {
  return agreement === MULTISTREAM;
}

/** The Commit that we sent, or theirs. */
interface Agreed {
  readonly role: Role;
  readonly algorithms: Algorithms;
  readonly ownZid: Buffer;
  readonly own: OwnHello;
  readonly theirs: Hello;
  readonly commit: Buffer;
}

/** @param result of the agreement. @param theirPart DHPart1 where we have begun, else DHPart2. */
export function sharedByAgreement(
  agreed: Agreed,
  result: Buffer,
  common: CommonSecret,
  ownPart: Buffer,
  theirPart: DhPart,
): Shared {
  const { role, algorithms, theirs } = agreed;
  const parts = role === 'initiator' ? [theirPart.raw, ownPart] : [ownPart, theirPart.raw];
  const transcript = transcriptOf(agreed, parts);
  const s0 = s0OfAgreement(result, transcript, [common.s1, undefined, undefined]);
  return {
    ...{ role, algorithms, common, zid: theirs.zid },
    keys: keysOf(s0, transcript, algorithms),
    isFrom: (h0) => isSame(sha256(h0), theirPart.h1) && isSealedBy(theirPart, h0),
  };
}

/** @param theirCommit where they have begun. */
export function sharedByMultistream(
  agreed: Agreed,
  session: Buffer,
  theirCommit: Commit | undefined,
): Shared {
  const { role, algorithms, theirs } = agreed;
  const transcript = transcriptOf(agreed, []);
  const s0 = s0OfMultistream(session, transcript);
  return {
    ...{ role, algorithms, common: { isMismatch: false }, zid: theirs.zid },
    keys: keysOf(s0, transcript, algorithms),
    isFrom: (h0) => {
      const h1 = sha256(h0);
      const h2 = sha256(h1);
      if (!theirCommit) return helloIsOf(theirs, h2);
      return isSame(h2, theirCommit.h2) && isSealedBy(theirCommit, h1);
    },
  };
}

export function securedBy(
  { role, algorithms, keys, common, zid }: Shared,
  confirmed: Confirmed,
): Secured {
  const { send, receive } = sidesOf(keys, role);
  return {
    suite: suiteOf(algorithms),
    ...{ send: send.srtp, receive: receive.srtp, algorithms, keys, common, zid, confirmed },
  };
}

/** Whose keys are ours. */
export function sidesOf(
  { initiator, responder }: SessionKeys,
  role: Role,
): { readonly send: RoleKeys; readonly receive: RoleKeys } {
  return role === 'initiator'
    ? { send: initiator, receive: responder }
    : { send: responder, receive: initiator };
}

/** total_hash (§4.4.1.4, §4.4.3.2) begins with the Hello of who answers. */
function transcriptOf({ role, ownZid, own, theirs, commit }: Agreed, parts: readonly Buffer[]) {
  const began = role === 'initiator';
  const helloOfResponder = began ? theirs.raw : own.message;
  return {
    zidOfInitiator: began ? ownZid : theirs.zid,
    zidOfResponder: began ? theirs.zid : ownZid,
    totalHash: sha256(helloOfResponder, commit, ...parts),
  };
}
