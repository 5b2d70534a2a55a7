import { BoundedMap } from './bounded-map';
import type { Clock } from './clock';
import { networkOf } from './network';
import { type Rate, TokenBucket } from './token-bucket';

/** Wrong ones that a source has before it must wait. */
const FREE_ATTEMPTS = 3;
/** A source waits twice as long each time, up to this, ms. */
const MAX_WAIT_MS = 60_000;
/** A source that has not tried for so long begins anew, ms. */
const FORGOTTEN_MS = 60 * 60_000;
/** Those of all sources together that nobody has ever been right from. */
const STRANGERS: Rate = { perSecond: 1 / 3, burst: 20 };
const MAX_SOURCES = 256;
const MAX_KNOWN = 16;

interface Source {
  readonly attempts: number;
  readonly at: number;
}

/** How often a secret may be guessed: the slower the more often a source, which is a network, is wrong. */
export class Attempts {
  readonly #clock: Clock;
  readonly #sources = new BoundedMap<Source>(MAX_SOURCES);
  /** Sources that somebody has been right from: strangers do not use up their turn. */
  readonly #known = new BoundedMap<true>(MAX_KNOWN);
  readonly #strangers: TokenBucket;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#strangers = new TokenBucket(STRANGERS, clock.now());
  }

  /** How long an address has to wait, ms; 0: it has its turn now, and a stranger's is used up. */
  waitOf(address: string): number {
    const source = networkOf(address);
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

  wrong(address: string): void {
    const source = networkOf(address);
    this.#sources.set(source, { attempts: this.#attemptsOf(source) + 1, at: this.#clock.now() });
  }

  right(address: string): void {
    const source = networkOf(address);
    this.#sources.delete(source);
    this.#known.set(source, true);
  }

  #attemptsOf(source: string): number {
    const { attempts, at } = this.#sources.get(source) ?? { attempts: 0, at: 0 };
    return this.#clock.now() - at < FORGOTTEN_MS ? attempts : 0;
  }
}
