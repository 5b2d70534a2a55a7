import type { Timer } from '../../platform';
import type { Claim } from '../auth';
import type { Dialog } from '../dialog';
import {
  type HeaderList,
  NameAddr,
  parseSipUri,
  type ResponseParts,
  type SipRequest,
  sameName,
} from '../message';
import type { ContactUser, Scheme } from '../request';
import type { ServerTransaction } from '../transaction';
import type { SocketAddress, TransportProtocol } from '../transport';
import { asksToBeAnswered } from './answer-request';
import type { SuccessParts } from './answerer';
import { type DiversionReason, diversionField } from './diversion';
import { GuardedOffers } from './guarded-offers';
import { type Diverted, divertedBy, historyFields } from './history-info';
import type { IncomingSession } from './invite-session';
import { InviteUsage, type InviteUsageParts } from './invite-usage';
import type { OfferAnswerFactory, OfferRefusal, Warning } from './offer-answer';
import { Ringing, type RingingHost } from './ringing';
import { warningField } from './warning';

export interface IncomingInviteParts extends Omit<InviteUsageParts, 'remote' | 'user' | 'scheme'> {
  /** Who our Contact names; whom the caller named, if absent. */
  readonly user?: ContactUser;
  readonly request: SipRequest;
  readonly transaction: ServerTransaction;
  /** Made of the request, with our tag. */
  readonly dialog: Dialog;
  readonly localAddress: string;
  readonly replaced?: InviteUsage;
  readonly joined?: InviteUsage;
}

/** An INVITE without Expires that nobody answers: proxies give up no later (§16.6, timer C). */
const MAX_EARLY_MS = 180_000;

/** The UAS's side of a session, RFC 3261 §13.3. */
export class IncomingInvite extends InviteUsage implements IncomingSession {
  readonly direction = 'incoming';
  readonly ownsCallId = false;
  readonly localAddress: string;
  readonly calledUser: string | undefined;
  readonly calledDomain: string | undefined;
  readonly source: SocketAddress;
  readonly protocol: TransportProtocol;
  readonly isConnected: boolean;
  readonly asksToBeAnswered: boolean;
  readonly isHelpCallingBack: boolean;
  readonly assertedIdentity: NameAddr | undefined;
  readonly diverted: Diverted | undefined;
  readonly replaced: InviteUsage | undefined;
  readonly joined: InviteUsage | undefined;
  readonly statusOfOverlap = 500;
  readonly #request: SipRequest;
  readonly #transaction: ServerTransaction;
  readonly #localTag: string;
  readonly #limit: Timer;
  readonly #ringing: Ringing;
  #acceptedAt = 0;
  /** Answered, and our offer in a provisional response still waits for its answer. */
  #acceptsLater = false;
  #factory: OfferAnswerFactory | undefined;

