import {
  BoundedMap,
  type Clock,
  isPassword,
  networkOf,
  type PasswordRecord,
  type Rate,
  TokenBucket,
} from '../../platform';

/** What an attempt came to. */
export type Attempt = 'right' | 'wrong' | { readonly retryAfterS: number };

/** Wrong ones that a source has before it must wait. */
const FREE_ATTEMPTS = 3;
/** A source waits twice as long each time, up to this, ms. */
const MAX_WAIT_MS = 60_000;
/** A source that has not tried for so long begins anew, ms. */
const FORGOTTEN_MS = 60 * 60_000;
/** Those of all sources together that nobody has ever logged in from. */
const STRANGERS: Rate = { perSecond: 1 / 3, burst: 20 };
/** Comparisons take memory and time: they happen one after the other, and so many may wait. */
const MAX_WAITING = 3;
const MAX_SOURCES = 256;
const MAX_KNOWN = 16;

interface Source {
  readonly attempts: number;
  readonly at: number;
}

/** Compares passwords, the slower the more often a source is wrong. */
export class Login {
  readonly #clock: Clock;
  readonly #sources = new BoundedMap<Source>(MAX_SOURCES);
  /** Sources that somebody has logged in from: strangers do not use up their turn. */
  readonly #known = new BoundedMap<true>(MAX_KNOWN);
  readonly #strangers: TokenBucket;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#strangers = new TokenBucket(STRANGERS, clock.now());
  }

  async attempt(password: string, record: PasswordRecord, address: string): Promise<Attempt> {
    const source = networkOf(address);
    const waitMs = this.#waitOf(source);
    if (waitMs > 0) return { retryAfterS: Math.ceil(waitMs / 1000) };
    if (this.#waiting > MAX_WAITING) return { retryAfterS: 1 };
    // Taken for wrong until it proves right: many at once are not told apart from one after the other.
    this.#sources.set(source, { attempts: this.#attemptsOf(source) + 1, at: this.#clock.now() });
    if (!(await this.#compare(record, password))) return 'wrong';
    this.#sources.delete(source);
    this.#known.set(source, true);
    return 'right';
  }

  #waitOf(source: string): number {
    const now = this.#clock.now();
    const over = this.#attemptsOf(source) - FREE_ATTEMPTS;
    if (over >= 0) {
      const waitMs = Math.min(MAX_WAIT_MS, 1000 * 2 ** Math.min(over, 16));
      const leftMs = (this.#sources.get(source)?.at ?? 0) + waitMs - now;
      if (leftMs > 0) return leftMs;
    }
    if (this.#known.get(source) || this.#strangers.take(now)) return 0;
    return 1000 / STRANGERS.perSecond;
  }

  #attemptsOf(source: string): number {
    const { attempts, at } = this.#sources.get(source) ?? { attempts: 0, at: 0 };
    return this.#clock.now() - at < FORGOTTEN_MS ? attempts : 0;
  }

  async #compare(record: PasswordRecord, password: string): Promise<boolean> {
    this.#waiting += 1;
    const before = this.#last;
    const result = before.catch(() => undefined).then(() => isPassword(record, password));
    this.#last = result;
    try {
      return await result;
    } finally {
      this.#waiting -= 1;
    }
  }
}
