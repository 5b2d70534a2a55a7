import { randomFraction } from '../../platform';
import { SDP } from '../capabilities';
import type { Acknowledgement, Dialog } from '../dialog';
import {
  type Body,
  createResponse,
  type HeaderList,
  type NameAddr,
  type ResponseParts,
  type SipRequest,
} from '../message';
import type { ServerTransaction } from '../transaction';
import type { Flow } from '../transport';
import type { SessionEnvironment } from './environment';
import type { GuardedOffers } from './guarded-offers';
import type { OfferRefusal } from './offer-answer';
import { RepeatedResponse } from './repeated-response';
import { tooSmallFields } from './session-expires';
import type { SessionTimer } from './session-timer';
import { warningField } from './warning';

/** The session whose description, target and timer the peer changes. */
export interface AnswererHost {
  readonly offers: GuardedOffers | undefined;
  /** An offer of ours awaits its answer. */
  readonly isOffering: boolean;
  contact(flow: Flow): { contact: NameAddr } | Record<string, never>;
  reply(
    request: SipRequest,
    transaction: ServerTransaction,
    status: number,
    parts?: ResponseParts,
  ): void;
  onRenegotiated(): void;
  /** The answer that an ACK owes is missing or cannot be used. */
  onUnusableAnswer(): void;
  /** No 2xx awaits its ACK any more; `proceed` unless the session has ended meanwhile. */
  onAcknowledged(proceed: () => void): void;
  /** §13.3.1.4: no ACK came within 64*T1. */
  onNoAck(): void;
}

/** What a 2xx to INVITE carries. */
export interface SuccessParts {
  /** Absent when offer and answer were exchanged before, in 1xx and PRACK. */
  readonly description?: string;
  /** The description is an offer, whose answer comes in the ACK. */
  readonly awaitsAnswer: boolean;
  readonly toTag?: string;
}

/** A 2xx whose ACK has not come. */
interface Unacknowledged {
  readonly success: RepeatedResponse;
  readonly awaitsAnswer: boolean;
  /** With the ACK's body. */
  readonly onAcknowledged: (answer: string) => void;
}

/** Answers the peer's INVITEs and UPDATEs by 2xx, RFC 3261 §13.3.1.4 and §14.2, RFC 3311 §5.2. */
export class Answerer {
  readonly #environment: SessionEnvironment;
  readonly #timer: SessionTimer;
  readonly #host: AnswererHost;
  #unacknowledged: Unacknowledged | undefined;

  constructor(environment: SessionEnvironment, timer: SessionTimer, host: AnswererHost) {
    this.#environment = environment;
    this.#timer = timer;
    this.#host = host;
  }

  /** A 2xx of ours awaits its ACK. */
  get isBusy(): boolean {
    return this.#unacknowledged !== undefined;
  }

  onAck(ack: Acknowledgement): void {
    const cseq = this.#unacknowledged?.success.response.cseq;
    if (cseq?.sequence === ack.sequence) this.#acknowledge(ack.answer);
  }

  /** The 2xx is repeated no more; its ACK may still come. */
  stopRepeating(): void {
    this.#unacknowledged?.success.stop();
  }

  stop(): void {
    this.#unacknowledged?.success.stop();
    this.#unacknowledged = undefined;
  }

  /** Sends 200 until its ACK comes; then `onAcknowledged` with the ACK's body. */
  succeed(
    request: SipRequest,
    transaction: ServerTransaction,
    { description, awaitsAnswer, toTag }: SuccessParts,
    onAcknowledged: (answer: string) => void,
  ): void {
    const { timers, product, capabilities } = this.#environment;
    const response = createResponse(request, 200, {
      ...(toTag === undefined ? {} : { toTag }),
      ...this.#host.contact(transaction.flow),
      headers: [...capabilities.fields, ...this.#timer.accept(request), ['Server', product]],
      ...(description === undefined ? {} : { body: sdpBody(description) }),
    });
    const { t2 } = timers;
    const success = new RepeatedResponse(this.#environment, transaction, response, t2, () => {
      this.#unacknowledged = undefined;
      this.#host.onNoAck();
    });
    this.#unacknowledged = { success, awaitsAnswer, onAcknowledged };
  }

