import { randomFraction, type Timer } from '../../platform';
import { createResponse, type NameAddr, type SipRequest } from '../message';
import type { ServerTransaction } from '../transaction';
import { reply } from '../transaction';
import type { Flow } from '../transport';
import { sdpBody } from './answerer';
import type { SessionEnvironment } from './environment';
import type { GuardedOffers } from './guarded-offers';
import { asksFor100rel, isNamedBy, rackOf, reliableFields } from './reliable-fields';
import { RepeatedResponse } from './repeated-response';

export interface RingingParts {
  readonly environment: SessionEnvironment;
  readonly request: SipRequest;
  readonly transaction: ServerTransaction;
  readonly localTag: string;
}

export interface RingingHost {
  contact(flow: Flow): { contact: NameAddr } | Record<string, never>;
  /** For the offer that a reliable response owes to an INVITE without one. */
  openOffers(): GuardedOffers;
  /** Ends the INVITE by this refusal. */
  onFailure(status: number, reason: string): void;
  /** A PRACK came, and with it perhaps the answer that an accept waited for. */
  onAcknowledged(): void;
}

/** RFC 3261 §13.3.1.1: proxies on the way want to hear a provisional response every minute. */
const AGAIN_MS = 60_000;

/** Offer and answer before the 2xx, RFC 3262 §5. */
type Exchange = 'none' | 'offered' | 'done';

/** 180 Ringing, reliably where the caller demands it (RFC 3262). */
export class Ringing {
  readonly #parts: RingingParts;
  readonly #host: RingingHost;
  #again: Timer | undefined;
  #nextNumber: number;
  #unacknowledged: RepeatedResponse | undefined;
  #exchange: Exchange = 'none';

  constructor(parts: RingingParts, host: RingingHost) {
    this.#parts = parts;
    this.#host = host;
    // §3: from 1 to 2^31 - 1, so that it never wraps.
    this.#nextNumber = 1 + Math.floor(randomFraction(parts.environment.random) * (2 ** 31 - 1000));
  }

  /** Our offer awaits its answer in a PRACK: no 2xx may be sent yet (§3). */
  get awaitsAnswer(): boolean {
    return this.#exchange === 'offered';
  }

  /** Offer and answer have been exchanged: the 2xx carries none. */
  get isDescribed(): boolean {
    return this.#exchange === 'done';
  }

  ring(): void {
    const { environment, request } = this.#parts;
    if (!asksFor100rel(request)) this.#ringOnce();
    // §3: no second one before the first is acknowledged.
    else if (!this.#unacknowledged) this.#ringReliably();
    this.#again?.cancel();
    this.#again = environment.clock.setTimer(AGAIN_MS, () => this.ring());
  }

  /** A final response goes out; a PRACK on its way is still answered. */
  stop(): void {
    this.#again?.cancel();
    this.#unacknowledged?.stop();
  }

  /** §3: a PRACK that names nothing of ours gets 481. */
  onPrack(prack: SipRequest, transaction: ServerTransaction): void {
    const rack = rackOf(prack);
    const response = this.#unacknowledged?.response;
    if (!rack || !response || !isNamedBy(response, rack)) {
      this.#reply(prack, transaction, rack ? 481 : 400);
      return;
    }
    this.#unacknowledged?.stop();
    this.#unacknowledged = undefined;
    if (this.#exchange === 'offered') this.#onAnswer(prack, transaction);
    else if (prack.description !== '') this.#onOffer(prack, transaction);
    else this.#reply(prack, transaction, 200);
    this.#host.onAcknowledged();
  }

  #ringOnce(): void {
    const { environment, request, transaction, localTag } = this.#parts;
    const parts = { ...this.#host.contact(transaction.flow), toTag: localTag };
    reply(environment.product, request, transaction, 180, parts);
  }

  #ringReliably(): void {
    const { environment, request, transaction, localTag } = this.#parts;
    const { product } = environment;
    // §5: the first reliable response to an INVITE without offer has ours.
    const owesOffer = request.description === '' && this.#exchange === 'none';
    const offer = owesOffer ? this.#host.openOffers().createOffer() : undefined;
    if (owesOffer && offer === undefined) {
      this.#host.onFailure(500, 'no session description could be made');
      return;
    }
    if (offer !== undefined) this.#exchange = 'offered';
    const fields = reliableFields(this.#nextNumber++);
    const response = createResponse(request, 180, {
      ...this.#host.contact(transaction.flow),
      toTag: localTag,
      headers: [...environment.capabilities.fields, ...fields, ['Server', product]],
      ...(offer === undefined ? {} : { body: sdpBody(offer) }),
    });
    // §3: the interval doubles without a bound; without a PRACK the INVITE SHOULD be refused by a 5xx.
    this.#unacknowledged = new RepeatedResponse(environment, transaction, response, Infinity, () =>
      this.#host.onFailure(504, 'no PRACK'),
    );
  }

  #onAnswer(prack: SipRequest, transaction: ServerTransaction): void {
    if (this.#host.openOffers().handleAnswer(prack.description)) {
      this.#exchange = 'done';
      this.#reply(prack, transaction, 200);
      return;
    }
    this.#reply(prack, transaction, 488);
    this.#host.onFailure(488, 'answer cannot be used');
  }

  /** §5: another offer may come once the first is answered. */
  #onOffer(prack: SipRequest, transaction: ServerTransaction): void {
    if (this.#exchange !== 'done') {
      this.#reply(prack, transaction, 491);
      return;
    }
    const outcome = this.#host.openOffers().handleOffer(prack.description);
    if ('answer' in outcome) {
      this.#reply(prack, transaction, 200, outcome.answer);
    } else this.#reply(prack, transaction, outcome.status);
  }

  #reply(prack: SipRequest, transaction: ServerTransaction, status: number, answer?: string): void {
    const parts = answer === undefined ? {} : { body: sdpBody(answer) };
    reply(this.#parts.environment.product, prack, transaction, status, parts);
  }
}
