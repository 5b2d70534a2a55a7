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
  readonly qop: 'auth' | 'auth-int' | undefined;
  readonly stale: boolean;
}

/**
 * Undefined for what cannot be answered: another scheme, an unknown algorithm, an unknown qop
 * (RFC 3261 §22.4), a challenge without realm or nonce.
 */
export function readChallenge({ scheme, params }: AuthValue): DigestChallenge | undefined {
  const realm = params.get('realm');
  const nonce = params.get('nonce');
  // An empty value says no more than an absent parameter.
  const algorithmName = params.get('algorithm') || undefined;
  const algorithm = findAlgorithm(algorithmName ?? 'MD5');
  const qop = chooseQop(params.get('qop') ?? '');
  if (scheme.toLowerCase() !== 'digest' || realm === undefined || nonce === undefined) {
    return undefined;
  }
  if (!algorithm || qop === 'unknown') return undefined;
  return {
    realm,
    nonce,
    opaque: params.get('opaque'),
    algorithm,
    namesAlgorithm: algorithmName !== undefined,
    qop,
    stale: params.get('stale')?.toLowerCase() === 'true',
  };
}

/** `auth` where it is offered: `auth-int` costs the body and protects it on the first hop only. */
function chooseQop(text: string): DigestChallenge['qop'] | 'unknown' {
  const offered = text
    .toLowerCase()
    .split(/[\s,;]/)
    .filter((one) => one !== '');
  if (offered.length === 0) return undefined;
  if (offered.includes('auth')) return 'auth';
  return offered.includes('auth-int') ? 'auth-int' : 'unknown';
}

function findAlgorithm(name: string): DigestAlgorithm | undefined {
  const wanted = name.toLowerCase();
  return DIGEST_ALGORITHMS.find((algorithm) => algorithm.toLowerCase() === wanted);
}
