import type { Clock, Random, Timer } from '../../platform';
import { encodeStun, type StunMessage, type StunParts } from './message';

/** What a request came to; `timeout` when nothing came. */
export type TransactionOutcome = StunMessage | 'timeout';

export interface StunPlan<Place> {
  readonly method: number;
  /** Attributes may hold addresses, which are masked by the transaction. */
  readonly attributes: (transaction: Uint8Array) => StunParts['attributes'];
  readonly key?: Uint8Array | undefined;
  readonly hasFingerprint?: boolean;
  /** First time to wait for an answer, ms; each next one is twice as long. */
  readonly rtoMs: number;
  /** How often it is sent. */
  readonly sends: number;
  readonly done: (outcome: TransactionOutcome, from?: Place) => void;
  readonly send: (bytes: Uint8Array) => void;
}

interface Pending<Place> {
  readonly plan: StunPlan<Place>;
  readonly bytes: Uint8Array;
  sent: number;
  timer: Timer | undefined;
}

/** More requests at one time than this end ever sends. */
const MAX_PENDING = 512;

/** A request on its way. */
export interface SentRequest {
  /** Forgets it: `done` is not called any more, and it is not repeated. */
  cancel(): void;
  /** It is not repeated any more; an answer still counts. */
  stopRepeating(): void;
}

/**
 * Requests of ours until their answers come: repeated over UDP (RFC 8489 §6.2.1), and bounded. `Place` is where
 * answers come from.
 */
export class TransactionTable<Place> {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #pending = new Map<string, Pending<Place>>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  request(plan: StunPlan<Place>): SentRequest {
    const transaction = this.#random.bytes(12);
    const id = idOf(transaction);
    const { method, attributes, key, hasFingerprint = false } = plan;
    const parts = { method, transaction, attributes: attributes(transaction), key, hasFingerprint };
    const bytes = encodeStun({ kind: 'request', ...parts });
    const pending: Pending<Place> = { plan, bytes, sent: 0, timer: undefined };
    this.#makeRoom();
    this.#pending.set(id, pending);
    this.#send(id, pending);
    return {
      cancel: () => this.#forget(id, pending),
      stopRepeating: () => {
        pending.sent = plan.sends;
      },
    };
  }

  /** False for what answers nothing that was asked. */
  answer(message: StunMessage, from: Place): boolean {
    const id = idOf(message.transaction);
    const pending = this.#pending.get(id);
    if (!pending || pending.plan.method !== message.method) return false;
    if (!isProvedIn(message, pending.plan.key)) return false;
    this.#forget(id, pending);
    pending.plan.done(message, from);
    return true;
  }

  stop(): void {
    for (const { timer } of this.#pending.values()) timer?.cancel();
    this.#pending.clear();
  }

  #send(id: string, pending: Pending<Place>): void {
    const { rtoMs, sends, send } = pending.plan;
    pending.sent += 1;
    // RFC 8489 §6.2.1: the last one is waited for longer, there for 16 RTO; calls are in more of a hurry.
    const waitMs = rtoMs * 2 ** (pending.sent - 1);
    pending.timer = this.#clock.setTimer(waitMs, () => {
      if (pending.sent < sends) this.#send(id, pending);
      else {
        this.#forget(id, pending);
        pending.plan.done('timeout');
      }
    });
    send(pending.bytes);
  }

  #makeRoom(): void {
    const [oldest] = this.#pending;
    if (this.#pending.size < MAX_PENDING || !oldest) return;
    this.#forget(...oldest);
    oldest[1].plan.done('timeout');
  }

  #forget(id: string, pending: Pending<Place>): void {
    pending.timer?.cancel();
    if (this.#pending.get(id) === pending) this.#pending.delete(id);
  }
}

/**
 * Whoever asks with a key is answered with it. An error may come without: it says that the key is not known
 * (RFC 8489 §9.2.5), and at worst costs what an answer that never comes would.
 */
function isProvedIn(message: StunMessage, key: Uint8Array | undefined): boolean {
  if (!key || message.isProvedBy(key)) return true;
  return message.kind === 'error' && !message.hasIntegrity;
}

function idOf(transaction: Uint8Array): string {
  return Buffer.from(transaction).toString('hex');
}
