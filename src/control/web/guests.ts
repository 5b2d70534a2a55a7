import { BoundedMap, type Clock, type Random, type Timer } from '../../platform';
import { hashed } from './token';

/** Who came by an invitation. */
export interface Guest {
  /** By the monotonic clock, ms. */
  readonly until: number;
  /** The record of the password at that time. */
  readonly record: string;
  /** Numbers of calls that he began, all that are up and perhaps some that are not. */
  readonly calls: Set<number>;
}

/** What guests' calls are ended by. */
export interface Calls {
  isUp(call: number): boolean;
  /** Nothing happens where it is over. */
  end(call: number): void;
}

/** One more takes the place of the eldest. */
export const MAX_GUESTS = 8;
/** How often it is looked who has to go, ms. */
const LOOK_MS = 1000;
const TOKEN_BYTES = 32;

/** Guests, by a token that they keep in a cookie. When one has to go, his calls end. */
export class Guests {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #recordNow: () => string | undefined;
  readonly #calls: Calls;
  readonly #guests = new BoundedMap<Guest>(MAX_GUESTS);
  #timer: Timer | undefined;

  /** @param recordNow of the password: another one ends those who came before. */
  constructor(clock: Clock, random: Random, recordNow: () => string | undefined, calls: Calls) {
    this.#clock = clock;
    this.#random = random;
    this.#recordNow = recordNow;
    this.#calls = calls;
  }

  get count(): number {
    return this.#guests.size;
  }

  /** A new one's token. */
  open(until: number, record: string): string {
    const [eldest] = this.#guests.keys();
    if (eldest !== undefined && this.#guests.size >= MAX_GUESTS) this.#end(eldest);
    const token = Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString('hex');
    this.#guests.set(hashed(token), { until, record, calls: new Set() });
    this.#timer ??= this.#lookLater();
    return token;
  }

  of(token: string | undefined): Guest | undefined {
    const guest = token === undefined ? undefined : this.#guests.get(hashed(token));
    return guest && this.isGood(guest) ? guest : undefined;
  }

  isGood(guest: Guest): boolean {
    return (
      this.#guests.values().includes(guest) &&
      guest.record === this.#recordNow() &&
      this.#clock.now() < guest.until
    );
  }

  /** He has begun a call: it is his as long as it is up. */
  began(guest: Guest, call: number): void {
    for (const former of guest.calls) if (!this.#calls.isUp(former)) guest.calls.delete(former);
    guest.calls.add(call);
    // He had to go while it was being answered.
    if (!this.isGood(guest)) this.#calls.end(call);
  }

  end(token: string | undefined): void {
    if (token !== undefined) this.#end(hashed(token));
  }

  /** Ends all. */
  close(): void {
    this.#timer?.cancel();
    for (const key of this.#guests.keys()) this.#end(key);
  }

  #lookLater(): Timer {
    return this.#clock.setTimer(LOOK_MS, () => {
      for (const key of this.#guests.keys()) {
        const guest = this.#guests.get(key);
        if (guest && !this.isGood(guest)) this.#end(key);
      }
      this.#timer = this.#guests.size > 0 ? this.#lookLater() : undefined;
    });
  }

  #end(key: string): void {
    const guest = this.#guests.get(key);
    this.#guests.delete(key);
    for (const call of guest?.calls ?? []) this.#calls.end(call);
  }
}
