import { BoundedMap, type Clock } from '../../platform';
import type { Destination } from '../transport';

/** How long one that did not serve comes behind its siblings, unless it says itself (Retry-After), ms. */
const FAILED_MS = 300_000;
/** No server keeps itself from being asked for longer, ms. */
const LONGEST_MS = 1_800_000;
const MAX_FAILED = 32;

/** Destinations that did not serve, and until when that counts (RFC 3263 §4.3). */
export class FailureMemory {
  readonly #clock: Clock;
  readonly #until = new BoundedMap<number>(MAX_FAILED);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(destination: Destination, forMs = FAILED_MS): void {
    const until = this.#clock.now() + Math.min(forMs, LONGEST_MS);
    this.#until.set(nameOf(destination), until);
  }

  /** It serves again. */
  forget(destination: Destination): void {
    this.#until.delete(nameOf(destination));
  }

  has(destination: Destination): boolean {
    return this.#untilOf(destination) > this.#clock.now();
  }

  /** Those that failed come last, and of them the one first that is to be asked again soonest. */
  inOrder(destinations: readonly Destination[]): Destination[] {
    const failed = destinations.filter((one) => this.has(one));
    return [
      ...destinations.filter((one) => !this.has(one)),
      ...failed.sort((a, b) => this.#untilOf(a) - this.#untilOf(b)),
    ];
  }

  #untilOf(destination: Destination): number {
    return this.#until.get(nameOf(destination)) ?? 0;
  }
}

/** As equal as destinations can be: the same socket by the same transport. */
export function nameOf({ protocol, remote }: Destination): string {
  return `${protocol} ${remote.address} ${remote.port}`;
}
