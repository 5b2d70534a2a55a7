import { BoundedMap, type Clock } from '../../platform';
import { encode, type Reply } from './wire';

/** A reply of this size passes the camera's relay, bytes. */
export const PAGE_BYTES = 1023;
/** A long reply is kept so long for its further pages, ms. */
export const KEPT_MS = 10_000;
const MAX_KEPT = 8;

interface Kept {
  readonly pages: readonly string[];
  readonly at: number;
}

/** Long replies in parts: page 1 is made when it is asked for, the others are of the same moment. */
export class Pages {
  readonly #clock: Clock;
  readonly #kept = new BoundedMap<Kept>(MAX_KEPT);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The first page of a reply, whose others can be had by `key` for a while. */
  first(key: string, reply: Reply): Reply {
    const pages = split(JSON.stringify(reply.param ?? null), reply);
    this.#kept.set(key, { pages, at: this.#clock.now() });
    return page(reply, pages, 1);
  }

  /** A later page of the reply kept under `key`; undefined when there is none. */
  later(key: string, number: number, reply: Reply): Reply | undefined {
    const kept = this.#kept.get(key);
    if (!kept || this.#clock.now() - kept.at >= KEPT_MS) return undefined;
    return number <= kept.pages.length ? page(reply, kept.pages, number) : undefined;
  }
}

function page(reply: Reply, pages: readonly string[], number: number): Reply {
  return { ...reply, page: number, pages: pages.length, param: pages[number - 1] ?? '' };
}

/** Cuts `text` so that each piece fits into a datagram as the `param` of `reply`. */
function split(text: string, reply: Reply): string[] {
  const room = PAGE_BYTES - encode({ ...reply, page: 9999, pages: 9999, param: '' }).length;
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  // By characters: a surrogate pair stays whole.
  for (const character of text) {
    const size = Buffer.byteLength(JSON.stringify(character)) - 2;
    if (used + size > room) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += size;
  }
  return [...pieces, piece];
}
