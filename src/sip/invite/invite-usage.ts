import { Emitter, randomToken } from '../../platform';
import type { DigestClient } from '../auth';
import type { Acknowledgement, Dialog, DialogUsage } from '../dialog';
import {
  type NameAddr,
  parseSipUri,
  type ResponseParts,
  type SipRequest,
  type SipResponse,
} from '../message';
import {
  Reference,
  type ReferenceListener,
  Referral,
  type Replaces,
  referToOf,
  replacesField,
} from '../refer';
import { type ContactUser, contactPart, type Scheme } from '../request';
import { reply, type ServerTransaction } from '../transaction';
import type { Flow } from '../transport';
import { Answerer, type AnswererHost, type SuccessParts } from './answerer';
import { sendBye } from './bye';
import type { DtmfKey } from './dtmf-info';
import type { SessionEnvironment } from './environment';
import type { GuardedOffers } from './guarded-offers';
import { type InfoParts, sendInfo, sendKeyByInfo } from './info';
import type {
  InviteSession,
  InviteSessionEvents,
  SessionEnd,
  SessionState,
} from './invite-session';
import { PeerCheck } from './peer-check';
import { PeerRequests, type PeerRequestsHost } from './peer-requests';
import { SessionTimer } from './session-timer';
import type { TargetRefreshParts } from './target-refresh';
import { TargetRefreshes, type TargetRefreshesHost } from './target-refreshes';
import { INVITE_METHODS } from './usage-kinds';

export interface InviteUsageParts {
  readonly environment: SessionEnvironment;
  readonly digest: DigestClient;
  readonly remote: NameAddr;
  /** User part of our Contact. */
  readonly user: ContactUser;
  /** Of our Contact. */
  readonly scheme: Scheme;
  /** The session does not count any more; what it still owes to its peer goes on. */
  readonly onEnded: (session: InviteUsage) => void;
}

/**
 * What incoming and outgoing sessions have in common: the life of a confirmed dialog, RFC 3261 §12.2
 * (requests within it), §14 (re-INVITE) and §15 (BYE).
 */
