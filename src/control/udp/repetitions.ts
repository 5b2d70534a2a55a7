import { BoundedMap, type Clock } from '../../platform';
import { RVAL } from './rval';
import { type Reply, type Sender, senderKey } from './wire';

/** So long the same datagram from the same socket is the same request, ms: clients ask again after half a second or two. */
export const REPEATED_MS = 2000;
/** The same for a request with an `id` of its own, which nobody gives twice to two, ms. */
export const REPEATED_ID_MS = 60_000;
const MAX_REMEMBERED = 64;

/** How a request may come again. */
export interface RequestKind {
  /** It has a mark of its own. */
  readonly hasId: boolean;
  /** What it is about depends on what there is: after a change the same words mean something else. */
  readonly dependsOnState: boolean;
}

interface Remembered extends RequestKind {
  readonly reply: Promise<Reply>;
  readonly at: number;
  /** The last event before it was answered; undefined until then. */
  answeredAfter: number | undefined;
}

/**
 * What was replied to requests that change something: a datagram lost on its way back is asked for
 * again by sending the same request, which must not be carried out twice. Without an `id` only the
 * last such request of a socket can be meant (hold, resume, hold are three), and one that leaves open
 * which call it is about only while nothing has happened since (two calls are refused by two requests).
 */
export class Repetitions {
  readonly #clock: Clock;
  readonly #lastEvent: () => number;
  readonly #replies = new BoundedMap<Remembered>(MAX_REMEMBERED);
  readonly #lastOf = new BoundedMap<string>(MAX_REMEMBERED);

  /** @param lastEvent number of the newest event. */
  constructor(clock: Clock, lastEvent: () => number) {
    this.#clock = clock;
    this.#lastEvent = lastEvent;
  }

  /** The reply that was, or will be, given to this very datagram; undefined when it is a new request. */
  find(sender: Sender, datagram: Uint8Array): Promise<Reply> | undefined {
    const key = keyOf(sender, datagram);
    const found = this.#replies.get(key);
    if (!found) return undefined;
    const age = this.#clock.now() - found.at;
    if (found.hasId) return age < REPEATED_ID_MS ? found.reply : undefined;
    const isLast = this.#lastOf.get(senderKey(sender)) === key;
    const isSame = isLast && age < REPEATED_MS && !this.#hasChangedSince(found);
    return isSame ? found.reply : undefined;
  }

  remember(sender: Sender, datagram: Uint8Array, kind: RequestKind, reply: Promise<Reply>): void {
    const key = keyOf(sender, datagram);
    const entry: Remembered = {
      ...kind,
      reply,
      at: this.#clock.now(),
      answeredAfter: undefined,
    };
    this.#replies.set(key, entry);
    this.#lastOf.set(senderKey(sender), key);
    void reply.then(({ rval }) => {
      entry.answeredAfter = this.#lastEvent();
      // What was refused has not been carried out: what was impossible may be possible by now.
      if (rval !== RVAL.ok && !kind.hasId) this.#replies.delete(key);
    });
  }

  #hasChangedSince({ dependsOnState, answeredAfter }: Remembered): boolean {
    if (!dependsOnState || answeredAfter === undefined) return false;
    return answeredAfter !== this.#lastEvent();
  }
}

function keyOf(sender: Sender, datagram: Uint8Array): string {
  return `${senderKey(sender)} ${Buffer.from(datagram).toString('latin1')}`;
}
