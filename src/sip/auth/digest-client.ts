import { type Random, randomToken } from '../../platform';
import type { AuthValue } from '../message';
import { DIGEST_ALGORITHMS, type DigestChallenge, readChallenge } from './challenge';
import { authorize, type Credentials } from './digest';

/** Who asks: the server (401) or a proxy on the way (407), RFC 3261 §22.2-22.3. */
export type Challenger = 'server' | 'proxy';

export type ChallengeOutcome =
  /** Send the request again, with `authorizations()`. */
  | { readonly retry: true }
  /** Give up; `reason` says why in words. */
  | { readonly retry: false; readonly reason: string };

export interface Authorization {
  readonly header: 'Authorization' | 'Proxy-Authorization';
  readonly value: AuthValue;
}

/** One protection space: what was asked and how far we are with it. */
interface Space {
  readonly challenger: Challenger;
  readonly challenge: DigestChallenge;
  readonly cnonce: string;
  nonceCount: number;
  /** Credentials for this space have passed since the last challenge that was not stale. */
  proven: boolean;
  /** Stale challenges in a row; a server that finds every nonce stale is not served for ever. */
  staleInRow: number;
}

/** Realms one dialog or registration can be asked for; the oldest gives way. */
const MAX_SPACES = 8;
const MAX_STALE_IN_ROW = 2;

/**
 * Digest client of one dialog or registration (RFC 3261 §22, RFC 7616, RFC 8760): remembers the
 * challenges of its peers, answers each fresh one once and counts the uses of every nonce.
 */
export class DigestClient {
  readonly #credentials: Credentials | undefined;
  readonly #random: Random;
  readonly #spaces = new Map<string, Space>();

  constructor(credentials: Credentials | undefined, random: Random) {
    this.#credentials = credentials;
    this.#random = random;
  }

  /** Takes the challenges of a 401 or 407: all values of its (WWW|Proxy)-Authenticate fields. */
  challenged(challenger: Challenger, values: readonly AuthValue[]): ChallengeOutcome {
    if (!this.#credentials) return refused('no user name and password configured');
    const challenges = strongestPerRealm(values);
    if (challenges.length === 0) {
      return refused(`no digest challenge that is supported (${DIGEST_ALGORITHMS.join(', ')})`);
    }
    const fresh = challenges.filter((challenge) => this.#take(challenger, challenge));
    if (fresh.length > 0) return { retry: true };
    // The next request, if there is one, begins anew instead of repeating what was refused.
    this.#spaces.clear();
    return refused('user name or password not accepted');
  }

  /** A response other than 401 and 407 came: what was sent is right. */
  accepted(): void {
    for (const space of this.#spaces.values()) {
      space.proven = true;
      space.staleInRow = 0;
    }
  }

  /** Header fields for the next request, one per realm that has asked so far. */
  authorizations(method: string, uri: string): Authorization[] {
    const credentials = this.#credentials;
    if (!credentials) return [];
    return [...this.#spaces.values()].map((space) => {
      space.nonceCount++;
      const { challenge, cnonce, nonceCount } = space;
      return {
        header: space.challenger === 'proxy' ? 'Proxy-Authorization' : 'Authorization',
        value: authorize(challenge, credentials, { method, uri, cnonce, nonceCount }),
      };
    });
  }

  /** Remembers the challenge; false when it says that the credentials just sent are wrong. */
  #take(challenger: Challenger, challenge: DigestChallenge): boolean {
    const key = `${challenger} ${challenge.realm}`;
    const known = this.#spaces.get(key);
    const staleInRow = challenge.stale ? (known?.staleInRow ?? 0) + 1 : 0;
    // RFC 7616 §3.3: stale means that the nonce was old, and the digest over it right.
    const fresh = !known || known.proven || (challenge.stale && staleInRow <= MAX_STALE_IN_ROW);
    if (!fresh) return false;
    this.#spaces.delete(key);
    const oldest = this.#spaces.keys().next();
    if (this.#spaces.size >= MAX_SPACES && !oldest.done) this.#spaces.delete(oldest.value);
    const cnonce = randomToken(this.#random, 64);
    this.#spaces.set(key, {
      challenger,
      challenge,
      cnonce,
      nonceCount: 0,
      proven: false,
      staleInRow,
    });
    return true;
  }
}

function strongestPerRealm(values: readonly AuthValue[]): DigestChallenge[] {
  const best = new Map<string, DigestChallenge>();
  for (const value of values) {
    const challenge = readChallenge(value);
    if (!challenge) continue;
    const rival = best.get(challenge.realm);
    if (!rival || strength(challenge) > strength(rival)) best.set(challenge.realm, challenge);
  }
  return [...best.values()];
}

function strength(challenge: DigestChallenge): number {
  return DIGEST_ALGORITHMS.indexOf(challenge.algorithm);
}

function refused(reason: string): ChallengeOutcome {
  return { retry: false, reason };
}
