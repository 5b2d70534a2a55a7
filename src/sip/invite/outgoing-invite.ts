import type { Timer } from '../../platform';
import { randomToken } from '../../platform';
import { SDP } from '../capabilities';
import { Dialog, type DialogMaker } from '../dialog';
import {
  createRequest,
  type HeaderList,
  type NameAddr,
  type SipRequest,
  type SipResponse,
  type Via,
} from '../message';
import {
  contactOn,
  type OutgoingRequest,
  RequestException,
  type RequestFailure,
  type SentAck,
} from '../request';
import type { ServerTransaction } from '../transaction';
import type { Flow } from '../transport';
import { acknowledge } from './acknowledge';
import { sdpBody } from './answerer';
import { controlDocuments } from './control-document';
import { type EarlyDialog, EarlyDialogs, MAX_FORKS } from './early-dialogs';
import type { Enclosing } from './enclosing';
import { GuardedOffers, keysLaidOpen } from './guarded-offers';
import { InviteUsage, type InviteUsageParts } from './invite-usage';
import { InviteWay, type InviteWayParts } from './invite-way';
import type { OfferAnswerFactory } from './offer-answer';

export interface OutgoingInviteParts extends InviteUsageParts, InviteWayParts {
  /** From, without tag. */
  readonly local: NameAddr;
  readonly factory: OfferAnswerFactory;
  /** Further fields of the INVITE. */
  readonly headers: HeaderList;
  /** What goes along with the session description. */
  readonly enclosing: Enclosing | undefined;
}

const ACCEPT_SDP: HeaderList = [['Accept', SDP]];

/** Ringing that never ends is a peer that vanished; as long as timer C of proxies (§16.6). */
const MAX_EARLY_MS = 180_000;

/** The UAC's side of a session, RFC 3261 §13.2. */
export class OutgoingInvite extends InviteUsage implements DialogMaker {
  readonly direction = 'outgoing';
  readonly ownsCallId = true;
  readonly statusOfOverlap = 491;
  readonly #parts: OutgoingInviteParts;
  readonly callId: string;
  readonly #from: NameAddr;
  readonly #early: EarlyDialogs;
  readonly #way: InviteWay;
  readonly #acks = new Map<string, SentAck>();
  #sequence = 0;
  #localAddress = '';
  #offer: string | undefined;
  #enclosing: Enclosing | undefined;
  #invite: OutgoingRequest | undefined;
  #limit: Timer | undefined;

