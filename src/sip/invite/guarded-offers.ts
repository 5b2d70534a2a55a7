import type { Logger } from '../../platform';
import { RequestException } from '../request';
import { type Flow, keepsSecrets, type TransportProtocol } from '../transport';
import type { OfferAnswer, OfferAnswerFactory, OfferRefusal } from './offer-answer';

/** Keys by SDES. */
const HOLDS_KEYS = /^a=crypto:/im;

/** Status of a session whose description could not be made, whatever the reason. */
const INTERNAL_ERROR = 500;

/**
 * A session's OfferAnswer that never throws: what fails in media is logged and costs the exchange,
 * not the agent.
 */
export class GuardedOffers {
  readonly #offers: OfferAnswer | undefined;
  readonly #protocol: TransportProtocol;
  readonly #log: Logger;

  constructor(
    factory: OfferAnswerFactory,
    localAddress: string,
    protocol: TransportProtocol,
    log: Logger,
  ) {
    this.#protocol = protocol;
    this.#log = log;
    this.#offers = this.#guard('session description', () => factory(localAddress, protocol));
  }

  /**
   * RFC 4568 §7.1.1: the keys of a session that began where nobody reads along go by no way that anybody
   * reads, whatever Contact, route or redirection leads there.
   */
  mayGoBy(protocol: TransportProtocol, description: string): boolean {
    const isLaidOpen = keepsSecrets(this.#protocol) && !keepsSecrets(protocol);
    return !isLaidOpen || !HOLDS_KEYS.test(description);
  }

  /** Until then no offer can be made. */
  get ready(): Promise<void> | undefined {
    return this.#offers?.ready;
  }

  /** Undefined when none can be made. */
  createOffer(): string | undefined {
    return this.#guard('offer', () => this.#offers?.createOffer());
  }

  handleOffer(offer: string): { readonly answer: string } | OfferRefusal {
    return (
      this.#guard('answer', () => this.#offers?.handleOffer(offer)) ?? { status: INTERNAL_ERROR }
    );
  }

  handleEarlyAnswer(answer: string): void {
    this.#guard('early answer', () => this.#offers?.handleEarlyAnswer(answer));
  }

  endEarlyMedia(): void {
    this.#guard('end of early media', () => this.#offers?.endEarlyMedia());
  }

  handleAnswer(answer: string): boolean {
    return this.#guard('answer', () => this.#offers?.handleAnswer(answer)) ?? false;
  }

  #guard<Result>(what: string, run: () => Result): Result | undefined {
    try {
      return run();
    } catch (error) {
      this.#log.error(`${what} failed`, { error: String(error) });
      return undefined;
    }
  }
}

/** Why a request of ours does not leave. */
export function keysLaidOpen({ protocol }: Flow): RequestException {
  return new RequestException(500, `keys made for SIP over TLS do not go by ${protocol}`);
}
