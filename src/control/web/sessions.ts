import { BoundedMap, type Clock, type Random } from '../../platform';
import { hashed } from './token';

/** Of somebody who has shown the password. */
export interface Session {
  readonly begunAt: number;
  /** The record that the password was shown by. */
  readonly record: string;
  usedAt: number;
}

/** One that nobody uses is over, ms. A page that is open and listens uses it. */
export const IDLE_MS = 60 * 60_000;
/** None lives longer, ms. */
export const LIFE_MS = 24 * 60 * 60_000;
/** The one that began longest ago gives way. */
export const MAX_SESSIONS = 16;
const TOKEN_BYTES = 32;

/** Sessions of browsers, by a token that they keep in a cookie. */
export class Sessions {
  readonly #clock: Clock;
  readonly #random: Random;
  /** By a hash of the token: how long a look-up takes tells nothing of a token. */
  readonly #sessions = new BoundedMap<Session>(MAX_SESSIONS);

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  get count(): number {
    return this.#sessions.values().filter((session) => this.#lives(session)).length;
  }

  /** A new session's token. */
  open(record: string): string {
    const token = Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString('hex');
    const now = this.#clock.now();
    this.#sessions.set(hashed(token), { begunAt: now, usedAt: now, record });
    return token;
  }

  /** The session of a token, if it lives and the password is still the one that was shown. */
  use(token: string | undefined, record: string | undefined): Session | undefined {
    if (token === undefined) return undefined;
    const key = hashed(token);
    const session = this.#sessions.get(key);
    if (!session) return undefined;
    if (!this.isGood(session, record)) {
      this.#sessions.delete(key);
      return undefined;
    }
    this.touch(session);
    return session;
  }

  /** It is in use. */
  touch(session: Session): void {
    session.usedAt = this.#clock.now();
  }

  /** Whether a session goes on. */
  isGood(session: Session, record: string | undefined): boolean {
    return (
      session.record === record && this.#lives(session) && this.#sessions.values().includes(session)
    );
  }

  end(token: string | undefined): void {
    if (token !== undefined) this.#sessions.delete(hashed(token));
  }

  #lives({ begunAt, usedAt }: Session): boolean {
    const now = this.#clock.now();
    return now - usedAt < IDLE_MS && now - begunAt < LIFE_MS;
  }
}
