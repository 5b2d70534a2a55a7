import { BoundedMap, type Clock, type Rate, TokenBucket } from '../../platform';
import { type Reply, type Sender, senderKey } from './wire';

/** Datagrams of one socket: far more than a person or a fleet asks. */
export const SOCKET_RATE: Rate = { perSecond: 200, burst: 200 };
/** Of all sockets that have no session, so that one of them does not take it all. */
export const STRANGERS_RATE: Rate = { perSecond: 1000, burst: 1000 };
/** Replies to datagrams that are no commands. */
export const COMPLAINTS: Rate = { perSecond: 20, burst: 20 };
const MAX_SOCKETS = 64;

/** Keeps one flood from taking the turn of everybody else: what is beyond is thrown away unread. */
export class Gate {
  readonly #clock: Clock;
  readonly #sockets = new BoundedMap<TokenBucket>(MAX_SOCKETS);
  readonly #strangers: TokenBucket;
  readonly #complaints: TokenBucket;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#strangers = new TokenBucket(STRANGERS_RATE, clock.now());
    this.#complaints = new TokenBucket(COMPLAINTS, clock.now());
  }

  /** Whether a datagram is read; those of sockets with a session count for themselves alone. */
  admits(sender: Sender, hasSession: boolean): boolean {
    const now = this.#clock.now();
    const key = senderKey(sender);
    const bucket = this.#sockets.get(key) ?? new TokenBucket(SOCKET_RATE, now);
    this.#sockets.set(key, bucket);
    return bucket.take(now) && (hasSession || this.#strangers.take(now));
  }

  /** Complaints go out at a bounded rate and are never long: nobody gains by provoking them. */
  complaint(reply: Reply): Reply | undefined {
    return this.#complaints.take(this.#clock.now()) ? reply : undefined;
  }
}
