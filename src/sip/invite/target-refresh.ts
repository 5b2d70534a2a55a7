import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import type { SipRequest, SipResponse, Via } from '../message';
import {
  type ContactUser,
  contactOn,
  type RequestFailure,
  type Scheme,
  type SentAck,
} from '../request';
import type { Flow } from '../transport';
import { acknowledge } from './acknowledge';
import { sdpBody } from './answerer';
import type { SessionEnvironment } from './environment';
import { type GuardedOffers, keysLaidOpen } from './guarded-offers';
import type { SessionTimer } from './session-timer';

export type RefreshOutcome =
  | 'agreed'
  /** It stays as it was (RFC 3261 §14.1), for now at least: no network, overload. */
  | 'refused'
  /** 491: both sides tried at once. */
  | 'glare'
  /** The peer does not serve the method. */
  | 'not-served'
  /** The peer agreed with an answer that cannot be used. */
  | 'unusable'
  /** The peer knows no such dialog any more, or says nothing (RFC 3261 §12.2.1.2). */
  | 'gone';

export interface TargetRefreshParts {
  readonly environment: SessionEnvironment;
  readonly dialog: Dialog;
  readonly digest: DigestClient;
  readonly timer: SessionTimer;
  /** User part of our Contact. */
  readonly user: ContactUser;
  readonly scheme: Scheme;
  readonly method: 'INVITE' | 'UPDATE';
  /** An INVITE has one; an UPDATE without one refreshes and changes nothing. */
  readonly offer?: { readonly description: string; readonly offers: GuardedOffers } | undefined;
}

/**
 * A target refresh request of ours (RFC 3261 §12.2): a re-INVITE with its ACK (§14.1), or an UPDATE
 * (RFC 3311). Either refreshes the session timer too.
 */
export class TargetRefresh {
  readonly #parts: TargetRefreshParts;
  readonly #done: (outcome: RefreshOutcome) => void;
  #ack: SentAck | undefined;

  constructor(parts: TargetRefreshParts, done: (outcome: RefreshOutcome) => void) {
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
    const { dialog, environment, method, offer, user, scheme, timer } = this.#parts;
    if (offer && !offer.offers.mayGoBy(flow.protocol, offer.description)) throw keysLaidOpen(flow);
    return dialog.createRequest(method, via, {
      contact: contactOn(flow, user, scheme),
      headers: [
        ...environment.capabilities.fields,
        ...timer.requestFields,
        ['User-Agent', environment.product],
      ],
      ...(offer ? { body: sdpBody(offer.description) } : {}),
    });
  }

  #onSuccess(response: SipResponse, request: SipRequest): void {
    if (this.#ack) {
      this.#ack.again();
      return;
    }
    const { dialog, environment, digest, timer, method, offer } = this.#parts;
    dialog.refreshTarget(response);
    timer.onSuccess(response);
    const settle = (): void =>
      this.#done(offer ? outcomeOfAnswer(response.description, offer.offers) : 'agreed');
    if (method === 'UPDATE') settle();
    else {
      this.#ack = acknowledge(environment.sender, dialog, request, digest, {
        onSent: settle,
        onFailure: () => this.#done('gone'),
      });
    }
  }

  /** RFC 4028 §7.3: with a longer interval, or none, the same may do. */
  #onFailure(failure: RequestFailure): void {
    const { status, response } = failure;
    if (status === 422 && response && this.#parts.timer.onTooSmall(response)) this.#send();
    else this.#done(outcomeOfFailure(failure));
  }
}

/** Who answers nothing at all has not taken the change, and is there: it goes on as it was. */
function outcomeOfAnswer(answer: string, offers: GuardedOffers): RefreshOutcome {
  if (offers.handleAnswer(answer)) return 'agreed';
  return answer === '' ? 'refused' : 'unusable';
}

function outcomeOfFailure({ cause, status }: RequestFailure): RefreshOutcome {
  if (cause === 'timeout' || status === 408 || status === 481) return 'gone';
  if (status === 405 || status === 501) return 'not-served';
  return status === 491 ? 'glare' : 'refused';
}
