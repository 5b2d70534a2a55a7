import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import type { SipRequest, SipResponse, Via } from '../message';
import type { RequestFailure, SentAck } from '../request';
import { contactOn } from '../request';
import type { Flow } from '../transport';
import { acknowledge } from './acknowledge';
import { sdpBody } from './answerer';
import type { SessionEnvironment } from './environment';
import type { GuardedOffers } from './guarded-offers';
import type { SessionTimer } from './session-timer';

export type ReinviteOutcome =
  | 'agreed'
  /** The old description stays in force (RFC 3261 §14.1). */
  | 'refused'
  /** 491: both sides tried at once. */
  | 'glare'
  /** The peer agreed with an answer that cannot be used. */
  | 'unusable'
  /** The peer knows no such dialog any more, or says nothing (RFC 3261 §12.2.1.2). */
  | 'gone';

export interface ReinviteParts {
  readonly environment: SessionEnvironment;
  readonly dialog: Dialog;
  readonly digest: DigestClient;
  readonly offers: GuardedOffers;
  readonly offer: string;
  readonly timer: SessionTimer;
  /** User part of our Contact. */
  readonly user: string | undefined;
}

/** One re-INVITE of ours with its ACK, RFC 3261 §14.1. */
export class Reinvite {
  readonly #parts: ReinviteParts;
  readonly #done: (outcome: ReinviteOutcome) => void;
  #ack: SentAck | undefined;

  constructor(parts: ReinviteParts, done: (outcome: ReinviteOutcome) => void) {
    this.#parts = parts;
    this.#done = done;
    this.#send();
  }

  #send(): void {
    const { environment, dialog, digest } = this.#parts;
    environment.sender.send({
      ...dialog.way,
      digest,
      build: (via, flow) => this.#build(via, flow),
      user: {
        onSuccess: (response, request) => this.#onSuccess(response, request),
        onFailure: (failure) => this.#onFailure(failure),
      },
    });
  }

  #build(via: Via, flow: Flow): SipRequest {
    const { dialog, environment, offer, user, timer } = this.#parts;
    return dialog.createRequest('INVITE', via, {
      contact: contactOn(flow, user),
      headers: [
        ...environment.capabilities.fields,
        ...timer.requestFields,
        ['User-Agent', environment.product],
      ],
      body: sdpBody(offer),
    });
  }

  #onSuccess(response: SipResponse, request: SipRequest): void {
    if (this.#ack) {
      this.#ack.again();
      return;
    }
    const { dialog, environment, digest, timer } = this.#parts;
    dialog.refreshTarget(response);
    timer.onSuccess(response);
    this.#ack = acknowledge(environment.sender, dialog, request, digest, {
      onSent: () => this.#done(this.#outcomeOf(response.description)),
      onFailure: () => this.#done('gone'),
    });
  }

  /** Who answers nothing at all has not taken the change, and is there: it goes on as it was. */
  #outcomeOf(answer: string): ReinviteOutcome {
    if (this.#parts.offers.handleAnswer(answer)) return 'agreed';
    return answer === '' ? 'refused' : 'unusable';
  }

  /** RFC 4028 §7.3: with a longer interval, or none, the same offer may do. */
  #onFailure(failure: RequestFailure): void {
    const { status, response } = failure;
    if (status === 422 && response && this.#parts.timer.onTooSmall(response)) this.#send();
    else this.#done(outcomeOf(failure));
  }
}

function outcomeOf({ cause, status }: RequestFailure): ReinviteOutcome {
  if (cause === 'timeout' || status === 408 || status === 481) return 'gone';
  return status === 491 ? 'glare' : 'refused';
}
