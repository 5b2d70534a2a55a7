import { randomBytes } from 'node:crypto';

/** Unpredictable bytes (tags, branches, nonces), injected so that tests can repeat a run. */
export interface Random {
  bytes(count: number): Uint8Array;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

/** Lower-case hexadecimal token of `bits` random bits (rounded up to whole bytes). */
export function randomToken(random: Random, bits: number): string {
  return Buffer.from(random.bytes(Math.ceil(bits / 8))).toString('hex');
}

/** Uniform number in [0, 1) with 32 bits of resolution. */
export function randomFraction(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE(0) / 2 ** 32;
}
