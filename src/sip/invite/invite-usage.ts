import { Emitter, randomToken } from '../../platform';
import type { DigestClient } from '../auth';
import type { Acknowledgement, Dialog, DialogUsage } from '../dialog';
import type { NameAddr, ResponseParts, SipRequest, SipResponse } from '../message';
import { contactOn } from '../request';
import { reply, type ServerTransaction } from '../transaction';
import { type Flow, TransportException } from '../transport';
import { Answerer, type AnswererHost, type SuccessParts } from './answerer';
import { sendBye } from './bye';
import type { DtmfKey } from './dtmf-info';
import type { SessionEnvironment } from './environment';
import type { GuardedOffers } from './guarded-offers';
import { receiveInfo, sendKeyByInfo } from './info';
import type {
  InviteSession,
  InviteSessionEvents,
  SessionEnd,
  SessionState,
} from './invite-session';
import { PeerCheck } from './peer-check';
import { Renegotiator, type RenegotiatorHost } from './renegotiator';
import { type RefresherHost, SessionRefresher } from './session-refresher';
import { SessionTimer } from './session-timer';
import { type RefreshOutcome, TargetRefresh } from './target-refresh';
import { INVITE_METHODS } from './usage-kinds';

export interface InviteUsageParts {
  readonly environment: SessionEnvironment;
  readonly digest: DigestClient;
  readonly remote: NameAddr;
  /** User part of our Contact. */
  readonly user: string | undefined;
  /** The session does not count any more; what it still owes to its peer goes on. */
  readonly onEnded: (session: InviteUsage) => void;
}

/**
 * What incoming and outgoing sessions have in common: the life of a confirmed dialog, RFC 3261 §12.2
 * (requests within it), §14 (re-INVITE) and §15 (BYE).
 */
