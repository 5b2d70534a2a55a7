import { type Clock, type Random, randomFraction, type Timer } from '../../platform';
import type { SingleAnswer, SingleRequest } from '../request';
import { type Availability, presenceDocument } from './presence-document';

export type PublicationState =
  /** Asked, not answered. */
  | 'trying'
  | 'published'
  /** Failed; tried again after a while. */
  | 'waiting'
  /** Refused for good. */
  | 'refused'
  /** Taken back. */
  | 'ended';

export type PublishRequest = Pick<SingleRequest, 'method' | 'headers' | 'body'>;

export interface PublicationParts {
  /** Whose it is, an address of record. */
  readonly entity: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Value of User-Agent. */
  readonly product: string;
  /** To the account's server. Never rejects. */
  readonly send: (request: PublishRequest) => Promise<SingleAnswer>;
  readonly onState: (state: PublicationState, detail: string) => void;
}

/** Asked for, s. */
const EXPIRES_S = 3600;
/** Longest interval that a 423 has us ask for, s. */
const LONGEST_S = 86_400;
/** Between two attempts, s: doubles up to the longest. */
const RETRY_S = { first: 4, longest: 900 };
/** A retry-after is heeded up to so long, s. */
const LONGEST_RETRY_S = 3600;
/** Statuses that the same request will hardly ever get past: 489 where the server knows no presence. */
const HOPELESS: readonly number[] = [401, 403, 404, 405, 407, 415, 416, 420, 489, 501, 603, 604];

/** The presence of an account, published, kept alive and kept true: RFC 3903 §4. One request at a time. */
export class Publication {
  readonly #parts: PublicationParts;
  #document: string;
  /** What stands at the server, as far as it has said so. */
  #published: string | undefined;
  #entityTag: string | undefined;
  #expiresS = EXPIRES_S;
  #isAsking = false;
  #isRefused = false;
  /** For the next attempt. */
  #isWaiting = false;
  #isLeaving = false;
  #failures = 0;
  #timer: Timer | undefined;

  constructor(availability: Availability, parts: PublicationParts) {
    this.#parts = parts;
    this.#document = presenceDocument(availability, parts.entity);
    this.#proceed();
  }

  /** It is another one now. */
  set availability(availability: Availability) {
    this.#document = presenceDocument(availability, this.#parts.entity);
    this.#proceed();
  }

  /** Takes it back. */
  stop(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#timer?.cancel();
    if (!this.#isAsking) this.#leave();
    this.#parts.onState('ended', '');
  }

  /** What is due, if nothing is under way. */
  #proceed(): void {
    if (this.#isAsking || this.#isLeaving || this.#isRefused || this.#isWaiting) return;
    if (this.#document === this.#published) return;
    this.#timer?.cancel();
    void this.#ask(this.#document);
  }

  /** §4.1 to §4.3. @param document undefined refreshes what stands there. */
  async #ask(document: string | undefined): Promise<void> {
    this.#isAsking = true;
    if (this.#published === undefined) this.#parts.onState('trying', '');
    const answer = await this.#send(this.#expiresS, document);
    this.#isAsking = false;
    const isTaken = answer.status >= 200 && answer.status < 300;
    if (isTaken) this.#onTaken(document, answer);
    else this.#onRefused(answer);
  }

  #onTaken(document: string | undefined, { response }: SingleAnswer): void {
    this.#failures = 0;
    this.#entityTag = response?.get('SIP-ETag');
    this.#published = document ?? this.#published;
    if (this.#isLeaving) {
      this.#leave();
      return;
    }
    this.#parts.onState('published', '');
    this.#refreshIn(response?.expires ?? this.#expiresS);
    this.#proceed();
  }

  #onRefused({ status, reason, response }: SingleAnswer): void {
    const minExpiresS = response?.minExpires;
    const known = this.#entityTag;
    // Whatever stands there is told anew.
    this.#published = undefined;
    this.#entityTag = undefined;
    if (this.#isLeaving) return;
    // §4.4: nothing is known there of what we meant.
    if (status === 412 && known !== undefined) this.#proceed();
    else if (status === 423 && isLonger(minExpiresS, this.#expiresS)) {
      this.#expiresS = minExpiresS;
      this.#proceed();
    } else if (HOPELESS.includes(status)) {
      this.#isRefused = true;
      this.#parts.onState('refused', `${status} ${reason}`.trim());
    } else this.#retry(`${status} ${reason}`.trim(), response?.retryAfter);
  }

  #retry(detail: string, retryAfterS = 0): void {
    const waitS = Math.min(RETRY_S.longest, RETRY_S.first * 2 ** Math.min(this.#failures++, 16));
    const delayS = Math.max(Math.min(retryAfterS, LONGEST_RETRY_S), waitS);
    this.#isWaiting = true;
    this.#after(delayS * (1 + this.#fraction / 2), () => {
      this.#isWaiting = false;
      this.#proceed();
    });
    this.#parts.onState('waiting', detail);
  }

  /** Late enough to be rare, and early enough for one attempt to fail and another to succeed. */
  #refreshIn(expiresS: number): void {
    const latestS = Math.max(expiresS / 2, expiresS - 60) * (1 - this.#fraction / 10);
    this.#after(Math.max(5, latestS), () => {
      if (!this.#isAsking) void this.#ask(undefined);
    });
  }

  /** §4.5. */
  #leave(): void {
    if (this.#entityTag !== undefined) void this.#send(0, undefined);
  }

  /** Of what stands there by its tag. Without a document that stays as it is. */
  #send(expiresS: number, document: string | undefined): Promise<SingleAnswer> {
    const { send, product } = this.#parts;
    const tag = this.#entityTag;
    return send({
      method: 'PUBLISH',
      headers: [
        ['Event', 'presence'],
        ['Expires', expiresS],
        ...(tag === undefined ? [] : ([['SIP-If-Match', tag]] as const)),
        ['User-Agent', product],
      ],
      body:
        document === undefined
          ? undefined
          : { contentType: 'application/pidf+xml', content: document },
    });
  }

  /** A fleet does not come in the same second. */
  get #fraction(): number {
    return randomFraction(this.#parts.random);
  }

  #after(delayS: number, act: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.setTimer(delayS * 1000, act);
  }
}

function isLonger(wanted: number | undefined, present: number): wanted is number {
  return wanted !== undefined && wanted > present && wanted <= LONGEST_S;
}