  constructor(parts: OutgoingInviteParts) {
    super(parts);
    const { random } = parts.environment;
    this.#parts = parts;
    this.#enclosing = parts.enclosing;
    this.callId = randomToken(random, 128);
    this.#from = parts.local.withTag(randomToken(random, 64));
    const { environment, digest } = parts;
    this.#early = new EarlyDialogs(environment, digest, this.#from, this, (description) =>
      this.offers?.handleEarlyAnswer(description),
    );
    this.#way = new InviteWay(parts, random);
  }

  override get infoPackage(): string | undefined {
    return this.#enclosing?.infoPackage;
  }

  get localAddress(): string {
    return this.#localAddress;
  }

  start(): void {
    const { clock } = this.environment;
    this.#limit = clock.setTimer(MAX_EARLY_MS, () => {
      this.finish({ by: 'network', status: 408, reason: 'nobody answers' });
      this.endEarly();
    });
    this.#send();
  }

  #send(): void {
    const { nextHop, toAccountHop } = this.#way.routing;
    this.#early.clear();
    this.offers?.endEarlyMedia();
    this.environment.dialogs.expect(this.callId, this.#from.tag ?? '', this);
    this.#invite = this.environment.sender.send({
      nextHop,
      digest: this.#way.digest,
      toAccountHop,
      isNamedByStrangers: this.#way.isNamedByStrangers,
      ready: (flow) => this.#openOffers(flow).ready,
      build: (via, flow) => this.#build(via, flow),
      user: {
        onProvisional: (response, request, flow) => this.#onProvisional(response, request, flow),
        onSuccess: (response, request, flow) => this.#onSuccess(response, request, flow),
        onFailure: (failure) => this.#onFailure(failure),
      },
    });
  }

  /** Ends a session that was never sent out; its owner learns of it after this call. */
  refuse(status: number, reason: string): void {
    this.environment.clock.setTimer(0, () => this.finish({ by: 'local', status, reason }));
  }

  /** A BYE, or what else a fork says, may come before the response that it follows. */
  adopt(request: SipRequest, transaction: ServerTransaction): Dialog | undefined {
    if (this.state !== 'early') return undefined;
    const sent = { target: this.#way.target, sequence: this.#sequence };
    return this.#early.adopt(request, transaction, sent);
  }

  protected hangupEarly(): void {
    this.finish({ by: 'local', status: 487, reason: 'cancelled' });
    this.endEarly();
  }

  protected endEarly(): void {
    this.#limit?.cancel();
    this.#invite?.cancel();
    this.#forgetEarly();
  }

  /** An offer may follow once ours was answered, in the early dialog that is heard now. */
  takesEarlyOffer(dialog: Dialog): boolean {
    const early = this.#early.get(dialog.remote.tag);
    if (!early?.description || !this.offers) return false;
    // From here on the negotiation is this dialog's.
    early.isRenegotiated ||= this.offers.handleAnswer(early.description);
    return early.isRenegotiated;
  }

  protected get dialogs(): readonly Dialog[] {
    return this.dialog ? [this.dialog] : this.#early.all;
  }

  protected get updatedDialog(): Dialog | undefined {
    return this.#early.answered?.dialog;
  }

  /** Bound to the flow that is tried first. */
  #openOffers({ protocol, local }: Flow): GuardedOffers {
    if (!this.offers) {
      const { factory } = this.#parts;
      this.#localAddress = local.address;
      this.offers = new GuardedOffers(factory, local.address, protocol, this.environment.log);
    }
    return this.offers;
  }

  #build(via: Via, flow: Flow): SipRequest {
    this.#offer ??= this.#openOffers(flow).createOffer();
    if (this.#offer === undefined) {
      throw new RequestException(500, 'no session description could be made');
    }
    if (!this.offers?.mayGoBy(flow.protocol, this.#offer)) throw keysLaidOpen(flow);
    const description = sdpBody(this.#offer);
    const { headers, body } = this.#enclosing?.with(description) ?? {
      ...{ headers: ACCEPT_SDP, body: description },
    };
    this.#sequence++;
    return createRequest('INVITE', this.#way.callee, {
      via,
      routes: this.#way.routing.routes,
      from: this.#from,
      to: this.remote,
      callId: this.callId,
      cseq: this.#sequence,
      contact: contactOn(flow, this.user, this.scheme),
      headers: [
        ...this.environment.capabilities.inviteFields,
        ...this.timer.requestFields,
        ...headers,
        ...this.#parts.headers,
        ['User-Agent', this.environment.product],
      ],
      body,
    });
  }

  #onProvisional(response: SipResponse, request: SipRequest, flow: Flow): void {
    if (this.state !== 'early') return;
    if (!this.#early.hear(response, request, this.#way.target, flow)) return;
    this.events.emit('progress', response.status, response.reason);
    this.#onControl(response);
  }

  #onControl(response: SipResponse): void {
    if (!this.infoPackage) return;
    for (const control of controlDocuments(response)) this.events.emit('control', ...control);
  }

  #dialogOf(response: SipResponse, request: SipRequest, { protocol, remote }: Flow): Dialog {
    return Dialog.ofUac(request, this.#way.target, response, { protocol, remote });
  }

  #onSuccess(response: SipResponse, request: SipRequest, flow: Flow): void {
    const tag = response.to.tag ?? '';
    // §13.2.2.4: every repetition of a 2xx gets its ACK again.
    const known = this.#acks.get(tag);
    if (known) {
      known.again();
      return;
    }
    if (this.#acks.size >= MAX_FORKS) return;
    const early = this.#early.get(tag);
    const dialog = early?.dialog.confirm(response) ?? this.#dialogOf(response, request, flow);
    // §13.2.2.4 and §9.1: another fork may have answered before, or our CANCEL came too late.
    const isOurs = this.state === 'early';
    if (isOurs) this.#accept(dialog, response);
    const { sender } = this.environment;
    const ack = acknowledge(sender, dialog, request, this.#way.digest, {
      onSent: () => {
        if (isOurs) this.#establish(dialog, response, early);
        else this.sendBye(dialog);
      },
      onFailure: (reason) => {
        if (isOurs) this.endWithBye({ by: 'network', status: 503, reason: `no ACK: ${reason}` });
      },
    });
    this.#acks.set(tag, ack);
  }

  /** The peer has taken the call; it is up when our ACK is on its way. */
  #accept(dialog: Dialog, response: SipResponse): void {
    this.#limit?.cancel();
    this.#forgetEarly();
    this.dialog = dialog;
    this.environment.dialogs.add(dialog, this);
    this.notePeer(response);
    this.setAccepted();
  }

  #establish(dialog: Dialog, response: SipResponse, early: EarlyDialog | undefined): void {
    if (this.state === 'ended') {
      // Hung up before the ACK could go out (§15); whoever said BYE meanwhile wants no other.
      if (this.environment.dialogs.has(dialog)) this.sendBye(dialog);
      this.release();
      return;
    }
    // Some put their answer into a provisional response only (§13.2.1 allows it there, too).
    const answer = response.description || (early?.description ?? '');
    if (early?.isRenegotiated || this.offers?.handleAnswer(answer)) {
      this.timer.onSuccess(response);
      this.confirm();
      this.#onControl(response);
    } else this.onUnusableAnswer();
  }

  #onFailure({ cause, status, reason, response }: RequestFailure): void {
    this.#forgetEarly();
    // RFC 4028 §7.3: once more, with a longer interval or none.
    const isTooSmall = status === 422 && response && this.state === 'early';
    if (isTooSmall && this.timer.onTooSmall(response)) {
      this.#send();
      return;
    }
    const rest = this.#enclosing?.after(status);
    if (rest !== this.#enclosing && this.state === 'early') {
      this.environment.log.warn('called again without what is not taken', { status, reason });
      this.#enclosing = rest;
      this.#send();
      return;
    }
    const objections = response ? this.#way.add(response) : [];
    // §8.1.3.4: on to the next target, but 6xx speaks for all of them.
    if (this.state === 'early' && status < 600 && this.#way.next()) {
      this.#redirect(response);
      return;
    }
    this.#limit?.cancel();
    const words = [reason, ...objections].join('; ');
    this.finish({ by: cause === 'response' ? 'remote' : 'network', status, reason: words });
  }

  #redirect(response: SipResponse | undefined): void {
    const to = String(this.#way.target);
    this.environment.log.info('call redirected', { to, by: response?.source });
    this.events.emit('redirected', to);
    this.#send();
  }

  #forgetEarly(): void {
    this.environment.dialogs.expectNoMore(this.callId, this.#from.tag ?? '');
    this.#early.close();
  }
}
