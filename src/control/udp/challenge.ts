import { createHmac, timingSafeEqual } from 'node:crypto';
import { BoundedMap, type Clock, type Random, randomToken } from '../../platform';
import type { Sender } from './wire';

/** A challenge is good for so long, ms. */
export const CHALLENGE_MS = 30_000;
const MAX_USED = 256;

/**
 * Proof of a shared key: HMAC-SHA-256 (RFC 2104) over a nonce. A nonce is signed instead of kept, so
 * that asking for many costs no memory; it is good once, from the address that it was given to.
 */
export class Challenge {
  readonly #key: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #secret: string;
  readonly #used = new BoundedMap<true>(MAX_USED);

  constructor(key: string, clock: Clock, random: Random) {
    this.#key = key;
    this.#clock = clock;
    this.#random = random;
    this.#secret = randomToken(random, 256);
  }

  nonceFor({ address }: Sender): string {
    const plain = `${Math.floor(this.#clock.now()).toString(36)}.${randomToken(this.#random, 96)}`;
    return `${plain}.${this.#signature(plain, address)}`;
  }

  /** Whether `param` is a right answer to a challenge of that address, for the first time. */
  isMet(param: unknown, { address }: Sender): boolean {
    if (typeof param !== 'object' || param === null) return false;
    const { nonce, response }: { nonce?: unknown; response?: unknown } = param;
    if (typeof nonce !== 'string' || typeof response !== 'string') return false;
    const [at = '', random = '', signature = ''] = nonce.split('.');
    const age = this.#clock.now() - Number.parseInt(at, 36);
    const isOurs = isSame(signature, this.#signature(`${at}.${random}`, address));
    if (!isOurs || !(age < CHALLENGE_MS) || this.#used.get(nonce)) return false;
    if (!isSame(response.toLowerCase(), hmac(this.#key, nonce))) return false;
    this.#used.set(nonce, true);
    return true;
  }

  #signature(plain: string, address: string): string {
    return hmac(this.#secret, `${plain} ${address}`);
  }
}

/** What answers a nonce: hexadecimal, of the key as it stands in its file. */
export function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
