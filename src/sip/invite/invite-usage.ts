import { Emitter, randomToken } from '../../platform';
import type { DigestClient } from '../auth';
import type { Acknowledgement, Dialog, DialogOwner } from '../dialog';
import {
  type HeaderList,
  type NameAddr,
  quote,
  type ResponseParts,
  type SipRequest,
  type SipResponse,
} from '../message';
import { contactOn } from '../request';
import type { ServerTransaction } from '../transaction';
import { reply } from '../transaction';
import { type Flow, TransportException } from '../transport';
import { Answerer, type AnswererHost, type SuccessParts } from './answerer';
import type { DtmfKey } from './dtmf-info';
import { dtmfRelay, readDtmf } from './dtmf-info';
import type { SessionEnvironment } from './environment';
import type { GuardedOffers } from './guarded-offers';
import type {
  InviteSession,
  InviteSessionEvents,
  SessionEnd,
  SessionState,
} from './invite-session';
import { Question, type QuestionOutcome } from './question';
import { Reinvite, type ReinviteOutcome } from './reinvite';
import { Renegotiator, type RenegotiatorHost } from './renegotiator';
import { SessionTimer } from './session-timer';
import { Update, type UpdateOutcome } from './update';

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
  implements InviteSession, DialogOwner, RenegotiatorHost, AnswererHost
{
  abstract readonly direction: 'incoming' | 'outgoing';
  readonly id: string;
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
  /** Methods of the peer, as it last told. */
  #peerAllows: readonly string[] = [];
  #state: SessionState = 'early';
  #question: Question | undefined;
  #asked: ((isThere: boolean) => void)[] = [];

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
      refresh: () => this.#refresh(),
      expire: () => this.drop(408, 'session timer expired'),
    });
    this.answerer = new Answerer(environment, this.timer, this);
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
    return dialog
      ? environment.sender.findLocalAddress(dialog.way)
      : Promise.resolve(undefined);
  }

  ask(): Promise<boolean> {
    const { dialog, environment, digest } = this;
    if (this.#state !== 'confirmed' || !dialog) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.#question ??= new Question(environment, dialog, digest, (outcome) =>
        this.#onQuestionSettled(outcome),
      );
    });
  }

  sendKey(key: DtmfKey): Promise<boolean> {
    const { dialog, environment, digest } = this;
    if (this.#state !== 'confirmed' || !dialog) return Promise.resolve(false);
    const { sender, product } = environment;
    return new Promise((resolve) => {
      sender.send({
        ...dialog.way,
        digest,
        build: (via) =>
          dialog.createRequest('INFO', via, {
            headers: [['User-Agent', product]],
            body: dtmfRelay(key),
          }),
        user: {
          onSuccess: () => resolve(true),
          onFailure: ({ cause, status, reason }) => {
            resolve(false);
            // §12.2.1.2: 481, 408 and silence end the dialog.
            const isGone = cause === 'timeout' || status === 408 || status === 481;
            if (isGone) this.drop(status, reason);
          },
        },
      });
    });
  }

  drop(status: number, reason: string): void {
    if (this.#state === 'confirmed') this.endWithBye({ by: 'network', status, reason });
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    dialog.hear({ protocol: transaction.flow.protocol, remote: transaction.source });
    // §12.2.2: below the last sequence number is out of order.
    if (!dialog.acceptSequence(request.cseq.sequence)) {
      this.reply(request, transaction, 500, { reason: 'CSeq Out Of Order' });
      if (request.method === 'BYE') this.onLeft();
    } else if (request.method === 'BYE') {
      this.#onBye(request, transaction);
    } else if (this.#state === 'ended') {
      this.reply(request, transaction, 481);
    } else {
      this.#onMethod(request, transaction, dialog);
    }
  }

  onAck(ack: Acknowledgement): void {
    this.answerer.onAck(ack);
  }

  sendReinvite(done: (outcome: ReinviteOutcome) => void): void {
    const { dialog, environment, digest, offers, user, timer } = this;
    const offer = offers?.createOffer();
    if (!dialog || !offers || offer === undefined) done('refused');
    else new Reinvite({ environment, dialog, digest, offers, offer, user, timer }, done);
  }

  onOutcome(outcome: Exclude<ReinviteOutcome, 'glare'>): void {
    if (this.#state === 'ended') return;
    switch (outcome) {
      case 'agreed':
        this.events.emit('renegotiated');
        break;
      case 'refused':
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
    this.#peerAllows = message.allow;
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
    this.#question?.stop();
    this.#answerAsked(false);
    this.#onEnded(this);
    this.events.emit('ended', end);
  }

  /** Forgets the dialog. */
  release(): void {
    this.answerer.stop();
    if (this.dialog) this.environment.dialogs.remove(this.dialog);
  }

  protected endWithBye(end: SessionEnd): void {
    if (this.dialog) this.sendBye(this.dialog, end);
    this.finish(end);
    this.release();
  }

  /** §15.1.1: the session is over when the BYE goes out, whatever is answered. */
  protected sendBye(dialog: Dialog, end?: SessionEnd): void {
    const { sender, product, log } = this.environment;
    const headers: HeaderList = [['User-Agent', product], ...reasonField(end)];
    sender.send({
      ...dialog.way,
      digest: this.digest,
      build: (via) => dialog.createRequest('BYE', via, { headers }),
      user: {
        onSuccess: () => undefined,
        onFailure: ({ status, reason }) => log.info('BYE not accepted', { status, reason }),
      },
    });
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
      case 'OPTIONS':
        this.reply(request, transaction, 200, {
          headers: this.environment.capabilities.optionsAnswer,
        });
        break;
      default:
        this.reply(request, transaction, 405, {
          headers: [['Allow', this.environment.capabilities.allow.join(', ')]],
        });
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

  #onQuestionSettled(outcome: QuestionOutcome): void {
    this.#question = undefined;
    if (outcome.kind === 'there') this.#answerAsked(true);
    else this.drop(outcome.status, outcome.reason);
  }

  #answerAsked(isThere: boolean): void {
    for (const resolve of this.#asked.splice(0)) resolve(isThere);
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

  /** RFC 6086 §4.2.2 for packages, none of which is served; RFC 5168 for key frames; keys. */
  #onInfo(request: SipRequest, transaction: ServerTransaction): void {
    if (request.has('Info-Package')) {
      this.reply(request, transaction, 469, {
        reason: 'Bad Info Package',
        headers: [['Recv-Info', '']],
      });
      return;
    }
    this.reply(request, transaction, 200);
    const type = request.contentType?.type ?? '';
    const key = readDtmf(type, request.bodyText);
    if (key) this.events.emit('key', key);
    if (request.bodyText.includes('picture_fast_update')) this.events.emit('pictureRequested');
  }

  /** RFC 4028 §7.4: by UPDATE where the peer serves it, otherwise by a re-INVITE that changes nothing. */
  #refresh(): void {
    const { dialog, environment, digest, timer, user } = this;
    if (this.#state !== 'confirmed' || !dialog) return;
    if (!this.#peerAllows.includes('UPDATE')) {
      void this.#renegotiator.request().then((agreed) => {
        if (!agreed) timer.refreshLater();
      });
    } else {
      new Update({ environment, dialog, digest, timer, user }, (outcome) =>
        this.#onUpdateOutcome(outcome),
      );
    }
  }

  #onUpdateOutcome(outcome: UpdateOutcome): void {
    switch (outcome) {
      case 'refreshed':
        break;
      case 'later':
        this.timer.refreshLater();
        break;
      case 'not-served':
        this.#peerAllows = [];
        this.#refresh();
        break;
      case 'gone':
        this.drop(408, 'session refresh is not answered');
        break;
    }
  }
}

/** RFC 3326: a BYE that nobody asked for says why. */
function reasonField(end: SessionEnd | undefined): HeaderList {
  if (!end || end.status === 200) return [];
  return [['Reason', `SIP;cause=${end.status};text=${quote(end.reason)}`]];
}
