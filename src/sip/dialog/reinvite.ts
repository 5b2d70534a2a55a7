import type { DigestClient } from '../auth';
import { ALLOW_AND_SUPPORTED, SDP } from '../capabilities';
import type { SipRequest, SipResponse, Via } from '../message';
import type { Flow } from '../transport';
import type { RequestFailure, SentAck } from '../uac';
import { acknowledge } from './acknowledge';
import { contactOn } from './contact';
import type { Dialog } from './dialog';
import type { SessionEnvironment } from './environment';
import type { GuardedOffers } from './guarded-offers';

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
    parts.environment.sender.send({
      nextHop: parts.dialog.nextHop,
      digest: parts.digest,
      build: (via, flow) => this.#build(via, flow),
      user: {
        onSuccess: (response, request) => this.#onSuccess(response, request),
        onFailure: (failure) => done(outcomeOf(failure)),
      },
    });
  }

  #build(via: Via, flow: Flow): SipRequest {
    const { dialog, environment, offer, user } = this.#parts;
    return dialog.createRequest('INVITE', via, {
      contact: contactOn(flow, user),
      headers: [...ALLOW_AND_SUPPORTED, ['User-Agent', environment.product]],
      body: { contentType: SDP, content: offer },
    });
  }

  #onSuccess(response: SipResponse, request: SipRequest): void {
    if (this.#ack) {
      this.#ack.again();
      return;
    }
    const { dialog, environment, digest, offers } = this.#parts;
    dialog.refreshTarget(response);
    this.#ack = acknowledge(environment.sender, dialog, request, digest);
    this.#done(offers.handleAnswer(response.bodyText) ? 'agreed' : 'unusable');
  }
}

function outcomeOf({ cause, status }: RequestFailure): ReinviteOutcome {
  if (cause === 'timeout' || status === 408 || status === 481) return 'gone';
  return status === 491 ? 'glare' : 'refused';
}
