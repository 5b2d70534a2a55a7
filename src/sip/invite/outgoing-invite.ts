import type { Timer } from '../../platform';
import { randomToken } from '../../platform';
import type { Routing } from '../account';
import { DigestClient } from '../auth';
import { SDP } from '../capabilities';
import { Dialog, type DialogMaker } from '../dialog';
import {
  createRequest,
  type NameAddr,
  type SipRequest,
  type SipResponse,
  type SipUri,
  sameName,
  type Via,
} from '../message';
import {
  contactOn,
  type OutgoingRequest,
  RequestException,
  type RequestFailure,
  type SentAck,
  TargetSet,
} from '../request';
import type { ServerTransaction } from '../transaction';
import type { Flow } from '../transport';
import { acknowledge } from './acknowledge';
import { sdpBody } from './answerer';
import { GuardedOffers } from './guarded-offers';
import { InviteUsage, type InviteUsageParts } from './invite-usage';
import type { OfferAnswerFactory } from './offer-answer';
import { reliableNumber } from './reliable-fields';

export interface OutgoingInviteParts extends InviteUsageParts {
  readonly target: SipUri;
  /** From, without tag. */
  readonly local: NameAddr;
  /** The way to a target: by the account's first hop, if it has one (RFC 3261 §8.1.2). */
  readonly route: (target: SipUri) => Routing;
  /** The account's address of record. */
  readonly aor: SipUri;
  readonly factory: OfferAnswerFactory;
}

/** Early dialogs and answering forks that one INVITE may have. */
const MAX_FORKS = 16;

/** Ringing that never ends is a peer that vanished; as long as timer C of proxies (§16.6). */
const MAX_EARLY_MS = 180_000;

interface EarlyDialog {
  readonly dialog: Dialog;
  /** Session description of its latest provisional response. */
  description: string;
  /** An UPDATE has brought a later offer, which we have answered: the 2xx has nothing to add. */
  isRenegotiated: boolean;
  /** RSeq of its latest reliable provisional response. */
  responseNumber: number | undefined;
}

/** The UAC's side of a session, RFC 3261 §13.2. */
export class OutgoingInvite extends InviteUsage implements DialogMaker {
  readonly direction = 'outgoing';
  readonly ownsCallId = true;
  protected readonly statusOfOverlap = 491;
  readonly #parts: OutgoingInviteParts;
  readonly #callId: string;
  readonly #from: NameAddr;
  readonly #early = new Map<string, EarlyDialog>();
  readonly #acks = new Map<string, SentAck>();
  readonly #targets: TargetSet;
  #target: SipUri;
  #routing: Routing;
  #inviteDigest: DigestClient;
  #sequence = 0;
  #localAddress = '';
  #offer: string | undefined;
  #invite: OutgoingRequest | undefined;
  #limit: Timer | undefined;

