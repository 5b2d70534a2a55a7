import { type Rate, TokenBucket } from '../../platform';

/** What one call may bring beyond what its source is granted. */
const CALL_RATE: Rate = { perSecond: 50, burst: 100 };

/**
 * The Call-IDs of our dialogs and transactions. A Call-ID is known to who takes part in the call and
 * to who sees its packets pass: it lets a BYE in while strangers flood, whatever source they forge.
 */
export class KnownCalls {
  readonly #calls = new Map<string, { uses: number; readonly bucket: TokenBucket }>();

  get size(): number {
    return this.#calls.size;
  }

  has(callId: string): boolean {
    return this.#calls.has(callId);
  }

  /** `callId` is kept: it should be a copy of its own (`ownText`). */
  add(callId: string): void {
    const call = this.#calls.get(callId);
    if (call) call.uses++;
    else this.#calls.set(callId, { uses: 1, bucket: new TokenBucket(CALL_RATE, 0) });
  }

  release(callId: string): void {
    const call = this.#calls.get(callId);
    if (call && --call.uses === 0) this.#calls.delete(callId);
  }

  /** Whether one more message of that call is taken. */
  admit(callId: string, nowMs: number): boolean {
    return this.#calls.get(callId)?.bucket.take(nowMs) ?? false;
  }
}
