import { BoundedMap, networkOf, type Rate, TokenBucket } from '../../platform';
import type { SocketAddress } from '../transport';

/**
 * How much is taken from whom. Strangers are granted messages; who is known is granted milliseconds
 * of our time, so that a busy exchange is served as fast as this machine can.
 */
export interface SourceRates {
  /** A socket that nothing is known of. */
  readonly socket: Rate;
  /** All unknown sockets of one address (of IPv6: of one /64 network, which is one customer). */
  readonly network: Rate;
  /** All unknown sockets of the world: forged addresses are endless. */
  readonly strangers: Rate;
  /** INVITEs of such a socket, which take room in the house: it leaves some to the others. */
  readonly socketInvites: Rate;
  /** INVITEs of all of those: in the long run so few that each has time to be acknowledged. */
  readonly invites: Rate;
  /** A socket that has shown that our answers reach it. */
  readonly proved: Rate;
  /** All of those. */
  readonly allProved: Rate;
  /** A socket that we called, or registered at, ourselves. */
  readonly trusted: Rate;
}

export const SOURCE_RATES: SourceRates = {
  socket: { perSecond: 20, burst: 100 },
  network: { perSecond: 60, burst: 200 },
  strangers: { perSecond: 120, burst: 400 },
  socketInvites: { perSecond: 4, burst: 20 },
  invites: { perSecond: 10, burst: 100 },
  proved: { perSecond: 500, burst: 500 },
  allProved: { perSecond: 600, burst: 600 },
  trusted: { perSecond: 300, burst: 500 },
};

const MAX_STRANGERS = 512;
const MAX_PROVED = 256;
const MAX_TRUSTED = 32;

/**
 * Who sends how much. A forged source costs an entry of a bounded table; those that are known for
 * good have tables of their own, so that no flood of strangers makes this agent forget them.
 */
export class Sources {
  readonly #rates: SourceRates;
  readonly #strangers: TokenBucket;
  readonly #strangersInvites: TokenBucket;
  readonly #allProved: TokenBucket;
  readonly #sockets = new BoundedMap<TokenBucket>(MAX_STRANGERS);
  readonly #networks = new BoundedMap<TokenBucket>(MAX_STRANGERS);
  readonly #inviting = new BoundedMap<TokenBucket>(MAX_STRANGERS);
  readonly #proved = new BoundedMap<TokenBucket>(MAX_PROVED);
  readonly #trusted = new BoundedMap<TokenBucket>(MAX_TRUSTED);
  #admitted: readonly TokenBucket[] = [];

  constructor(rates: SourceRates, nowMs: number) {
    this.#rates = rates;
    this.#strangers = new TokenBucket(rates.strangers, nowMs);
    this.#strangersInvites = new TokenBucket(rates.invites, nowMs);
    this.#allProved = new TokenBucket(rates.allProved, nowMs);
  }

  /** Whether one more message of that source is taken; `charge` tells then what it cost. */
  admit(source: SocketAddress, nowMs: number): boolean {
    const key = keyOf(source);
    const trusted = this.#trusted.get(key);
    if (trusted) return this.#admitKnown([trusted], nowMs);
    const proved = this.#proved.get(key);
    if (proved) return this.#admitKnown([proved, this.#allProved], nowMs);
    this.#admitted = [];
    return this.#admitStranger(source, key, nowMs);
  }

  /** Whether a message of that source that is admitted may be an INVITE. */
  admitInvite(source: SocketAddress, nowMs: number): boolean {
    if (this.isProved(source)) return true;
    if (!this.#strangersInvites.hasToken(nowMs)) return false;
    const socket = this.#bucket(this.#inviting, keyOf(source), 'socketInvites', nowMs);
    return socket.take(nowMs) && this.#strangersInvites.take(nowMs);
  }

  /** Milliseconds that the message admitted last has taken. */
  charge(ms: number): void {
    for (const bucket of this.#admitted) bucket.spend(ms);
    this.#admitted = [];
  }

  /** Our answers reach it: it named what only they could tell. */
  prove(source: SocketAddress, nowMs: number): void {
    const key = keyOf(source);
    if (this.#trusted.get(key)) return;
    const bucket = this.#proved.get(key) ?? new TokenBucket(this.#rates.proved, nowMs);
    this.#proved.set(key, bucket);
  }

  /** We turned to it ourselves. */
  trust(source: SocketAddress, nowMs: number): void {
    const key = keyOf(source);
    this.#trusted.set(key, this.#trusted.get(key) ?? new TokenBucket(this.#rates.trusted, nowMs));
  }

  isProved(source: SocketAddress): boolean {
    const key = keyOf(source);
    return this.#trusted.get(key) !== undefined || this.#proved.get(key) !== undefined;
  }

  #admitKnown(buckets: readonly TokenBucket[], nowMs: number): boolean {
    const isGranted = buckets.every((bucket) => bucket.hasToken(nowMs));
    this.#admitted = isGranted ? buckets : [];
    return isGranted;
  }

  #admitStranger(source: SocketAddress, key: string, nowMs: number): boolean {
    // First what costs no entry.
    if (!this.#strangers.hasToken(nowMs)) return false;
    const network = this.#bucket(this.#networks, networkOf(source.address), 'network', nowMs);
    const socket = this.#bucket(this.#sockets, key, 'socket', nowMs);
    if (!socket.hasToken(nowMs) || !network.hasToken(nowMs)) return false;
    return socket.take(nowMs) && network.take(nowMs) && this.#strangers.take(nowMs);
  }

  #bucket(
    table: BoundedMap<TokenBucket>,
    key: string,
    rate: 'network' | 'socket' | 'socketInvites',
    nowMs: number,
  ): TokenBucket {
    const found = table.get(key);
    if (found) return found;
    const bucket = new TokenBucket(this.#rates[rate], nowMs);
    table.set(key, bucket);
    return bucket;
  }
}

function keyOf({ address, port }: SocketAddress): string {
  return `${address}|${port}`;
}