  /** §14.2, in a session whose first INVITE has its final response. */
  onReinvite(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    if (this.#refuse(request, transaction)) return;
    // Who sends the next INVITE has had the 2xx of the last one: only its ACK was lost.
    this.#acknowledge('');
    if (request.description !== '') this.#onOffer(request, transaction, dialog);
    else this.#onOfferWanted(request, transaction, dialog);
  }

  /** RFC 3311 §5.2. */
  onUpdate(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    if (request.description === '') {
      const tooSmall = tooSmallFields(request);
      if (tooSmall) this.#host.reply(request, transaction, 422, { headers: tooSmall });
      else this.#replyToUpdate(request, transaction, dialog);
    } else if (!this.#refuse(request, transaction)) {
      const answer = this.#answerTo(request, transaction);
      if (answer === undefined) return;
      this.#replyToUpdate(request, transaction, dialog, sdpBody(answer));
      this.#host.onRenegotiated();
    }
  }

  /** §14.2 and RFC 3311 §5.2: Retry-After with 500 is a random value of up to ten seconds. */
  retrySoon(request: SipRequest, transaction: ServerTransaction): void {
    const seconds = Math.floor(randomFraction(this.#environment.random) * 11);
    this.#host.reply(request, transaction, 500, { headers: [['Retry-After', seconds]] });
  }

  #acknowledge(answer: string): void {
    const acknowledged = this.#unacknowledged;
    if (!acknowledged) return;
    acknowledged.success.stop();
    this.#unacknowledged = undefined;
    this.#host.onAcknowledged(() => acknowledged.onAcknowledged(answer));
  }

  /** Whether an offer comes at the wrong time, or with an interval that is too small (RFC 4028 §9). */
  #refuse(request: SipRequest, transaction: ServerTransaction): boolean {
    const isGlare = this.#host.isOffering || this.#unacknowledged?.awaitsAnswer;
    const tooSmall = tooSmallFields(request);
    if (isGlare) this.#host.reply(request, transaction, 491);
    else if (tooSmall) this.#host.reply(request, transaction, 422, { headers: tooSmall });
    return isGlare || tooSmall !== undefined;
  }

  #replyToUpdate(
    request: SipRequest,
    transaction: ServerTransaction,
    dialog: Dialog,
    body?: Body,
  ): void {
    dialog.refreshTarget(request);
    const { fields } = this.#environment.capabilities;
    const headers: HeaderList = [...fields, ...this.#timer.accept(request)];
    const contact = this.#host.contact(transaction.flow);
    this.#host.reply(request, transaction, 200, { ...contact, headers, ...(body ? { body } : {}) });
  }

  #onOffer(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const description = this.#answerTo(request, transaction);
    if (description === undefined) return;
    dialog.refreshTarget(request);
    this.succeed(request, transaction, { description, awaitsAnswer: false }, () => undefined);
    this.#host.onRenegotiated();
  }

  /** A refused offer leaves the session as it is, §14.2. */
  #answerTo(request: SipRequest, transaction: ServerTransaction): string | undefined {
    const outcome = this.#outcomeOf(request.description, transaction.flow);
    if ('answer' in outcome) return outcome.answer;
    const { status, reason, warning } = outcome;
    const headers = warningField(this.#environment.product, warning);
    const parts = { headers, ...(reason === undefined ? {} : { reason }) };
    this.#host.reply(request, transaction, status, parts);
    return undefined;
  }

  /** Keys that anybody could read are not answered with ours: the session goes on with those it has. */
  #outcomeOf(offer: string, { protocol }: Flow): { readonly answer: string } | OfferRefusal {
    const { offers } = this.#host;
    if (!offers) return { status: 500 };
    return offers.mayGoBy(protocol, offer) ? offers.handleOffer(offer) : { status: 488 };
  }

  /** A re-INVITE without description wants our offer, §14.2. */
  #onOfferWanted(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const { offers } = this.#host;
    const description = offers?.createOffer();
    if (description === undefined || !offers?.mayGoBy(transaction.flow.protocol, description)) {
      this.#host.reply(request, transaction, 500);
      return;
    }
    dialog.refreshTarget(request);
    this.succeed(request, transaction, { description, awaitsAnswer: true }, (answer) => {
      if (offers?.handleAnswer(answer)) this.#host.onRenegotiated();
      else this.#host.onUnusableAnswer();
    });
  }
}

export function sdpBody(content: string): Body {
  return { contentType: SDP, content };
}