export abstract class InviteUsage
  implements InviteSession, DialogUsage, AnswererHost, PeerRequestsHost, TargetRefreshesHost
{
  abstract readonly direction: 'incoming' | 'outgoing';
  readonly id: string;
  readonly methods = INVITE_METHODS;
  readonly events: Emitter<InviteSessionEvents>;
  readonly remote: NameAddr;
  offers: GuardedOffers | undefined;
  protected readonly environment: SessionEnvironment;
  protected readonly digest: DigestClient;
  protected readonly user: ContactUser;
  protected readonly scheme: Scheme;
  /** The dialog that the session is, once it is known which one that is. */
  protected dialog: Dialog | undefined;
  readonly #onEnded: (session: InviteUsage) => void;
  protected readonly timer: SessionTimer;
  protected readonly answerer: Answerer;
  readonly #refreshes: TargetRefreshes;
  readonly #peerRequests: PeerRequests;
  readonly #peerCheck: PeerCheck;
  #state: SessionState = 'early';

  constructor({ environment, digest, remote, user, scheme, onEnded }: InviteUsageParts) {
    const { clock, random, log, product } = environment;
    this.environment = environment;
    this.digest = digest;
    this.remote = remote;
    this.user = user;
    this.scheme = scheme;
    this.#onEnded = onEnded;
    this.id = randomToken(random, 64);
    this.events = new Emitter((error) => log.error('listener failed', { error: String(error) }));
    this.timer = new SessionTimer(clock, environment.sessionExpires, {
      refresh: () => {
        if (this.#state === 'confirmed') this.#refreshes.refresh();
      },
      expire: () => this.drop(408, 'session timer expired'),
    });
    this.answerer = new Answerer(environment, this.timer, this);
    this.#peerRequests = new PeerRequests(product, this.answerer, this);
    this.#refreshes = new TargetRefreshes(environment, this.timer, this);
    this.#peerCheck = new PeerCheck({
      onGone: (status, reason) => this.drop(status, reason),
      onPortClosed: () => this.events.emit('portClosed'),
    });
  }

  abstract readonly callId: string;
  /** The package of INFO that it serves (RFC 6086), if any. */
  get infoPackage(): string | undefined {
    return undefined;
  }

  get focus(): string | undefined {
    const { dialog } = this;
    return dialog?.isFocus ? String(dialog.remoteTarget) : undefined;
  }

  /** All that it has, early ones included. */
  protected abstract readonly dialogs: readonly Dialog[];
  abstract readonly localAddress: string;
  abstract readonly ownsCallId: boolean;
  protected abstract hangupEarly(): void;
  /** Ends the INVITE that has no final response yet; the session has ended by other means. */
  protected abstract endEarly(): void;
  abstract takesEarlyOffer(dialog: Dialog): boolean;
  /**
   * Where an offer of ours may go before the INVITE is answered (RFC 3311 §5.1): offer and answer have been
   * exchanged for good, and the peer serves UPDATE.
   */
  protected abstract readonly updatedDialog: Dialog | undefined;
  abstract readonly statusOfOverlap: 491 | 500;

  get state(): SessionState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state === 'ended';
  }

  get isEarly(): boolean {
    return this.#state === 'early';
  }

  get isReady(): boolean {
    if (this.isEarly) return this.updatedDialog !== undefined;
    return this.#state === 'confirmed' && !this.answerer.isBusy;
  }

  get canOffer(): boolean {
    if (this.isEarly) return this.updatedDialog !== undefined;
    return this.#state === 'accepted' || this.#state === 'confirmed';
  }

  get isOffering(): boolean {
    return this.#refreshes.isOffering;
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
    return this.canOffer ? this.#refreshes.renegotiate() : Promise.resolve(false);
  }

  findLocalAddress(): Promise<string | undefined> {
    const { environment } = this;
    const dialog = this.#presentDialog;
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

  inform(info: InfoParts): Promise<boolean> {
    const { dialog, environment, digest } = this;
    if (this.#state !== 'confirmed' || !dialog) return Promise.resolve(false);
    return new Promise((resolve) => {
      sendInfo(environment, dialog, digest, info, (failure) => resolve(failure === undefined));
    });
  }

  refer(to: string | InviteSession, listener: ReferenceListener): boolean {
    const { dialog, environment, digest, user } = this;
    const referTo = typeof to === 'string' ? referToOf(parseSipUri(to)) : nameOfPeer(to);
    if (this.#state !== 'confirmed' || !dialog || !referTo) return false;
    new Reference({ environment, dialog, digest, user, referTo, listener });
    return true;
  }

  /** Where another may reach the peer, and the dialog as the peer sees it; undefined before it is up. */
  get referTo(): NameAddr | undefined {
    const { dialog } = this;
    if (this.#state !== 'confirmed' || !dialog) return undefined;
    const { callId, local, remote } = dialog;
    const name: Replaces = {
      callId,
      toTag: remote.tag ?? '',
      fromTag: local.tag ?? '',
      isEarlyOnly: false,
    };
    return referToOf(dialog.publicTarget, replacesField(name));
  }

  /** Whether Replaces names this one (RFC 3891 §3). */
  isNamedBy({ callId, toTag, fromTag }: Replaces): boolean {
    return this.dialogs.some(
      (one) => one.callId === callId && one.local.tag === toTag && one.remote.tag === fromTag,
    );
  }

  drop(status: number, reason: string): void {
    if (this.#state === 'confirmed') this.endWithBye({ by: 'network', status, reason });
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    if (request.method === 'BYE') this.#onBye(request, transaction);
    else if (this.isOver) this.reply(request, transaction, 481);
    else this.#peerRequests.onRequest(request, transaction, dialog);
  }

  onAck(ack: Acknowledgement): void {
    this.answerer.onAck(ack);
  }

  refreshParts(): Omit<TargetRefreshParts, 'offer' | 'method'> | undefined {
    const { environment, digest, user, scheme, timer } = this;
    const dialog = this.#presentDialog;
    return dialog && { environment, dialog, digest, user, scheme, timer };
  }

  newOffer(): TargetRefreshParts['offer'] {
    const { offers, updatedDialog } = this;
    const isTooEarly = this.isEarly && !(updatedDialog && this.takesEarlyOffer(updatedDialog));
    if (isTooEarly) return undefined;
    const description = offers?.createOffer();
    return offers && description !== undefined ? { description, offers } : undefined;
  }

  onGone(reason: string): void {
    this.endWithBye({ by: 'network', status: 408, reason });
  }

  reply(
    request: SipRequest,
    transaction: ServerTransaction,
    status: number,
    parts: ResponseParts = {},
  ): void {
    reply(this.environment.product, request, transaction, status, parts);
  }

  contact(flow: Flow): ReturnType<typeof contactPart> {
    return contactPart(flow, this.user, this.scheme);
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
    this.#refreshes.notePeer(message);
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
    this.#refreshes.proceed();
  }

  onNoAck(): void {
    this.endWithBye({ by: 'network', status: 408, reason: 'no ACK' });
  }

  /** RFC 3515 §2.4.2; what nobody decides about is declined. */
  onRefer(refer: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const { environment, digest, user } = this;
    const referral = Referral.of({ environment, dialog, digest, user }, refer, transaction);
    if (!referral) return;
    if (!this.isEarly) this.events.emit('referred', referral);
    referral.refuse(603);
  }

  /** RFC 3262 §3: nothing that would want one has been sent. */
  onPrack(prack: SipRequest, transaction: ServerTransaction): void {
    this.reply(prack, transaction, 481);
  }

  protected setAccepted(): void {
    this.#state = 'accepted';
  }

  protected confirm(): void {
    this.#state = 'confirmed';
    this.events.emit('confirmed');
    this.#refreshes.proceed();
  }

  /** Ends the session for its owner; the dialog lives on until `release`. */
  protected finish(end: SessionEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.timer.close();
    this.#refreshes.stop();
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
    const wasEarly = this.isEarly;
    if (this.dialog && !wasEarly) this.sendBye(this.dialog, end);
    this.finish(end);
    if (wasEarly) this.endEarly();
    this.release();
  }

  get #presentDialog(): Dialog | undefined {
    return this.isEarly ? this.updatedDialog : this.dialog;
  }

  protected sendBye(dialog: Dialog, end?: SessionEnd): void {
    sendBye(this.environment, dialog, this.digest, end);
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
}

function nameOfPeer(session: InviteSession): NameAddr | undefined {
  return session instanceof InviteUsage ? session.referTo : undefined;
}
