import type { Logger } from '../../platform';
import type { TransportProtocol } from '../transport';
import type { OfferAnswer, OfferAnswerFactory, OfferRefusal } from './offer-answer';

/** Status of a session whose description could not be made, whatever the reason. */
const INTERNAL_ERROR = 500;

/**
 * A session's OfferAnswer that never throws: what fails in media is logged and costs the exchange,
 * not the agent.
 */
export class GuardedOffers {
  readonly #offers: OfferAnswer | undefined;
  readonly #log: Logger;

  constructor(
    factory: OfferAnswerFactory,
    localAddress: string,
    protocol: TransportProtocol,
    log: Logger,
  ) {
    this.#log = log;
    this.#offers = this.#guard('session description', () => factory(localAddress, protocol));
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
