import type { Random } from '../platform';
import { isSame, shortMac } from './hash-chain';
import type { Role } from './key-derivation';
import type { SecretIds } from './message';

/** What earlier calls with one far end have left (RFC 6189 §4.9). */
export interface RetainedSecrets {
  readonly rs1?: Buffer;
  readonly rs2?: Buffer;
}

/** What both ends have of it in common. */
export interface CommonSecret {
  /** Absent when there is none. */
  readonly s1?: Buffer;
  /** We have some, and the far end has none of them (§4.3.2). */
  readonly isMismatch: boolean;
}

const ID_BYTES = 8;
const NAMES = { initiator: 'Initiator', responder: 'Responder' } as const;

/** §4.3.1: what is not there is named by chance, so that nobody sees what is. */
export function idsOf({ rs1, rs2 }: RetainedSecrets, role: Role, random: Random): SecretIds {
  const idOf = (secret: Buffer | undefined): Buffer =>
    secret ? idBy(secret, role) : Buffer.from(random.bytes(ID_BYTES));
  return { rs1: idOf(rs1), rs2: idOf(rs2) };
}

/** @param role ours; where several are in common the initiator's order counts, for both ends. */
export function commonSecret(
  { rs1, rs2 }: RetainedSecrets,
  role: Role,
  theirs: SecretIds,
): CommonSecret {
  const ours = [rs1, rs2].filter((secret) => secret !== undefined);
  const named = [theirs.rs1, theirs.rs2];
  const other = role === 'initiator' ? 'responder' : 'initiator';
  const isNamed = (secret: Buffer, id: Buffer): boolean => isSame(idBy(secret, other), id);
  const s1 =
    role === 'initiator'
      ? ours.find((secret) => named.some((id) => isNamed(secret, id)))
      : named
          .map((id) => ours.find((secret) => isNamed(secret, id)))
          .find((secret) => secret !== undefined);
  return { ...(s1 ? { s1 } : {}), isMismatch: ours.length > 0 && s1 === undefined };
}

function idBy(secret: Buffer, role: Role): Buffer {
  return shortMac(secret, Buffer.from(NAMES[role], 'latin1'));
}
