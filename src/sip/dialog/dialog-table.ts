import type { KnownCalls } from '../admission';
import { type DialogIdentity, ownText, type SipRequest } from '../message';
import type { ServerTransaction } from '../transaction';
import { type Dialog, dialogKey } from './dialog';

/** Whoever serves the requests of a dialog. */
export interface DialogOwner {
  onRequest(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void;
  /** ACK of a 2xx. */
  onAck(ack: Acknowledgement): void;
  /** The peer has said BYE in words that are owed a refusal, and is gone all the same. */
  onLeft(): void;
}

/** What an ACK tells, which may be all that could be read of it. */
export interface Acknowledgement {
  readonly sequence: number;
  readonly answer: string;
}

/** All dialogs, found by Call-ID and both tags (RFC 3261 §12). */
export class DialogTable {
  readonly #entries = new Map<string, { readonly dialog: Dialog; readonly owner: DialogOwner }>();

  /** Told which calls are ours. */
  readonly #calls: KnownCalls;

  constructor(calls: KnownCalls) {
    this.#calls = calls;
  }

  get size(): number {
    return this.#entries.size;
  }

  add(dialog: Dialog, owner: DialogOwner): void {
    if (!this.#entries.has(dialog.key)) this.#calls.add(ownText(dialog.callId));
    this.#entries.set(ownText(dialog.key), { dialog, owner });
  }

  remove(dialog: Dialog): void {
    if (this.#entries.delete(dialog.key)) this.#calls.release(dialog.callId);
  }

  has(dialog: Dialog): boolean {
    return this.#entries.has(dialog.key);
  }

  /** The dialog that a request from the peer is within: its To tag is ours. */
  find({
    callId,
    to,
    from,
  }: DialogIdentity): { readonly dialog: Dialog; readonly owner: DialogOwner } | undefined {
    return this.#entries.get(dialogKey(callId, to.tag, from.tag));
  }
}
