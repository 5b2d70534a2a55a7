import { BoundedMap, type Random, randomToken } from '../../platform';
import type { AuthValue, SipRequest, SipResponse } from '../message';
import type { SocketAddress } from '../transport';
import type { AccountCredentials, Occasion } from './account-credentials';
import { DIGEST_ALGORITHMS, type DigestChallenge, readChallenge } from './challenge';
import { authorize, type DigestUse, digestResponse } from './digest';

/** Who asks: the server (401) or a proxy on the way (407), RFC 3261 §22.2-22.3. */
export type Challenger = 'server' | 'proxy';

export type ChallengeOutcome =
  /** Send the request again, with `authorizations()`. */
  | { readonly retry: true }
  /** Give up; `reason` says why in words. */
  | { readonly retry: false; readonly reason: string };

export interface Authorization {
  readonly challenger: Challenger;
  readonly header: 'Authorization' | 'Proxy-Authorization';
  readonly value: AuthValue;
}

/** One protection space: what was asked and how far we are with it. */
interface Space {
  readonly challenger: Challenger;
  readonly challenge: DigestChallenge;
  readonly cnonce: string;
  nonceCount: number;
  /** Of the last credentials. */
  use?: DigestUse;
  /** Credentials for this space have passed since the last challenge that was not stale. */
  proven: boolean;
}

/** Realms one dialog or registration can be asked for; the oldest gives way. */
const MAX_SPACES = 8;

/**
 * Digest client of one dialog or registration (RFC 3261 §22, RFC 7616, RFC 8760): remembers the
 * challenges of its peers, answers each fresh one once and counts the uses of every nonce. Nothing
 * is signed but for whom the account knows.
 */
export class DigestClient {
  readonly #account: AccountCredentials | undefined;
  readonly #random: Random;
  readonly #spaces = new BoundedMap<Space>(MAX_SPACES);

  /** Without an account nothing is ever signed. */
  constructor(account: AccountCredentials | undefined, random: Random) {
    this.#account = account;
    this.#random = random;
  }

  /** The account's own way out leads to these addresses. */
  addHops(remotes: readonly SocketAddress[]): void {
    for (const remote of remotes) this.#account?.addHop(remote);
  }

  /** Whether what goes to `remote` goes to the account's registrar or proxy. */
  coversHop(remote: SocketAddress): boolean {
    return this.#account?.isHop(remote) ?? false;
  }

