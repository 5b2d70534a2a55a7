import { randomFraction, randomToken, type Timer } from '../../platform';
import type { Routing } from '../account';
import type { DigestClient } from '../auth';
import { Dialog, type DialogMaker, type DialogUsage } from '../dialog';
import {
  createRequest,
  type HeaderList,
  NameAddr,
  type SipRequest,
  type SipResponse,
  type SipUri,
  type Via,
} from '../message';
import { type ContactUser, contactOn, type OutgoingRequest, type RequestFailure } from '../request';
import { reply, type ServerTransaction, transactionTimeout } from '../transaction';
import type { Flow } from '../transport';
import type { SubscriptionEnvironment } from './environment';
import { eventOf } from './event';
import { afterEnd, notifiedState } from './subscription-state';

export type SubscriptionState =
  /** Asked, not answered. */
  | 'trying'
  /** Granted, and not decided about. */
  | 'pending'
  | 'active'
  /** Ended or refused for now; asked again after a while. */
  | 'waiting'
  /** Refused, or ended by the notifier for good. */
  | 'refused'
  /** Ended by us. */
  | 'ended';

export interface SubscriberListener {
  /** A subscription begins, or another one in its place: what is counted in it is counted anew. */
  onBegin?(): void;
  onState(state: SubscriptionState, detail: string): void;
  /** What a NOTIFY tells; nothing at all, without a type, where an active subscription has nothing to be told. */
  onNotice(contentType: string, body: string): void;
}

export interface SubscriberParts {
  readonly environment: SubscriptionEnvironment;
  readonly digest: DigestClient;
  readonly target: SipUri;
  readonly routing: Routing;
  /** From, without tag. */
  readonly local: NameAddr;
  /** User part of our Contact. */
  readonly user: ContactUser;
  /** The package, as `message-summary`. */
  readonly event: string;
  /** Media types of its bodies. */
  readonly accept: readonly string[];
  /** Seconds to ask for; 0 fetches the state once (RFC 6665 §4.4.3). */
  readonly expiresS: number;
  readonly listener: SubscriberListener;
  /** It was stopped, and nothing is left of it. */
  readonly onOver: () => void;
}

/** Statuses that the same request will hardly ever get past. */
const HOPELESS: readonly number[] = [401, 403, 404, 405, 407, 416, 420, 489, 501, 603, 604];

/** Longest interval that a 423 has us ask for, s. */
const LONGEST_S = 86_400;
/** Between two subscriptions, when one was ended or failed, s: doubles up to the longest. */
const RETRY_S = { first: 2, longest: 600 };
/** A retry-after is heeded up to so long, s. */
const LONGEST_RETRY_S = 3600;
/** One that has lived so long was no failure, ms. */
const LASTING_MS = 60_000;

/**
 * The subscriber's side of RFC 6665: keeps one subscription alive, and begins a new one when the notifier has
 * ended it or forgotten it, as far as its reason lets it.
 */
export class Subscriber implements DialogUsage, DialogMaker {
  readonly methods: ReadonlySet<string> = new Set(['NOTIFY']);
  readonly #parts: SubscriberParts;
  #state: SubscriptionState = 'trying';
  #expiresS: number;
  #callId = '';
  #from: NameAddr;
  #sequence = 0;
  #dialog: Dialog | undefined;
  #request: OutgoingRequest | undefined;
  #timer: Timer | undefined;
  #beganAt = 0;
  #failures = 0;
  #isLeaving = false;

  constructor(parts: SubscriberParts) {
    this.#parts = parts;
    this.#expiresS = parts.expiresS;
    this.#from = parts.local;
  }

