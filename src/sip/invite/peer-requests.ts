import type { Emitter } from '../../platform';
import type { Dialog } from '../dialog';
import { IncomingMessage } from '../instant-message';
import type { SipRequest } from '../message';
import { reply, type ServerTransaction } from '../transaction';
import type { Answerer } from './answerer';
import { receiveInfo } from './info';
import type { InviteSessionEvents } from './invite-session';

/** The session that the peer's requests are for. */
export interface PeerRequestsHost {
  readonly isEarly: boolean;
  /** For an INVITE that the peer sends before the first one is answered. */
  readonly statusOfOverlap: 491 | 500;
  readonly events: Emitter<InviteSessionEvents>;
  /** The package of INFO that is served. */
  readonly infoPackage: string | undefined;
  /** Whether an offer in an UPDATE may come before the first INVITE is answered (RFC 3311 §5.2). */
  takesEarlyOffer(dialog: Dialog): boolean;
  onPrack(prack: SipRequest, transaction: ServerTransaction): void;
  onRefer(refer: SipRequest, transaction: ServerTransaction, dialog: Dialog): void;
}

/** What the peer asks for within the dialog, but for its end: RFC 3261 §12.2.2. */
export class PeerRequests {
  readonly #product: string;
  readonly #answerer: Answerer;
  readonly #host: PeerRequestsHost;

  constructor(product: string, answerer: Answerer, host: PeerRequestsHost) {
    this.#product = product;
    this.#answerer = answerer;
    this.#host = host;
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    switch (request.method) {
      case 'INVITE':
        this.#onReinvite(request, transaction, dialog);
        break;
      case 'UPDATE':
        this.#onUpdate(request, transaction, dialog);
        break;
      case 'PRACK':
        this.#host.onPrack(request, transaction);
        break;
      case 'INFO':
        this.#onInfo(request, transaction);
        break;
      case 'MESSAGE':
        this.#onMessage(request, transaction);
        break;
      case 'REFER':
        this.#host.onRefer(request, transaction, dialog);
        break;
    }
  }

  /** §14.2. */
  #onReinvite(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    if (this.#host.isEarly) this.#onOverlap(request, transaction);
    else this.#answerer.onReinvite(request, transaction, dialog);
  }

  #onUpdate(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const hasOffer = request.description !== '';
    if (hasOffer && this.#host.isEarly && !this.#host.takesEarlyOffer(dialog)) {
      this.#onOverlap(request, transaction);
    } else this.#answerer.onUpdate(request, transaction, dialog);
  }

  #onOverlap(request: SipRequest, transaction: ServerTransaction): void {
    if (this.#host.statusOfOverlap === 500) this.#answerer.retrySoon(request, transaction);
    else reply(this.#product, request, transaction, 491);
  }

  #onMessage(request: SipRequest, transaction: ServerTransaction): void {
    const message = IncomingMessage.of(request, transaction, (status, parts) =>
      reply(this.#product, request, transaction, status, parts),
    );
    if (!message) return;
    this.#host.events.emit('message', message);
    message.refuse(480);
  }

  #onInfo(request: SipRequest, transaction: ServerTransaction): void {
    const told = receiveInfo(this.#product, request, transaction, this.#host.infoPackage);
    if (told?.key) this.#host.events.emit('key', told.key);
    if (told?.wantsPicture) this.#host.events.emit('pictureRequested');
    for (const control of told?.control ?? []) this.#host.events.emit('control', ...control);
  }
}
