import type { AuthValue } from '../message';

/** Digest algorithms of RFC 7616 §6.1 and RFC 8760, weakest first. */
export const DIGEST_ALGORITHMS = [
  'MD5',
  'MD5-sess',
  'SHA-256',
  'SHA-256-sess',
  'SHA-512-256',
  'SHA-512-256-sess',
] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** What a WWW-Authenticate or Proxy-Authenticate asks for. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** Whether the challenge named its algorithm: then the answer names it too. */
  readonly namesAlgorithm: boolean;
  /** RFC 2069 servers name no qop. */
  readonly qop: 'auth' | undefined;
  readonly stale: boolean;
}

/**
 * Undefined for what cannot be answered: another scheme, an unknown algorithm, a qop other than
 * auth (RFC 3261 §22.4), a challenge without realm or nonce.
 */
export function readChallenge({ scheme, params }: AuthValue): DigestChallenge | undefined {
  const realm = params.get('realm');
  const nonce = params.get('nonce');
  const algorithmName = params.get('algorithm');
  const algorithm = findAlgorithm(algorithmName ?? 'MD5');
  const qops = params.get('qop')?.split(',');
  const qop = qops?.some((one) => one.trim().toLowerCase() === 'auth');
  if (scheme.toLowerCase() !== 'digest' || realm === undefined || nonce === undefined) {
    return undefined;
  }
  if (!algorithm || qop === false) return undefined;
  return {
    realm,
    nonce,
    opaque: params.get('opaque'),
    algorithm,
    namesAlgorithm: algorithmName !== undefined,
    qop: qop ? 'auth' : undefined,
    stale: params.get('stale')?.toLowerCase() === 'true',
  };
}

function findAlgorithm(name: string): DigestAlgorithm | undefined {
  const wanted = name.toLowerCase();
  return DIGEST_ALGORITHMS.find((algorithm) => algorithm.toLowerCase() === wanted);
}
