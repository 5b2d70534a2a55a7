import { BoundedMap, type Clock, type Random, type Rate, TokenBucket } from '../../platform';
import { type Sender, senderKey } from './wire';

/** A client that may send commands and is sent notifications. */
export interface Session {
  readonly token: number;
  /** Where its last request came from, and notifications go. */
  readonly client: Sender;
}

interface Entry extends Session {
  readonly seenAt: number;
  /** It wants to be asked whether it is still there. */
  readonly heartbeat: boolean;
  /** It has shown its token: whoever began it had our reply. */
  readonly isUsed: boolean;
}

export const MAX_SESSIONS = 8;
/** One address may have so many of them. */
export const MAX_SESSIONS_PER_ADDRESS = 6;
/** A session that says nothing for this long is forgotten, ms. */
export const IDLE_MS = 300_000;
/** Wrong tokens of one address, after which a right one is believed from its own socket only. */
export const GUESSES: Rate = { perSecond: 1, burst: 20 };
const MAX_GUESSING = 64;

/**
 * Sessions by token. Tokens are random, since whoever knows one can listen and answer calls. A token
 * is good from the address it was given to, whatever the port: a script may open a socket per
 * command.
 */
export class Sessions {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #tokenBits: 31 | 53;
  readonly #entries = new Map<number, Entry>();
  readonly #guesses = new BoundedMap<TokenBucket>(MAX_GUESSING);

  /** @param tokenBits 31 as the clients of the camera's own server expect, 53 where others can guess from afar. */
  constructor(clock: Clock, random: Random, tokenBits: 31 | 53 = 31) {
    this.#clock = clock;
    this.#random = random;
    this.#tokenBits = tokenBits;
  }

  get all(): readonly Session[] {
    this.#expire();
    return [...this.#entries.values()];
  }

  /** A new session, in place of a former one of the same client; another one gives way if it must. */
  start(client: Sender, heartbeat = false): Session {
    this.#expire();
    for (const entry of this.#entries.values()) {
      if (senderKey(entry.client) === senderKey(client)) this.#entries.delete(entry.token);
    }
    this.#makeRoom(client.address);
    return this.#remember({ token: this.#newToken(), client, isUsed: false, heartbeat });
  }

  /** Sessions that want to be asked, and have said nothing for `idleMs`. */
  silentFor(idleMs: number): readonly Session[] {
    const before = this.#clock.now() - idleMs;
    return [...this.#entries.values()].filter(
      ({ heartbeat, seenAt }) => heartbeat && seenAt <= before,
    );
  }

  /** The session of `token` when `client` may use it; it counts as seen. */
  find(token: unknown, client: Sender): Session | undefined {
    this.#expire();
    const entry = typeof token === 'number' ? this.#entries.get(token) : undefined;
    const isKnown = entry?.client.address === client.address;
    if (!entry || !isKnown) this.#guessesOf(client).take(this.#clock.now());
    else if (entry.client.port === client.port || this.#mayGuess(client)) {
      return this.#remember({ ...entry, client, isUsed: true });
    }
    return undefined;
  }

  stop(token: number): void {
    this.#entries.delete(token);
  }

  #mayGuess(client: Sender): boolean {
    return this.#guessesOf(client).hasToken(this.#clock.now());
  }

  #guessesOf({ address }: Sender): TokenBucket {
    const bucket = this.#guesses.get(address) ?? new TokenBucket(GUESSES, this.#clock.now());
    this.#guesses.set(address, bucket);
    return bucket;
  }

  /** Positive, and whole for JavaScript and for JSON's other readers. */
  #newToken(): number {
    let token = 0;
    while (token === 0 || this.#entries.has(token)) {
      const drawn = Buffer.from(this.#random.bytes(8)).readBigUInt64BE();
      token = Number(drawn >> BigInt(64 - this.#tokenBits));
    }
    return token;
  }

  /** Nobody is locked out: of an address with its full share, else of the one that has most. */
  #makeRoom(address: string): void {
    const entries = [...this.#entries.values()];
    const of = (wanted: string): Entry[] =>
      entries.filter(({ client }) => client.address === wanted);
    if (of(address).length >= MAX_SESSIONS_PER_ADDRESS) {
      this.#giveUpIdlest(of(address));
    } else if (entries.length >= MAX_SESSIONS) {
      const shares = entries.map(({ client }) => of(client.address));
      this.#giveUpIdlest(
        shares.reduce((most, share) => (share.length > most.length ? share : most)),
      );
    }
  }

  /** First one whose token was never shown, then the one not heard of for longest. */
  #giveUpIdlest(entries: readonly Entry[]): void {
    const [idlest] = [...entries].sort(
      (one, other) => Number(one.isUsed) - Number(other.isUsed) || one.seenAt - other.seenAt,
    );
    if (idlest) this.#entries.delete(idlest.token);
  }

  #remember(session: Omit<Entry, 'seenAt'>): Session {
    const entry = { ...session, seenAt: this.#clock.now() };
    this.#entries.set(entry.token, entry);
    return entry;
  }

  #expire(): void {
    const oldest = this.#clock.now() - IDLE_MS;
    for (const { token, seenAt } of this.#entries.values()) {
      if (seenAt < oldest) this.#entries.delete(token);
    }
  }
}
