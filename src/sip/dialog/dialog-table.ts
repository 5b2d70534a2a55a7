import type { KnownCalls } from '../admission';
import type { CapabilitySet } from '../capabilities';
import { type DialogIdentity, ownText, type SipRequest } from '../message';
import { reply, type ServerTransaction } from '../transaction';
import { type Dialog, dialogKey } from './dialog';
import type { Acknowledgement, DialogMaker, DialogUsage } from './dialog-usage';

interface Entry {
  readonly dialog: Dialog;
  readonly usages: Set<DialogUsage>;
}

/** All dialogs with their usages, found by Call-ID and both tags (RFC 3261 §12). */
export class DialogTable {
  readonly #entries = new Map<string, Entry>();
  /** By Call-ID and our tag alone: what the peer's tag will be its response says, or its request. */
  readonly #makers = new Map<string, DialogMaker>();
  /** Told which calls are ours. */
  readonly #calls: KnownCalls;
  readonly #capabilities: CapabilitySet;
  readonly #product: string;

  constructor(calls: KnownCalls, capabilities: CapabilitySet, product: string) {
    this.#calls = calls;
    this.#capabilities = capabilities;
    this.#product = product;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The dialog has that usage from now on, beside others that it may have. */
  add(dialog: Dialog, usage: DialogUsage): void {
    const known = this.#entries.get(dialog.key);
    if (known) {
      known.usages.add(usage);
      return;
    }
    this.#calls.add(ownText(dialog.callId));
    this.#entries.set(ownText(dialog.key), { dialog, usages: new Set([usage]) });
  }

  /** A dialog goes with the last of its usages (RFC 5057 §4.2). */
  remove(dialog: Dialog, usage: DialogUsage): void {
    const entry = this.#entries.get(dialog.key);
    if (!entry?.usages.delete(usage) || entry.usages.size > 0) return;
    this.#entries.delete(dialog.key);
    this.#calls.release(dialog.callId);
  }

  has(dialog: Dialog): boolean {
    return this.#entries.has(dialog.key);
  }

  /** A dialog with that tag of ours may begin by a request of the peer. */
  expect(callId: string, localTag: string, maker: DialogMaker): void {
    this.#makers.set(dialogKey(callId, localTag, undefined), maker);
  }

  expectNoMore(callId: string, localTag: string): void {
    this.#makers.delete(dialogKey(callId, localTag, undefined));
  }

  /** Serves a request with a To tag, RFC 3261 §12.2.2. False when it is within no dialog of ours. */
  receive(request: SipRequest, transaction: ServerTransaction): boolean {
    const entry = this.#find(request) ?? this.#adopted(request, transaction);
    if (!entry) return false;
    const { dialog } = entry;
    // What changes a dialog must not be done twice.
    transaction.keep();
    dialog.hear({ protocol: transaction.flow.protocol, remote: transaction.source });
    const usage = usageFor(entry, request.method, request);
    // Below the last sequence number is out of order.
    if (!dialog.acceptSequence(request.cseq.sequence)) {
      reply(this.#product, request, transaction, 500, { reason: 'CSeq Out Of Order' });
      if (request.method === 'BYE') usage?.onLeft?.();
    } else if (usage) usage.onRequest(request, transaction, dialog);
    else this.#answer(request, transaction, entry);
    return true;
  }

  /** An ACK of a 2xx. False when there is no such dialog. */
  acknowledge(identity: DialogIdentity, ack: Acknowledgement): boolean {
    const entry = this.#find(identity);
    if (entry) usageFor(entry, 'ACK')?.onAck?.(ack);
    return entry !== undefined;
  }

  /** A BYE that is refused for its words ends what it would have ended (§15.1.1). */
  leave(identity: DialogIdentity): void {
    const entry = this.#find(identity);
    if (entry) usageFor(entry, 'BYE')?.onLeft?.();
  }

  /** Of the dialog itself: OPTIONS, whether it lives (§11). Methods of usages that it has not get 481. */
  #answer(request: SipRequest, transaction: ServerTransaction, { usages }: Entry): void {
    const lives = [...usages].some(({ isOver }) => !isOver);
    if (request.method !== 'OPTIONS' || !lives) reply(this.#product, request, transaction, 481);
    else {
      const headers = this.#capabilities.optionsAnswer;
      reply(this.#product, request, transaction, 200, { headers });
    }
  }

  /** The dialog that something from the peer is within: its To tag is ours. */
  #find({ callId, to, from }: DialogIdentity): Entry | undefined {
    return this.#entries.get(dialogKey(callId, to.tag, from.tag));
  }

  #adopted(request: SipRequest, transaction: ServerTransaction): Entry | undefined {
    const { callId, to, from, method } = request;
    const maker = this.#makers.get(dialogKey(callId, to.tag, undefined));
    if (from.tag === undefined || !maker?.methods.has(method)) return undefined;
    const dialog = maker.adopt(request, transaction);
    return dialog && this.#entries.get(dialog.key);
  }
}

function usageFor(
  { usages }: Entry,
  method: string,
  request?: SipRequest,
): DialogUsage | undefined {
  for (const usage of usages) {
    const isIts = !request || !usage.takes || usage.takes(request);
    if (usage.methods.has(method) && isIts) return usage;
  }
  return undefined;
}