  constructor(parts: IncomingInviteParts) {
    const { request, transaction, dialog, environment } = parts;
    const { user = request.uri.user } = parts;
    super({ ...parts, user, remote: request.from, scheme: schemeOf(request) });
    this.#request = request;
    this.#transaction = transaction;
    this.#localTag = dialog.local.tag ?? '';
    this.localAddress = parts.localAddress;
    this.calledUser = request.uri.kind === 'sip' ? request.uri.userText : undefined;
    this.calledDomain = request.to.uri.host;
    this.source = transaction.source;
    this.protocol = transaction.flow.protocol;
    this.isConnected = transaction.flow.reliable;
    this.asksToBeAnswered = asksToBeAnswered(request);
    this.isHelpCallingBack = sameName(request.get('Priority') ?? '', 'psap-callback');
    this.assertedIdentity = request.assertedIdentity;
    this.diverted = divertedBy(request);
    this.replaced = parts.replaced;
    this.joined = parts.joined;
    this.dialog = dialog;
    environment.dialogs.add(dialog, this);
    transaction.user = {
      onCancel: () => this.#onCancel(),
      onFailure: (detail) => environment.log.info('response not sent', { detail }),
    };
    const localTag = this.#localTag;
    this.#ringing = new Ringing(
      { environment, request, transaction, localTag },
      this.#ringingHost(),
    );
    this.#limit = environment.clock.setTimer(earlyLimitMs(request), () => this.#onExpired());
  }

  get callId(): string {
    return this.#request.callId;
  }

  get offer(): string {
    return this.#request.description;
  }

  get claim(): Claim {
    return this.#request;
  }

  answerWith(offers: OfferAnswerFactory): void {
    this.#factory = offers;
  }

  ring(): void {
    if (this.state === 'early') this.#ringing.ring();
  }

  accept(): boolean {
    if (this.state !== 'early') return false;
    const offers = this.#openOffers();
    // RFC 3262 §3: no 2xx before the PRACK of a response with a description.
    if (this.#ringing.awaitsAnswer) this.#acceptsLater = true;
    else if (this.#ringing.isDescribed) this.#acceptDescribed();
    else if (this.#request.description !== '') return this.#acceptOffer(offers);
    else return this.#acceptWithOffer(offers);
    return true;
  }

  /** Since its answer went out, ms. */
  get acceptedForMs(): number {
    return this.environment.clock.now() - this.#acceptedAt;
  }

  reject(status: number, reason?: string, warning?: Warning): void {
    if (this.state !== 'early') return;
    if (!Number.isInteger(status) || status < 300 || status > 699) {
      throw new RangeError(`expected a status from 300 to 699, found ${status}`);
    }
    this.#refuse({ status, ...(reason ? { reason } : {}), ...(warning ? { warning } : {}) });
  }

  refuseWith(status: number, fields: HeaderList): void {
    if (this.state === 'early') this.#refuse({ status }, fields);
  }

  redirect(target: string, reason: DiversionReason): boolean {
    const to = new NameAddr(undefined, parseSipUri(target));
    const diversion = diversionField(this.#request, reason);
    if (this.state !== 'early' || !diversion) return false;
    const history = historyFields(this.#request);
    // RFC 7044 §10.4: somebody else is meant than the entry before.
    const contact = history ? to.withParam('mp', history.index) : to;
    const headers = [...diversion, ...(history?.headers ?? [])];
    this.#stopRinging();
    this.#respond(302, { contact, headers });
    this.finish({ by: 'local', status: 302, reason: `sent on to ${target}` });
    this.release();
    return true;
  }

  /**
   * Ends an answered call whose ACK has not come, so that another has its place. Should the ACK come
   * after all, before `release`, it is answered with BYE.
   */
  giveWay(): void {
    if (this.state !== 'accepted') return;
    this.answerer.stopRepeating();
    this.finish({ by: 'network', status: 408, reason: 'no ACK, and somebody else calls' });
  }

  protected hangupEarly(): void {
    this.#refuse({ status: 480 });
  }

  /** RFC 3261 §15.1.2: a BYE before the answer has the INVITE answered 487. */
  protected endEarly(): void {
    this.#stopRinging();
    this.#respond(487);
  }

  takesEarlyOffer(): boolean {
    return this.#ringing.isDescribed;
  }

  protected get dialogs(): readonly Dialog[] {
    return this.dialog ? [this.dialog] : [];
  }

  protected get updatedDialog(): Dialog | undefined {
    const servesUpdate = this.#request.allow.includes('UPDATE');
    return servesUpdate && this.#ringing.isDescribed ? this.dialog : undefined;
  }

  override onPrack(prack: SipRequest, transaction: ServerTransaction): void {
    this.#ringing.onPrack(prack, transaction);
  }

  #ringingHost(): RingingHost {
    return {
      contact: (flow) => this.contact(flow),
      openOffers: () => this.#openOffers(),
      onFailure: (status, reason) => this.#refuse({ status, reason }),
      onAcknowledged: () => {
        if (this.#acceptsLater && this.state === 'early') this.accept();
      },
    };
  }

  #openOffers(): GuardedOffers {
    const factory = this.#factory;
    if (!factory) throw new Error('answerWith() has to be called before offers are exchanged');
    const { localAddress, protocol, environment } = this;
    this.offers ??= new GuardedOffers(factory, localAddress, protocol, environment.log);
    return this.offers;
  }

  /** Offer and answer were exchanged by 180 and PRACK, RFC 3262 §5. */
  #acceptDescribed(): void {
    this.#accept({ awaitsAnswer: false }, () => this.confirm());
  }

  #acceptOffer(offers: GuardedOffers): boolean {
    const outcome = offers.handleOffer(this.#request.description);
    if (!('answer' in outcome)) {
      this.#refuse(outcome);
      return false;
    }
    this.#accept({ description: outcome.answer, awaitsAnswer: false }, () => this.confirm());
    return true;
  }

  /** RFC 3261 §13.3.1.4: an INVITE without offer gets ours in the 2xx, and answers it in the ACK. */
  #acceptWithOffer(offers: GuardedOffers): boolean {
    const offer = offers.createOffer();
    if (offer === undefined) {
      this.#refuse({ status: 500 });
      return false;
    }
    this.#accept({ description: offer, awaitsAnswer: true }, (answer) => {
      if (offers.handleAnswer(answer)) this.confirm();
      else this.endWithBye({ by: 'local', status: 488, reason: 'answer cannot be used' });
    });
    return true;
  }

  #accept(parts: SuccessParts, onAcknowledged: (answer: string) => void): void {
    this.#stopRinging();
    this.setAccepted();
    this.#acceptedAt = this.environment.clock.now();
    const withTag = { ...parts, toTag: this.#localTag };
    this.succeed(this.#request, this.#transaction, withTag, onAcknowledged);
  }

  #refuse({ status, reason, warning }: OfferRefusal, fields: HeaderList = []): void {
    this.#stopRinging();
    const headers = [...warningField(this.environment.product, warning), ...fields];
    this.#respond(status, { headers, ...(reason === undefined ? {} : { reason }) });
    this.finish({ by: 'local', status, reason: reason ?? 'refused' });
    this.release();
  }

  /** RFC 3261 §9.2: effective only while no final response has been sent. */
  #onCancel(): void {
    if (this.state !== 'early') return;
    this.#stopRinging();
    this.#respond(487);
    const reason = 'cancelled by the caller';
    this.finish({ by: 'remote', status: 487, reason });
    this.release();
  }

  /** §13.3.1: an INVITE whose Expires has passed is answered 487. */
  #onExpired(): void {
    if (this.state !== 'early') return;
    const status = this.#request.expires === undefined ? 480 : 487;
    this.#refuse({ status, reason: 'not answered in time' });
  }

  #stopRinging(): void {
    this.#limit.cancel();
    this.#ringing.stop();
  }

  #respond(status: number, parts: ResponseParts = {}): void {
    this.reply(this.#request, this.#transaction, status, { ...parts, toTag: this.#localTag });
  }
}

function earlyLimitMs(request: SipRequest): number {
  const { expires } = request;
  return expires === undefined ? MAX_EARLY_MS : Math.min(expires * 1000, MAX_EARLY_MS);
}

/** RFC 3261 §12.1.1: by the Request-URI, or the Record-Route that stands first. */
function schemeOf({ uri, recordRoutes }: SipRequest): Scheme {
  const [route] = recordRoutes;
  return uri.scheme === 'sips' || route?.uri.scheme === 'sips' ? 'sips' : 'sip';
}