  get state(): SubscriptionState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#dialog === undefined;
  }

  /** A new subscription, in a dialog of its own. */
  start(): void {
    const { environment, local } = this.#parts;
    this.#forget();
    this.#callId = randomToken(environment.random, 128);
    this.#from = local.withTag(randomToken(environment.random, 64));
    this.#sequence = 0;
    this.#beganAt = environment.clock.now();
    environment.dialogs.expect(this.#callId, this.#from.tag ?? '', this);
    this.#parts.listener.onBegin?.();
    this.#subscribe(this.#expiresS);
  }

  /** Now, so that the notifier tells the whole state (RFC 6665 §4.4.3.1); one that is being made does that anyway. */
  refresh(): void {
    if (this.#isLeaving || (this.#state !== 'active' && this.#state !== 'pending')) return;
    this.#timer?.cancel();
    this.#subscribe(this.#expiresS);
  }

  /** Ends it: what the notifier still says is heard for a while, and told nobody. */
  stop(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#timer?.cancel();
    const { clock, timers } = this.#parts.environment;
    if (this.#dialog) {
      this.#subscribe(0);
      this.#timer = clock.setTimer(transactionTimeout(timers), () => this.#forget());
    } else this.#forget();
    this.#report('ended', '');
  }

  /** Leaves without waiting for what the notifier still says. */
  abandon(): void {
    this.#isLeaving = true;
    this.#forget();
  }

  /** RFC 6665 §4.4.1: a NOTIFY makes the dialog as well as the 2xx; further forks are not taken. */
  adopt(request: SipRequest, { flow, source }: ServerTransaction): Dialog | undefined {
    if (this.#dialog || !this.takes(request)) return undefined;
    return this.#enter(
      Dialog.ofRequestBeforeResponse(request, {
        local: this.#from,
        localSequence: this.#sequence,
        target: this.#parts.target,
        heardFrom: { protocol: flow.protocol, remote: source },
      }),
    );
  }

  takes(request: SipRequest): boolean {
    const event = eventOf(request);
    return event?.name === this.#parts.event && event.id === undefined;
  }

  onRequest(notify: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const { environment, listener } = this.#parts;
    reply(environment.product, notify, transaction, 200);
    dialog.refreshTarget(notify);
    const { kind, expiresS, reason, retryAfterS } = notifiedState(notify);
    if (!this.#isLeaving && (notify.body.length > 0 || kind === 'active')) {
      listener.onNotice(notify.contentType?.type.toLowerCase() ?? '', notify.bodyText);
    }
    if (kind === 'terminated') this.#onTerminated(reason, retryAfterS);
    else if (!this.#isLeaving) {
      this.#report(kind, '');
      this.#refreshIn(expiresS ?? this.#expiresS);
    }
  }

  #subscribe(expiresS: number): void {
    const { environment, digest, routing } = this.#parts;
    const way = this.#dialog ? this.#dialog.way : { nextHop: routing.nextHop };
    this.#request = environment.sender.send({
      ...way,
      ...(this.#dialog ? {} : { toAccountHop: routing.toAccountHop }),
      digest,
      build: (via, flow) => this.#build(via, flow, expiresS),
      user: {
        onSuccess: (response, request, flow) => this.#onSuccess(response, request, flow),
        onFailure: (failure) => this.#onFailure(failure, expiresS),
      },
    });
  }

  #build(via: Via, flow: Flow, expiresS: number): SipRequest {
    const { environment, target, routing, user, event, accept } = this.#parts;
    const contact = contactOn(flow, user);
    const headers: HeaderList = [
      ['Event', event],
      ['Expires', expiresS],
      ['Accept', accept.join(', ')],
      ...environment.capabilities.fields,
      ['User-Agent', environment.product],
    ];
    if (this.#dialog) return this.#dialog.createRequest('SUBSCRIBE', via, { contact, headers });
    return createRequest('SUBSCRIBE', target, {
      ...{ via, contact, headers, routes: routing.routes },
      from: this.#from,
      to: new NameAddr(undefined, target),
      callId: this.#callId,
      cseq: ++this.#sequence,
    });
  }

  #onSuccess(response: SipResponse, request: SipRequest, { protocol, remote }: Flow): void {
    if (request.callId !== this.#callId) return;
    if (this.#isLeaving) return;
    if (!this.#dialog) {
      const heardFrom = { protocol, remote };
      this.#enter(Dialog.ofUac(request, this.#parts.target, response, heardFrom));
      // §4.1.2.4: without a NOTIFY there is no subscription.
      const { clock, timers } = this.#parts.environment;
      this.#timer = clock.setTimer(transactionTimeout(timers), () => this.#retry('no NOTIFY came'));
    } else if (response.to.tag === this.#dialog.remote.tag) {
      this.#dialog.refreshTarget(response);
      if (this.#state !== 'trying') this.#refreshIn(response.expires ?? this.#expiresS);
    }
  }

  #onFailure({ cause, status, reason, response }: RequestFailure, expiresS: number): void {
    const detail = `${status} ${reason}`.trim();
    const least = response?.minExpires;
    if (this.#isLeaving) this.#forget();
    else if (status === 423 && least !== undefined && least > expiresS && least <= LONGEST_S) {
      this.#expiresS = least;
      this.#subscribe(least);
    } else if (this.#dialog && status === 481) this.#again('at-once', detail);
    // §4.1.2.2: what refreshes has failed, and the subscription lives until its time is over.
    else if (this.#dialog && cause === 'response')
      this.#again('later', detail, response?.retryAfter);
    else if (cause === 'response' && HOPELESS.includes(status)) this.#giveUp(detail);
    else this.#retry(detail, response?.retryAfter);
  }

  #onTerminated(reason: string, retryAfterS: number | undefined): void {
    const wasFetched = this.#parts.expiresS === 0;
    if (this.#isLeaving || wasFetched) {
      this.#forget();
      if (!this.#isLeaving) this.#report('ended', '');
    } else this.#again(afterEnd(reason), reason || 'ended by the notifier', retryAfterS);
  }

  #again(when: ReturnType<typeof afterEnd>, detail: string, retryAfterS?: number): void {
    const hasLasted = this.#parts.environment.clock.now() - this.#beganAt >= LASTING_MS;
    if (hasLasted) this.#failures = 0;
    if (when === 'never') this.#giveUp(detail);
    else if (when === 'at-once' && hasLasted) this.start();
    else this.#retry(detail, retryAfterS);
  }

  #giveUp(detail: string): void {
    this.#forget();
    this.#report('refused', detail);
  }

  #retry(detail: string, retryAfterS?: number): void {
    this.#forget();
    const { clock, random } = this.#parts.environment;
    const waitS = Math.min(RETRY_S.longest, RETRY_S.first * 2 ** Math.min(this.#failures++, 16));
    const askedS = Math.min(retryAfterS ?? 0, LONGEST_RETRY_S);
    // A fleet does not return in the same second.
    const delayS = Math.max(askedS, waitS) * (1 + randomFraction(random) / 2);
    this.#timer = clock.setTimer(delayS * 1000, () => this.start());
    this.#report('waiting', detail);
  }

  /** Late enough to be rare, and early enough for one attempt to fail and another to succeed. */
  #refreshIn(expiresS: number): void {
    const { clock, random } = this.#parts.environment;
    const latestS = Math.max(expiresS / 2, expiresS - 60) * (1 - randomFraction(random) / 10);
    this.#timer?.cancel();
    this.#timer = clock.setTimer(Math.max(5, latestS) * 1000, () =>
      this.#subscribe(this.#expiresS),
    );
  }

  #enter(dialog: Dialog): Dialog {
    const { dialogs } = this.#parts.environment;
    this.#dialog = dialog;
    dialogs.add(dialog, this);
    dialogs.expectNoMore(this.#callId, this.#from.tag ?? '');
    return dialog;
  }

  #forget(): void {
    const { dialogs } = this.#parts.environment;
    this.#timer?.cancel();
    this.#request?.abandon();
    this.#request = undefined;
    dialogs.expectNoMore(this.#callId, this.#from.tag ?? '');
    if (this.#dialog) dialogs.remove(this.#dialog, this);
    this.#dialog = undefined;
    if (this.#isLeaving) this.#parts.onOver();
  }

  #report(state: SubscriptionState, detail: string): void {
    if (state === this.#state && detail === '') return;
    this.#state = state;
    this.#parts.listener.onState(state, detail);
  }
}
