import type { Logger } from '../../platform';
import type { Admission } from '../admission';
import type { CapabilitySet } from '../capabilities';
import type { DialogTable } from '../dialog';
import { IncomingMessage } from '../instant-message';
import {
  type DialogIdentity,
  type MessageIdentity,
  type ParseFailure,
  type ResponseParts,
  type SipRequest,
  validateRequest,
} from '../message';
import type { ServerTransaction, ToTags, TransactionLayer } from '../transaction';
import type { IncomingCalls, Reply } from './incoming-calls';

export interface UasCoreParts {
  readonly log: Logger;
  readonly capabilities: CapabilitySet;
  readonly admission: Admission;
  readonly tags: ToTags;
  readonly layer: TransactionLayer;
  readonly dialogs: DialogTable;
  readonly calls: IncomingCalls;
  readonly reply: Reply;
  /** A text, to be accepted or refused before it returns. */
  readonly onMessage: (message: IncomingMessage) => void;
  /** Notes a message that is good for nothing. */
  readonly drop: (problem: string) => void;
}

/** What becomes of a request, RFC 3261 §8.2: it goes to its dialog, makes a new one, or is answered here. */
export class UasCore {
  readonly #parts: UasCoreParts;

  constructor(parts: UasCoreParts) {
    this.#parts = parts;
  }

  onRequest(request: SipRequest, transaction: ServerTransaction): void {
    const { log, capabilities, reply, drop } = this.#parts;
    const verdict = validateRequest(request, capabilities.of(request.method));
    if (verdict.kind === 'drop') {
      drop(verdict.problem);
      transaction.ignore();
    } else if (verdict.kind === 'reject') {
      log.debug('refused', { status: verdict.status, problem: verdict.problem });
      reply(request, transaction, verdict.status, { headers: verdict.headers });
      // A method in small letters is owed 501 (§7.1) and has left no less.
      this.#heed(request.method.toUpperCase(), request, request);
    } else if (request.method === 'CANCEL') this.#onCancel(request, transaction);
    else if (request.to.tag !== undefined) this.#onDialogRequest(request, transaction);
    else this.#onInitialRequest(request, transaction);
  }

  onAck(ack: SipRequest): void {
    const { capabilities, admission, tags, drop } = this.#parts;
    const verdict = validateRequest(ack, capabilities.of('ACK'));
    if (verdict.kind === 'drop') drop(verdict.problem);
    // It cannot be refused, only lost, and so it confirms in any case (§13.3.1.4).
    const isInDialog = this.#acknowledge(ack, ack.description);
    // The ACK of a refusal without state ends here: it shows that the refusal arrived.
    const isOurs = isInDialog || ack.to.tag === tags.of(ack);
    if (isOurs && ack.source) admission.prove(ack.source);
  }

  /** So little could be read that there was no request; what it tells is heeded all the same. */
  onUnreadable({ method, dialog, identity }: ParseFailure): void {
    if (method !== 'ACK') this.#heed(method ?? '', dialog, identity);
    else if (identity) this.#acknowledge(identity, '');
  }

  /**
   * A refusal keeps no call alive: whoever sent BYE or CANCEL has left, whatever was wrong with it
   * (§15.1.1, §9.2).
   */
  #heed(
    method: string,
    dialog: DialogIdentity | undefined,
    identity: MessageIdentity | undefined,
  ): void {
    const { dialogs, layer } = this.#parts;
    if (method === 'BYE' && dialog) dialogs.leave(dialog);
    if (method === 'CANCEL' && identity) layer.findRinging(identity)?.user?.onCancel();
  }

  /** §9.2. */
  #onCancel(request: SipRequest, transaction: ServerTransaction): void {
    const invite = this.#parts.layer.findInvite(request);
    this.#parts.reply(request, transaction, invite ? 200 : 481);
    invite?.user?.onCancel();
  }

  /** §12.2.2. */
  #onDialogRequest(request: SipRequest, transaction: ServerTransaction): void {
    const { dialogs, admission, reply } = this.#parts;
    if (dialogs.receive(request, transaction)) admission.prove(transaction.source);
    else reply(request, transaction, 481);
  }

  #onInitialRequest(request: SipRequest, transaction: ServerTransaction): void {
    const { calls, capabilities, reply } = this.#parts;
    switch (request.method) {
      case 'INVITE':
        calls.receive(request, transaction);
        break;
      case 'OPTIONS':
        // §11.2: the status is the one that an INVITE would get.
        reply(request, transaction, calls.refusal(transaction) ?? 200, {
          headers: capabilities.optionsAnswer,
        });
        break;
      case 'MESSAGE':
        this.#onMessage(request, transaction);
        break;
      // RFC 6665 §4.2.1.1: no package of events is served.
      case 'SUBSCRIBE':
        reply(request, transaction, 489);
        break;
      // BYE and INFO live within dialogs only, and REFER here: nobody outside of a call has us call others.
      default:
        reply(request, transaction, 481);
    }
  }

  #onMessage(request: SipRequest, transaction: ServerTransaction): void {
    const message = IncomingMessage.of(request, transaction, (status, parts) => {
      // What was taken is not to be taken twice.
      if (status < 300) transaction.keep();
      const { capabilities, reply } = this.#parts;
      const others = capabilities.allow.filter((method) => method !== 'MESSAGE').join(', ');
      // RFC 3261 §8.2.1: what is served instead.
      const owed: ResponseParts = status === 405 ? { headers: [['Allow', others]] } : {};
      reply(request, transaction, status, { ...owed, ...parts });
    });
    if (!message) return;
    this.#parts.onMessage(message);
    message.refuse(480);
  }

  /** False when there is no such dialog. */
  #acknowledge(identity: MessageIdentity, answer: string): boolean {
    const { sequence } = identity.cseq;
    return this.#parts.dialogs.acknowledge(identity, { sequence, answer });
  }
}
