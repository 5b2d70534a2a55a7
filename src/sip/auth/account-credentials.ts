import { BoundedMap } from '../../platform';
import type { SocketAddress } from '../transport';
import type { DigestChallenge } from './challenge';
import type { Credentials } from './digest';

/** What a request is, to whoever asks for a password on its way. */
export type Occasion =
  /** Seen by the registrar and its proxies only. */
  | 'register'
  /** Begins a dialog; a callee sees it only once the first hop has let it through. */
  | 'initial'
  /** Within a dialog: its peer chose the Request-URI. */
  | 'within-dialog';

/** How strong a realm's challenges have been. */
interface Strength {
  readonly hash: 'MD5' | 'SHA-2';
  readonly hasQop: boolean;
}

const WEAKEST: Strength = { hash: 'MD5', hasQop: false };

/** Realms and hops that are remembered; the oldest gives way. */
const MAX_KNOWN = 16;

/**
 * User name and password of one account, and whom their digest may be shown to: its registrar and
 * proxy, for its realm, and no weaker than they asked before. Anybody else who challenges a request
 * would get a digest to guess the password from, or to place calls with at the account's expense.
 */
export class AccountCredentials {
  readonly credentials: Credentials;
  readonly #configuredRealm: string | undefined;
  readonly #hops = new BoundedMap<true>(MAX_KNOWN);
  readonly #realms = new BoundedMap<Strength>(MAX_KNOWN);

  /** `realm` is trusted beside what the registrar asks for. */
  constructor(credentials: Credentials, realm: string | undefined) {
    this.credentials = credentials;
    this.#configuredRealm = realm;
  }

  /** Notes an address of the account's registrar or outbound proxy. */
  addHop({ address, port }: SocketAddress): void {
    this.#hops.set(`${address} ${port}`, true);
  }

  isHop({ address, port }: SocketAddress): boolean {
    return this.#hops.get(`${address} ${port}`) ?? false;
  }

  /** Why a challenge from a hop of the account is not answered; undefined when it is. */
  objectionTo(challenge: DigestChallenge, occasion: Occasion): string | undefined {
    const { realm } = challenge;
    if (!this.#trusts(realm, occasion)) return this.#strangeRealm(realm);
    const floor = this.#realms.get(realm) ?? this.#floorOfNew(occasion);
    const offered = strengthOf(challenge);
    if (floor.hash === 'SHA-2' && offered.hash === 'MD5') {
      return `realm "${realm}" offers only MD5 now, and offered more before`;
    }
    if (floor.hasQop && !offered.hasQop) {
      return `realm "${realm}" offers no qop now, and did before`;
    }
    return undefined;
  }

  /** A challenge that is about to be answered. */
  answering({ realm }: DigestChallenge, occasion: Occasion): void {
    // The first hop is the first to ask: whoever asks behind it has to name the same realm.
    if (occasion === 'initial' && this.#ownRealms().length === 0) this.#realms.set(realm, WEAKEST);
  }

  /** The registrar has let us in by the answer to this challenge. */
  learn(challenge: DigestChallenge): void {
    const { realm } = challenge;
    const known = this.#realms.get(realm) ?? WEAKEST;
    const { hash, hasQop } = strengthOf(challenge);
    this.#realms.set(realm, {
      hash: known.hash === 'SHA-2' ? known.hash : hash,
      hasQop: known.hasQop || hasQop,
    });
  }

  #trusts(realm: string, occasion: Occasion): boolean {
    // No callee sees a REGISTER, and its branch is a secret between us and the registrar.
    if (occasion === 'register') return true;
    const own = this.#ownRealms();
    return own.includes(realm) || (occasion === 'initial' && own.length === 0);
  }

  #ownRealms(): string[] {
    const configured = this.#configuredRealm === undefined ? [] : [this.#configuredRealm];
    return [...new Set([...configured, ...this.#realms.keys()])];
  }

  #strangeRealm(realm: string): string {
    const own = this.#ownRealms().join('", "');
    return own === ''
      ? `password asked for by realm "${realm}" before the account's realm is known`
      : `password asked for by realm "${realm}", the account's is "${own}"`;
  }

  /** A registrar that names a new realm gets no weaker digest by it. */
  #floorOfNew(occasion: Occasion): Strength {
    const known = this.#realms.values();
    if (known.length === 0 || occasion !== 'register') return WEAKEST;
    return {
      hash: known.every(({ hash }) => hash === 'SHA-2') ? 'SHA-2' : 'MD5',
      hasQop: known.every(({ hasQop }) => hasQop),
    };
  }
}

function strengthOf({ algorithm, qop }: DigestChallenge): Strength {
  return { hash: algorithm.startsWith('MD5') ? 'MD5' : 'SHA-2', hasQop: qop !== undefined };
}