export abstract class InviteUsage
  implements InviteSession, DialogUsage, RenegotiatorHost, AnswererHost, RefresherHost
{
  abstract readonly direction: 'incoming' | 'outgoing';
  readonly id: string;
  readonly methods = INVITE_METHODS;
  readonly events: Emitter<InviteSessionEvents>;
  readonly remote: NameAddr;
  offers: GuardedOffers | undefined;
  protected readonly environment: SessionEnvironment;
  protected readonly digest: DigestClient;
  protected readonly user: string | undefined;
  /** The dialog that the session is, once it is known which one that is. */
  protected dialog: Dialog | undefined;
  readonly #onEnded: (session: InviteUsage) => void;
  protected readonly timer: SessionTimer;
  protected readonly answerer: Answerer;
  readonly #renegotiator: Renegotiator;
  readonly #refresher: SessionRefresher;
  readonly #peerCheck: PeerCheck;
  #state: SessionState = 'early';

  constructor({ environment, digest, remote, user, onEnded }: InviteUsageParts) {
    const { clock, random, log } = environment;
    this.environment = environment;
    this.digest = digest;
    this.remote = remote;
    this.user = user;
    this.#onEnded = onEnded;
    this.id = randomToken(random, 64);
    this.events = new Emitter((error) => log.error('listener failed', { error: String(error) }));
    this.#renegotiator = new Renegotiator(clock, random, this);
    this.timer = new SessionTimer(clock, environment.sessionExpires, {
      refresh: () => {
        if (this.#state === 'confirmed') this.#refresher.refresh();
      },
      expire: () => this.drop(408, 'session timer expired'),
    });
    this.answerer = new Answerer(environment, this.timer, this);
    this.#refresher = new SessionRefresher(this.timer, this);
    this.#peerCheck = new PeerCheck((status, reason) => this.drop(status, reason));
  }

  abstract readonly localAddress: string;
  abstract readonly ownsCallId: boolean;
  protected abstract hangupEarly(): void;
  /** Ends the INVITE that has no final response yet; the session has ended by other means. */
  protected abstract endEarly(): void;
  /** Whether an offer in an UPDATE may come before the first INVITE is answered (RFC 3311 §5.2). */
  protected abstract takesEarlyOffer(dialog: Dialog): boolean;
  /** Status for an INVITE that the peer sends before the first one is answered. */
  protected abstract readonly statusOfOverlap: 491 | 500;

  get state(): SessionState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state === 'ended';
  }

  get isReady(): boolean {
    return this.#state === 'confirmed' && !this.answerer.isBusy;
  }

  get isOffering(): boolean {
    return this.#renegotiator.isSending;
  }

  get hasTimer(): boolean {
    return this.timer.isRunning;
  }

  hangup(): void {
    switch (this.#state) {
      case 'early':
        this.hangupEarly();
        break;
      case 'accepted':
        // §15: the callee sends no BYE before the ACK; #onAcknowledged does, or #onNoAck.
        this.finish({ by: 'local', status: 200, reason: 'hung up' });
        break;
      case 'confirmed':
        this.endWithBye({ by: 'local', status: 200, reason: 'hung up' });
        break;
      case 'ended':
        break;
    }
  }

  renegotiate(): Promise<boolean> {
    const isUp = this.#state === 'accepted' || this.#state === 'confirmed';
    return isUp ? this.#renegotiator.request() : Promise.resolve(false);
  }

  findLocalAddress(): Promise<string | undefined> {
    const { dialog, environment } = this;
    return dialog ? environment.sender.findLocalAddress(dialog.way) : Promise.resolve(undefined);
  }

  ask(): Promise<boolean> {
    const { dialog, environment, digest } = this;
    if (this.#state !== 'confirmed' || !dialog) return Promise.resolve(false);
    return this.#peerCheck.ask(environment, dialog, digest);
  }

  sendKey(key: DtmfKey): Promise<boolean> {
    const { dialog, environment, digest } = this;
    if (this.#state !== 'confirmed' || !dialog) return Promise.resolve(false);
    return new Promise((resolve) => {
      sendKeyByInfo(environment, dialog, digest, key, (failure) => {
        resolve(failure === undefined);
        // §12.2.1.2: 481, 408 and silence end the dialog.
        const isGone =
          failure?.cause === 'timeout' || failure?.status === 408 || failure?.status === 481;
        if (failure && isGone) this.drop(failure.status, failure.reason);
      });
    });
  }

  drop(status: number, reason: string): void {
    if (this.#state === 'confirmed') this.endWithBye({ by: 'network', status, reason });
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    if (request.method === 'BYE') this.#onBye(request, transaction);
    else if (this.isOver) this.reply(request, transaction, 481);
    else this.#onMethod(request, transaction, dialog);
  }

  onAck(ack: Acknowledgement): void {
    this.answerer.onAck(ack);
  }

  sendReinvite(done: (outcome: RefreshOutcome) => void): void {
    const { dialog, environment, digest, offers, user, timer } = this;
    const description = offers?.createOffer();
    if (!dialog || !offers || description === undefined) done('refused');
    else {
      const offer = { description, offers };
      new TargetRefresh({ environment, dialog, digest, user, timer, offer }, done);
    }
  }

  sendUpdate(done: (outcome: RefreshOutcome) => void): void {
    const { dialog, environment, digest, user, timer } = this;
    if (dialog) new TargetRefresh({ environment, dialog, digest, user, timer }, done);
  }

  onGone(): void {
    this.drop(408, 'session refresh is not answered');
  }

  onOutcome(outcome: Exclude<RefreshOutcome, 'glare'>): void {
    if (this.#state === 'ended') return;
    switch (outcome) {
      case 'agreed':
        this.events.emit('renegotiated');
        break;
      case 'refused':
      case 'not-served':
        break;
      case 'unusable':
        this.endWithBye({ by: 'local', status: 488, reason: 'answer cannot be used' });
        break;
      // §12.2.1.2: 481, 408 and silence end the dialog.
      case 'gone':
        this.endWithBye({ by: 'network', status: 408, reason: 'peer does not answer any more' });
        break;
    }
  }

  reply(
    request: SipRequest,
    transaction: ServerTransaction,
    status: number,
    parts: ResponseParts = {},
  ): void {
    reply(this.environment.product, request, transaction, status, parts);
  }

  contact(flow: Flow): { contact: NameAddr } | Record<string, never> {
    try {
      return { contact: contactOn(flow, this.user) };
    } catch (error) {
      if (!(error instanceof TransportException)) throw error;
      // The network went while the peer asked: an answer without Contact is better than none.
      return {};
    }
  }

  /** §13.3.1.4: the 2xx to the first INVITE. */
  protected succeed(
    request: SipRequest,
    transaction: ServerTransaction,
    parts: SuccessParts,
    onAcknowledged: (answer: string) => void,
  ): void {
    this.notePeer(request);
    this.answerer.succeed(request, transaction, parts, onAcknowledged);
  }

  /** What the peer tells of itself in what makes the dialog. */
  protected notePeer(message: SipRequest | SipResponse): void {
    this.#refresher.notePeer(message);
  }

  onRenegotiated(): void {
    this.events.emit('renegotiated');
  }

  onUnusableAnswer(): void {
    this.endWithBye({ by: 'local', status: 488, reason: 'answer cannot be used' });
  }

  onAcknowledged(proceed: () => void): void {
    if (this.#state === 'ended') {
      // §15: the BYE that was wanted before the ACK.
      if (this.dialog) this.sendBye(this.dialog);
      this.release();
      return;
    }
    proceed();
    this.#renegotiator.proceed();
  }

  onNoAck(): void {
    this.endWithBye({ by: 'network', status: 408, reason: 'no ACK' });
  }

  /** RFC 3262 §3: nothing that would want one has been sent. */
  protected onPrack(prack: SipRequest, transaction: ServerTransaction): void {
    this.reply(prack, transaction, 481);
  }

  protected setAccepted(): void {
    this.#state = 'accepted';
  }

  protected confirm(): void {
    this.#state = 'confirmed';
    this.events.emit('confirmed');
    this.#renegotiator.proceed();
  }

  /** Ends the session for its owner; the dialog lives on until `release`. */
  protected finish(end: SessionEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.timer.close();
    this.#renegotiator.stop();
    this.#peerCheck.stop();
    this.#onEnded(this);
    this.events.emit('ended', end);
  }

  /** Forgets the dialog. */
  release(): void {
    this.answerer.stop();
    if (this.dialog) this.environment.dialogs.remove(this.dialog, this);
  }

  protected endWithBye(end: SessionEnd): void {
    if (this.dialog) this.sendBye(this.dialog, end);
    this.finish(end);
    this.release();
  }

  protected sendBye(dialog: Dialog, end?: SessionEnd): void {
    sendBye(this.environment, dialog, this.digest, end);
  }

  #onMethod(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    switch (request.method) {
      case 'INVITE':
        this.#onReinvite(request, transaction, dialog);
        break;
      case 'UPDATE':
        this.#onUpdate(request, transaction, dialog);
        break;
      case 'PRACK':
        this.onPrack(request, transaction);
        break;
      case 'INFO':
        this.#onInfo(request, transaction);
        break;
    }
  }

  /** §14.2. */
  #onReinvite(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    if (this.#state !== 'early') this.answerer.onReinvite(request, transaction, dialog);
    else if (this.statusOfOverlap === 491) this.reply(request, transaction, 491);
    else this.answerer.retrySoon(request, transaction);
  }

  #onUpdate(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const hasOffer = request.description !== '';
    if (!hasOffer || this.#state !== 'early' || this.takesEarlyOffer(dialog)) {
      this.answerer.onUpdate(request, transaction, dialog);
    } else if (this.statusOfOverlap === 491) this.reply(request, transaction, 491);
    else this.answerer.retrySoon(request, transaction);
  }

  /** §15.1.2. */
  #onBye(request: SipRequest, transaction: ServerTransaction): void {
    this.reply(request, transaction, 200);
    this.#end(request.reasons[0]?.params.get('text') ?? 'hung up');
  }

  onLeft(): void {
    this.#end('hung up');
  }

  #end(reason: string): void {
    const wasEarly = this.#state === 'early';
    this.finish({ by: 'remote', status: 200, reason });
    if (wasEarly) this.endEarly();
    this.release();
  }

  #onInfo(request: SipRequest, transaction: ServerTransaction): void {
    const told = receiveInfo(this.environment.product, request, transaction);
    if (told?.key) this.events.emit('key', told.key);
    if (told?.wantsPicture) this.events.emit('pictureRequested');
  }
}