  /** Takes the 401 or 407 to a request that went to `remote`. */
  challenged(request: SipRequest, response: SipResponse, remote: SocketAddress): ChallengeOutcome {
    const account = this.#account;
    if (!account) return refused('no user name and password configured');
    const stranger = this.#strangerBehind(response, remote);
    if (stranger) return refused(stranger);
    const challenger = challengerOf(response);
    const values = challenger === 'server' ? response.wwwAuthenticate : response.proxyAuthenticate;
    const choice = this.#choose(account, values, occasionOf(request));
    if (typeof choice === 'string') return refused(choice);
    const fresh = choice.filter((challenge) => this.#take(challenger, challenge));
    if (fresh.length === 0) {
      // The next request, if there is one, begins anew instead of repeating what was refused.
      this.#spaces.clear();
      return refused('user name or password not accepted');
    }
    for (const challenge of fresh) account.answering(challenge, occasionOf(request));
    return { retry: true };
  }

  /**
   * A response other than 401 and 407 came: what was sent is right. Returns why a registrar that grants is not
   * believed, in words, if it proves that it does not know the password.
   */
  accepted(response: SipResponse): string | undefined {
    for (const space of this.#spaces.values()) space.proven = true;
    if (response.cseq.method !== 'REGISTER' || !response.isSuccess) return undefined;
    const objection = this.#objectionTo(response);
    if (objection !== undefined) return objection;
    for (const { challenge } of this.#spaces.values()) this.#account?.learn(challenge);
    this.#takeNextNonce('server', response.get('Authentication-Info'));
    this.#takeNextNonce('proxy', response.get('Proxy-Authentication-Info'));
    return undefined;
  }

  /** Header fields for a request that goes to `remote`, one per realm that has asked so far. */
  authorizations(request: SipRequest, remote: SocketAddress): Authorization[] {
    const account = this.#account;
    if (!account?.isHop(remote)) return [];
    const { method, body } = request;
    const uri = String(request.uri);
    return this.#spaces.values().map((space) => {
      space.nonceCount++;
      const { challenger, challenge, cnonce, nonceCount } = space;
      const use = { method, uri, body, cnonce, nonceCount };
      space.use = use;
      return {
        challenger,
        header: challenger === 'proxy' ? 'Proxy-Authorization' : 'Authorization',
        value: authorize(challenge, account.credentials, use),
      };
    });
  }

  /** RFC 7616 §3.5: `rspauth` is made as our own digest was, of no method and the body of the response. */
  #objectionTo(response: SipResponse): string | undefined {
    const info = response.get('Authentication-Info') ?? '';
    const proof = /\brspauth\s*=\s*"([\da-f]+)"/i.exec(info)?.[1]?.toLowerCase();
    const count = /\bnc\s*=\s*"?([\da-f]{8})\b/i.exec(info)?.[1];
    const spaces = this.#spaces.values().filter(({ challenger }) => challenger === 'server');
    const [{ challenge, use, nonceCount } = {}] = spaces;
    if (proof === undefined || !this.#account || !challenge?.qop || !use) return undefined;
    // Of several realms, or an earlier request, it cannot be told.
    const isOfLast = count === undefined || Number.parseInt(count, 16) === nonceCount;
    if (spaces.length > 1 || !isOfLast) return undefined;
    const own = { ...use, method: '', body: response.body };
    return proof === digestResponse(challenge, this.#account.credentials, own)
      ? undefined
      : 'the registrar does not know our password: its Authentication-Info (rspauth) is wrong';
  }

  #strangerBehind({ source }: SipResponse, remote: SocketAddress): string | undefined {
    if (!this.coversHop(remote)) {
      return 'password asked for by a stranger: it is for the account’s registrar and proxy only';
    }
    return source === undefined || source === remote.address
      ? undefined
      : `password asked for by ${source}, but the request went to ${remote.address}`;
  }

  /** The strongest challenge of each realm that may be answered, or why there is none. */
  #choose(
    account: AccountCredentials,
    values: readonly AuthValue[],
    occasion: Occasion,
  ): readonly DigestChallenge[] | string {
    const readable = strongestPerRealm(values);
    if (readable.length === 0) {
      return `no digest challenge that is supported (${DIGEST_ALGORITHMS.join(', ')})`;
    }
    const objections = readable.map((challenge) => account.objectionTo(challenge, occasion));
    const answerable = readable.filter((_, index) => objections[index] === undefined);
    return answerable.length > 0 ? answerable : (objections[0] ?? '');
  }

  /** Remembers the challenge; false when it says that the credentials just sent are wrong. */
  #take(challenger: Challenger, challenge: DigestChallenge): boolean {
    const known = this.#spaces.get(keyOf(challenger, challenge));
    // RFC 7616 §3.3: stale means that the nonce was old, and the digest over it right.
    if (known && !known.proven && !challenge.stale) return false;
    this.#open(challenger, challenge, false);
    return true;
  }

  /** RFC 7616 §3.5. The session variants keep the nonce that their secret is bound to. */
  #takeNextNonce(challenger: Challenger, info: string | undefined): void {
    const nonce = /\bnextnonce\s*=\s*"([^"\\]+)"/i.exec(info ?? '')?.[1];
    const spaces = this.#spaces.values().filter((space) => space.challenger === challenger);
    const [space] = spaces;
    if (nonce === undefined || !space || spaces.length > 1) return;
    if (space.challenge.algorithm.endsWith('-sess')) return;
    this.#open(challenger, { ...space.challenge, nonce }, true);
  }

  #open(challenger: Challenger, challenge: DigestChallenge, proven: boolean): void {
    const cnonce = randomToken(this.#random, 64);
    const space = { challenger, challenge, cnonce, nonceCount: 0, proven };
    this.#spaces.set(keyOf(challenger, challenge), space);
  }
}

export function challengerOf({ status }: SipResponse): Challenger {
  return status === 407 ? 'proxy' : 'server';
}

function occasionOf(request: SipRequest): Occasion {
  if (request.method === 'REGISTER') return 'register';
  return request.to.tag === undefined ? 'initial' : 'within-dialog';
}

function keyOf(challenger: Challenger, { realm }: DigestChallenge): string {
  return `${challenger} ${realm}`;
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

/** By algorithm, and of one algorithm with qop rather than without. */
function strength({ algorithm, qop }: DigestChallenge): number {
  return 2 * DIGEST_ALGORITHMS.indexOf(algorithm) + (qop ? 1 : 0);
}

function refused(reason: string): ChallengeOutcome {
  return { retry: false, reason };
}
