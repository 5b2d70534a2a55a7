import { type Rate, TokenBucket } from '../../platform';
import type { SocketAddress } from '../transport';

const SLOTS = 32_768;
const HASHED_BYTES = 512;

/** Time is kept in 12 bits of 64 ms, so that it comes round after more than four minutes. */
const TICK_MS = 64;
const TICK_MASK = 0xfff;
/** From below T1 (RFC 3261 §17.1.1.2), when a phone repeats its INVITE, to some of its later tries. */
const EARLIEST_TICKS = 4;
const LATEST_TICKS = 160;

const SECOND_TRY_RATE: Rate = { perSecond: 20, burst: 20 };

/**
 * Under a flood, who repeats an INVITE as a phone does is let in: forged sources are each used once,
 * and a flood that repeats itself as well gets no further than this rate. The memory is a fixed table
 * of fingerprints; who is overwritten tries once more.
 */
export class SecondTries {
  readonly #seen = new Uint32Array(SLOTS);
  readonly #bucket = new TokenBucket(SECOND_TRY_RATE, 0);

  /** Whether these bytes came from that source half a second or some seconds ago. */
  admit(bytes: Uint8Array, source: SocketAddress, nowMs: number): boolean {
    const hash = fingerprint(bytes, source);
    const slot = hash % SLOTS;
    const tick = Math.floor(nowMs / TICK_MS) & TICK_MASK;
    const mark = (hash & ~TICK_MASK) >>> 0;
    const seen = this.#seen[slot] ?? 0;
    const age = (tick - (seen & TICK_MASK)) & TICK_MASK;
    const isSame = (seen & ~TICK_MASK) >>> 0 === mark && age <= LATEST_TICKS;
    // A copy that came at once is no second try, and the first one's time stands.
    if (isSame && age < EARLIEST_TICKS) return false;
    this.#seen[slot] = (mark | tick) >>> 0;
    return isSame && this.#bucket.take(nowMs);
  }
}

/** FNV-1a, 32 bits. */
function fingerprint(bytes: Uint8Array, { address, port }: SocketAddress): number {
  let hash = Math.imul(0x811c9dc5 ^ port, 0x01000193);
  for (let i = 0; i < address.length; i++) {
    hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  }
  const end = Math.min(bytes.length, HASHED_BYTES);
  for (let i = 0; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash >>> 0;
}
