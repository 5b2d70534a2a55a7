import type { SrtpSuite } from '../media';
import type { AlgorithmLists, Commit, Hello } from './message';

export type Cipher = 'AES1' | 'AES3';
export type Tag = 'HS32' | 'HS80';
export type Agreement = 'DH3k' | 'EC25';
export type Rendering = 'B32 ' | 'B256';

/** One of each. The hash is SHA-256 in all of them. */
export interface Algorithms {
  readonly cipher: Cipher;
  readonly tag: Tag;
  readonly rendering: Rendering;
}

const CIPHERS = ['AES3', 'AES1'] as const;
const TAGS = ['HS80', 'HS32'] as const;
/** The curve is faster by far, and no weaker. */
const AGREEMENTS = ['EC25', 'DH3k'] as const;
/** The four letters tell more apart than the two words do: 20 bits, not 16. */
const RENDERINGS = ['B32 ', 'B256'] as const;

export const MULTISTREAM = 'Mult';
export const SHA_256 = 'S256';

/** What we have, the best first. */
export const OURS: AlgorithmLists = {
  hashes: [SHA_256],
  ciphers: CIPHERS,
  tags: TAGS,
  agreements: [...AGREEMENTS, MULTISTREAM],
  renderings: RENDERINGS,
};

export function chosenFor({ algorithms }: Hello): Algorithms {
  const { ciphers, tags, renderings } = algorithms;
  return {
    cipher: firstOf(CIPHERS, ciphers, 'AES1'),
    tag: firstOf(TAGS, tags, 'HS32'),
    rendering: firstOf(RENDERINGS, renderings, 'B32 '),
  };
}

export function agreementFor({ algorithms }: Hello): Agreement {
  return firstOf(AGREEMENTS, algorithms.agreements, 'DH3k');
}

/** RFC 6189 §4.1.2: what everybody has need not be listed. */
function firstOf<Name extends string>(
  ours: readonly Name[],
  theirs: readonly string[],
  mandatory: Name,
): Name {
  return ours.find((name) => theirs.includes(name)) ?? mandatory;
}

/** What a Commit asks for; undefined when we lack one of it. */
export function askedBy({ hash, cipher, tag, rendering }: Commit): Algorithms | undefined {
  const asked = {
    cipher: CIPHERS.find((name) => name === cipher),
    tag: TAGS.find((name) => name === tag),
    rendering: RENDERINGS.find((name) => name === rendering),
  };
  if (hash !== SHA_256 || !asked.cipher || !asked.tag || !asked.rendering) return undefined;
  return { cipher: asked.cipher, tag: asked.tag, rendering: asked.rendering };
}

export function agreementNamed(name: string): Agreement | undefined {
  return AGREEMENTS.find((ours) => ours === name);
}

export const KEY_BYTES: Readonly<Record<Cipher, number>> = { AES1: 16, AES3: 32 };

export function suiteOf({ cipher, tag }: Algorithms): SrtpSuite {
  if (cipher === 'AES3')
    return tag === 'HS80' ? 'AES_256_CM_HMAC_SHA1_80' : 'AES_256_CM_HMAC_SHA1_32';
  return tag === 'HS80' ? 'AES_CM_128_HMAC_SHA1_80' : 'AES_CM_128_HMAC_SHA1_32';
}
