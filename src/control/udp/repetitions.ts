import { BoundedMap, type Clock } from '../../platform';
import { RVAL } from './rval';
import { type Reply, type Sender, senderKey } from './wire';

/** So long the same datagram from the same socket is the same request, ms: clients ask again after half a second or two. */
export const REPEATED_MS = 2000;
/** The same for a request with an `id` of its own, which nobody gives twice to two, ms. */
export const REPEATED_ID_MS = 60_000;
const MAX_REMEMBERED = 64;

interface Remembered {
  readonly reply: Promise<Reply>;
  readonly at: number;
  readonly hasId: boolean;
}

/**
 * What was replied to requests that change something: a datagram lost on its way back is asked for
 * again by sending the same request, which must not be carried out twice. Without an `id` only the
 * last such request of a socket can be meant: hold, resume, hold are three.
 */
export class Repetitions {
  readonly #clock: Clock;
  readonly #replies = new BoundedMap<Remembered>(MAX_REMEMBERED);
  readonly #lastOf = new BoundedMap<string>(MAX_REMEMBERED);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The reply that was, or will be, given to this very datagram; undefined when it is a new request. */
  find(sender: Sender, datagram: Uint8Array): Promise<Reply> | undefined {
    const key = keyOf(sender, datagram);
    const found = this.#replies.get(key);
    if (!found) return undefined;
    const age = this.#clock.now() - found.at;
    if (found.hasId) return age < REPEATED_ID_MS ? found.reply : undefined;
    const isLast = this.#lastOf.get(senderKey(sender)) === key;
    return isLast && age < REPEATED_MS ? found.reply : undefined;
  }

  remember(sender: Sender, datagram: Uint8Array, hasId: boolean, reply: Promise<Reply>): void {
    const key = keyOf(sender, datagram);
    const entry = { reply, at: this.#clock.now(), hasId };
    this.#replies.set(key, entry);
    this.#lastOf.set(senderKey(sender), key);
    // What was refused has not been carried out: what was impossible may be possible by now.
    void reply.then(({ rval }) => {
      if (rval !== RVAL.ok && !hasId) this.#replies.delete(key);
    });
  }
}

function keyOf(sender: Sender, datagram: Uint8Array): string {
  return `${senderKey(sender)} ${Buffer.from(datagram).toString('latin1')}`;
}
