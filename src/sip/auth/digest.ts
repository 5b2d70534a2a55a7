import { createHash } from 'node:crypto';
import { AuthValue, encodeText, Params } from '../message';
import type { DigestAlgorithm, DigestChallenge } from './challenge';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What one request adds to the challenge. */
export interface DigestUse {
  readonly method: string;
  /** Request-URI exactly as it stands in the request line. */
  readonly uri: string;
  readonly cnonce: string;
  /** How often this nonce has been used, this time included. */
  readonly nonceCount: number;
  /** What `auth-int` protects beside. */
  readonly body: Uint8Array;
}

/** An Authorization or Proxy-Authorization value, RFC 7616 §3.4, RFC 8760 §2. */
export function authorize(
  challenge: DigestChallenge,
  credentials: Credentials,
  use: DigestUse,
): AuthValue {
  const { realm, nonce, opaque, algorithm, namesAlgorithm, qop } = challenge;
  let params = Params.EMPTY.withQuoted('username', credentials.username)
    .withQuoted('realm', realm)
    .withQuoted('nonce', nonce)
    .withQuoted('uri', use.uri)
    .withQuoted('response', digestResponse(challenge, credentials, use));
  if (namesAlgorithm) params = params.with('algorithm', algorithm);
  if (qop || isSession(algorithm)) params = params.withQuoted('cnonce', use.cnonce);
  if (opaque !== undefined) params = params.withQuoted('opaque', opaque);
  if (qop) params = params.with('qop', qop).with('nc', nonceCountText(use.nonceCount));
  return new AuthValue('Digest', params);
}

/** The `response` value by a password. */
export function digestResponse(
  challenge: DigestChallenge,
  { username, password }: Credentials,
  use: DigestUse,
): string {
  const { realm, algorithm } = challenge;
  return responseOf(hashOf(algorithm)(`${username}:${realm}:${password}`), challenge, use);
}

/**
 * The `response` value, RFC 7616 §3.4.1; without qop as RFC 2069 computed it.
 * @param secret H(username:realm:password), which is all that a server has to keep (§5.13).
 */
export function responseOf(
  secret: string,
  { nonce, algorithm, qop }: Pick<DigestChallenge, 'nonce' | 'algorithm' | 'qop'>,
  { method, uri, cnonce, nonceCount, body }: DigestUse,
): string {
  const hash = hashOf(algorithm);
  // §3.4.2: A1 of the session variants binds the secret to both nonces.
  const a1 = isSession(algorithm) ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  // §3.4.3.
  const a2 = hash(qop === 'auth-int' ? `${method}:${uri}:${hash(body)}` : `${method}:${uri}`);
  return qop
    ? hash(`${a1}:${nonce}:${nonceCountText(nonceCount)}:${cnonce}:${qop}:${a2}`)
    : hash(`${a1}:${nonce}:${a2}`);
}

function nonceCountText(count: number): string {
  return count.toString(16).padStart(8, '0');
}

function isSession(algorithm: DigestAlgorithm): boolean {
  return algorithm.endsWith('-sess');
}

function hashOf(algorithm: DigestAlgorithm): (data: string | Uint8Array) => string {
  const name = nodeHashName(algorithm);
  // As received, should a realm be no UTF-8.
  const octets = (data: string | Uint8Array): Uint8Array =>
    typeof data === 'string' ? encodeText(data) : data;
  return (data) => createHash(name).update(octets(data)).digest('hex');
}

function nodeHashName(algorithm: DigestAlgorithm): string {
  switch (algorithm) {
    case 'MD5':
    case 'MD5-sess':
      return 'md5';
    case 'SHA-256':
    case 'SHA-256-sess':
      return 'sha256';
    case 'SHA-512-256':
    case 'SHA-512-256-sess':
      return 'sha512-256';
  }
}
