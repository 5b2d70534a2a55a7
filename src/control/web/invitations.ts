import { BoundedMap, type Clock, type Random } from '../../platform';
import { hashed } from './token';

/** Of somebody who has not come yet. */
interface Invitation {
  /** By the monotonic clock, ms. */
  readonly until: number;
  /** The record of the password by which the page was guarded then: another one takes it back. */
  readonly record: string;
}

/** One more takes the place of the eldest. */
export const MAX_INVITATIONS = 8;
const TOKEN_BYTES = 16;

/** Invitations that are handed out, each good once. They are in memory alone: a restart takes them back. */
export class Invitations {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #open = new BoundedMap<Invitation>(MAX_INVITATIONS);

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  get count(): number {
    return this.#open.values().filter(({ until }) => this.#clock.now() < until).length;
  }

  /** A new one's token, of 128 bits. */
  make(forMs: number, record: string): string {
    const token = Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString('base64url');
    this.#open.set(hashed(token), { until: this.#clock.now() + forMs, record });
    return token;
  }

  /** Uses it up. @returns until when it lets in; undefined when it does not, whatever the reason */
  take(token: string, record: string): number | undefined {
    const key = hashed(token);
    const invitation = this.#open.get(key);
    if (!invitation) return undefined;
    this.#open.delete(key);
    const isGood = invitation.record === record && this.#clock.now() < invitation.until;
    return isGood ? invitation.until : undefined;
  }
}
