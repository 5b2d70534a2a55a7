import type { Clock, Logger, Timer } from '../platform';
import type { Lookup } from '../sip';

export type AddressFamily = 4 | 6;

/** What a look-up came to: an address, or why there is none. */
export type Finding = { readonly address: string } | { readonly failure: string };

/** Nobody waits longer for a name, ms; a look-up itself may hang for much longer. */
const WAIT_MS = 3000;
/** What was found holds until a call that rings is answered (RFC 3261 §16.6: 180 s), ms. */
const KEEP_MS = 200_000;
const MAX_KEPT = 32;
/** Of the system's at one time: each that hangs holds one of Node's few threads. */
const MAX_LOOKUPS = 2;

interface Search {
  readonly waiters: Set<(finding: Finding) => void>;
  readonly limit: Timer;
}

/** Host names in descriptions of the far end (RFC 8866 §9): looked up aside, in bounded time. */
export class HostNames {
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #kept = new Map<string, { readonly address: string; readonly until: number }>();
  readonly #searches = new Map<string, Search>();
  #lookups = 0;

  constructor(lookup: Lookup, clock: Clock, log: Logger) {
    this.#lookup = lookup;
    this.#clock = clock;
    this.#log = log.area('names');
  }

  /** The address of `host` if it was found lately. */
  known(host: string, family: AddressFamily): string | undefined {
    const found = this.#kept.get(keyOf(host, family));
    return found && found.until > this.#clock.now() ? found.address : undefined;
  }

  /** Calls `done` once: within the call when there is nothing to wait for, after 3 s at most otherwise. */
  find(host: string, family: AddressFamily, done: (finding: Finding) => void): void {
    const address = this.known(host, family);
    if (address !== undefined) {
      done({ address });
      return;
    }
    const key = keyOf(host, family);
    const search = this.#searches.get(key);
    if (search) search.waiters.add(done);
    else if (this.#lookups >= MAX_LOOKUPS) {
      done({ failure: `no address for ${host}: other look-ups do not end` });
    } else {
      const limit = this.#clock.setTimer(WAIT_MS, () =>
        this.#settle(key, { failure: `no address for ${host} within ${WAIT_MS / 1000} s` }),
      );
      this.#searches.set(key, { waiters: new Set([done]), limit });
      this.#start(host, family);
    }
  }

  #start(host: string, family: AddressFamily): void {
    const key = keyOf(host, family);
    this.#lookups += 1;
    // Promise.resolve() first, so that a look-up that throws at once is a rejection too.
    Promise.resolve()
      .then(() => this.#lookup(host, family))
      .then(
        ([address]): Finding =>
          address === undefined ? { failure: `no address for ${host}` } : { address },
        (error: unknown) => ({
          failure: `no address for ${host}: ${error instanceof Error ? error.message : String(error)}`,
        }),
      )
      // By way of the clock: what those who wait do is no affair of this promise.
      .then((finding) => this.#clock.setTimer(0, () => this.#onFound(key, finding)));
  }

  /** One that comes too late for those who waited is kept all the same. */
  #onFound(key: string, finding: Finding): void {
    this.#lookups -= 1;
    if ('address' in finding) {
      this.#kept.delete(key);
      const [eldest] = this.#kept.keys();
      if (eldest !== undefined && this.#kept.size >= MAX_KEPT) this.#kept.delete(eldest);
      this.#kept.set(key, { address: finding.address, until: this.#clock.now() + KEEP_MS });
    }
    this.#settle(key, finding);
  }

  #settle(key: string, finding: Finding): void {
    const search = this.#searches.get(key);
    if (!search) return;
    this.#searches.delete(key);
    search.limit.cancel();
    if ('failure' in finding) this.#log.warn(finding.failure);
    for (const done of search.waiters) done(finding);
  }
}

function keyOf(host: string, family: AddressFamily): string {
  return `${family} ${host.toLowerCase()}`;
}