  constructor(parts: OutgoingInviteParts) {
    super(parts);
    const { random } = parts.environment;
    this.#parts = parts;
    this.#callId = randomToken(random, 128);
    this.#from = parts.local.withTag(randomToken(random, 64));
    this.#target = parts.target;
    this.#routing = parts.route(parts.target);
    this.#inviteDigest = parts.digest;
    this.#targets = new TargetSet(parts.target, (target) => this.#objectionTo(target));
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
    const { nextHop, toAccountHop } = this.#routing;
    this.#early.clear();
    this.environment.dialogs.expect(this.#callId, this.#from.tag ?? '', this);
    this.#invite = this.environment.sender.send({
      nextHop,
      digest: this.#inviteDigest,
      toAccountHop,
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
  adopt(request: SipRequest, { flow, source }: ServerTransaction): Dialog | undefined {
    if (this.state !== 'early' || this.#early.size >= MAX_FORKS) return undefined;
    const dialog = Dialog.ofRequestBeforeResponse(request, {
      local: this.#from,
      localSequence: this.#sequence,
      target: this.#target,
      heardFrom: { protocol: flow.protocol, remote: source },
    });
    this.#addEarlyDialog(dialog);
    return dialog;
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
  protected takesEarlyOffer(dialog: Dialog): boolean {
    const early = this.#early.get(dialog.remote.tag ?? '');
    if (!early?.description || !this.offers) return false;
    // From here on the negotiation is this dialog's.
    early.isRenegotiated ||= this.offers.handleAnswer(early.description);
    return early.isRenegotiated;
  }

  #build(via: Via, flow: Flow): SipRequest {
    const { factory } = this.#parts;
    if (this.#offer === undefined) {
      this.#localAddress = flow.local.address;
      this.offers = new GuardedOffers(factory, this.#localAddress, this.environment.log);
      this.#offer = this.offers.createOffer();
    }
    if (this.#offer === undefined) {
      throw new RequestException(500, 'no session description could be made');
    }
    this.#sequence++;
    return createRequest('INVITE', this.#target, {
      via,
      routes: this.#routing.routes,
      from: this.#from,
      to: this.remote,
      callId: this.#callId,
      cseq: this.#sequence,
      contact: contactOn(flow, this.user),
      headers: [
        ...this.environment.capabilities.inviteFields,
        ...this.timer.requestFields,
        ['Accept', SDP],
        ['User-Agent', this.environment.product],
      ],
      body: sdpBody(this.#offer),
    });
  }

  #onProvisional(response: SipResponse, request: SipRequest, flow: Flow): void {
    if (this.state !== 'early') return;
    const early = this.#earlyDialogOf(response, request, flow);
    const number = reliableNumber(response);
    if (early && number !== undefined && !this.#acknowledge(early, number, request)) return;
    if (early) this.#noteDescription(early, response.description);
    this.events.emit('progress', response.status, response.reason);
  }

  /** §12.1: a provisional response makes an early dialog; those of RFC 2543 have no tag. */
  #earlyDialogOf(response: SipResponse, request: SipRequest, flow: Flow): EarlyDialog | undefined {
    const tag = response.to.tag ?? '';
    const known = this.#early.get(tag);
    if (known || this.#early.size >= MAX_FORKS) return known;
    return this.#addEarlyDialog(this.#dialogOf(response, request, flow));
  }

  /** RFC 3262 §4: PRACK in order. False for one that was seen before, or comes too early. */
  #acknowledge(early: EarlyDialog, number: number, invite: SipRequest): boolean {
    const former = early.responseNumber;
    if (former !== undefined && number !== former + 1) return false;
    early.responseNumber = number;
    const { sender, product, log } = this.environment;
    const rack = `${number} ${invite.cseq.sequence} INVITE`;
    sender.send({
      ...early.dialog.way,
      digest: this.digest,
      build: (via) =>
        early.dialog.createRequest('PRACK', via, {
          headers: [
            ['RAck', rack],
            ['User-Agent', product],
          ],
        }),
      user: {
        onSuccess: () => undefined,
        onFailure: ({ status, reason }) => log.info('PRACK not accepted', { status, reason }),
      },
    });
    return true;
  }

  /** Repeated each minute for the proxies on the way: what is new is heard, the rest changes nothing. */
  #noteDescription(early: EarlyDialog, description: string): void {
    if (description === '' || description === early.description) return;
    early.description = description;
    this.offers?.handleEarlyAnswer(description);
  }

  #addEarlyDialog(dialog: Dialog): EarlyDialog {
    const early = { dialog, description: '', isRenegotiated: false, responseNumber: undefined };
    this.#early.set(dialog.remote.tag ?? '', early);
    this.environment.dialogs.add(dialog, this);
    return early;
  }

  #dialogOf(response: SipResponse, request: SipRequest, { protocol, remote }: Flow): Dialog {
    return Dialog.ofUac(request, this.#target, response, { protocol, remote });
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
    const ack = acknowledge(sender, dialog, request, this.#inviteDigest, {
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
    const objections = response ? this.#targets.add(response) : [];
    // §8.1.3.4: on to the next target, but 6xx speaks for all of them.
    const next = this.state === 'early' && status < 600 ? this.#targets.next() : undefined;
    if (next) {
      this.#redirect(next, response);
      return;
    }
    this.#limit?.cancel();
    const words = [reason, ...objections].join('; ');
    this.finish({ by: cause === 'response' ? 'remote' : 'network', status, reason: words });
  }

  #redirect(target: SipUri, response: SipResponse | undefined): void {
    this.environment.log.info('call redirected', { to: String(target), by: response?.source });
    // The word of a stranger makes no call at the account's expense.
    if (!this.#routing.toAccountHop) {
      this.#inviteDigest = new DigestClient(undefined, this.environment.random);
    }
    this.#target = target;
    this.#routing = this.#parts.route(target);
    this.events.emit('redirected', String(target));
    this.#send();
  }

  #objectionTo(target: SipUri): string | undefined {
    const { aor, route } = this.#parts;
    if (target.user === aor.user && sameName(target.host, aor.host)) return 'that is us';
    const isOurs = route(target).toAccountHop;
    return isOurs && !this.#routing.toAccountHop
      ? 'not called by the word of a stranger, being at the account’s own PBX'
      : undefined;
  }

  /** They take no requests any more; a 2xx that still comes goes on with their counting. */
  #forgetEarly(): void {
    this.environment.dialogs.expectNoMore(this.#callId, this.#from.tag ?? '');
    for (const { dialog } of this.#early.values()) this.environment.dialogs.remove(dialog, this);
  }
}
