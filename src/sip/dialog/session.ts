import { Emitter, randomFraction, randomToken } from '../../platform';
import type { DigestClient } from '../auth';
import { ALLOW, ALLOW_AND_SUPPORTED, OPTIONS_ANSWER, SDP } from '../capabilities';
import { createResponse, type NameAddr, type ResponseParts, type SipRequest } from '../message';
import type {
  DtmfKey,
  InviteSession,
  InviteSessionEvents,
  SessionEnd,
  SessionState,
} from '../session-api';
import type { ServerTransaction } from '../transaction';
import { type Flow, TransportException } from '../transport';
import { contactOn } from './contact';
import type { Dialog } from './dialog';
import type { Acknowledgement, DialogOwner } from './dialog-table';
import { dtmfRelay, readDtmf } from './dtmf-info';
import type { SessionEnvironment } from './environment';
import type { GuardedOffers } from './guarded-offers';
import { PendingSuccess } from './pending-success';
import { Question, type QuestionOutcome } from './question';
import { Reinvite, type ReinviteOutcome } from './reinvite';
import { Renegotiator, type RenegotiatorHost } from './renegotiator';
import { reply } from './reply';
import { warningField } from './warning';

export interface SessionParts {
  readonly environment: SessionEnvironment;
  readonly digest: DigestClient;
  readonly remote: NameAddr;
  /** User part of our Contact. */
  readonly user: string | undefined;
  /** The session does not count any more; what it still owes to its peer goes on. */
  readonly onEnded: (session: Session) => void;
}

/** How the 2xx that awaits its ACK came about. */
interface Unacknowledged {
  readonly success: PendingSuccess;
  /** It carries an offer, whose answer comes in the ACK. */
  readonly awaitsAnswer: boolean;
}

/**
 * What incoming and outgoing sessions have in common: the life of a confirmed dialog, RFC 3261 §12.2
 * (requests within it), §14 (re-INVITE) and §15 (BYE).
 */
export abstract class Session implements InviteSession, DialogOwner, RenegotiatorHost {
  abstract readonly direction: 'incoming' | 'outgoing';
  readonly id: string;
  readonly events: Emitter<InviteSessionEvents>;
  readonly remote: NameAddr;
  protected readonly environment: SessionEnvironment;
  protected readonly digest: DigestClient;
  protected readonly user: string | undefined;
  protected offers: GuardedOffers | undefined;
  /** The dialog that the session is, once it is known which one that is. */
  protected dialog: Dialog | undefined;
  readonly #onEnded: (session: Session) => void;
  readonly #renegotiator: Renegotiator;
  #state: SessionState = 'early';
  #unacknowledged: Unacknowledged | undefined;
  #question: Question | undefined;
  #asked: ((isThere: boolean) => void)[] = [];

  constructor({ environment, digest, remote, user, onEnded }: SessionParts) {
    const { clock, random, log } = environment;
    this.environment = environment;
    this.digest = digest;
    this.remote = remote;
    this.user = user;
    this.#onEnded = onEnded;
    this.id = randomToken(random, 64);
    this.events = new Emitter((error) => log.error('listener failed', { error: String(error) }));
    this.#renegotiator = new Renegotiator(clock, random, this);
  }

  abstract readonly localAddress: string;
  abstract readonly ownsCallId: boolean;
  protected abstract hangupEarly(): void;
  /** Ends the INVITE that has no final response yet; the session has ended by other means. */
  protected abstract endEarly(): void;
  /** Status for an INVITE that the peer sends before the first one is answered. */
  protected abstract readonly statusOfOverlap: 491 | 500;

  get state(): SessionState {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state === 'confirmed' && !this.#unacknowledged;
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

  readonly hasTimer = false;

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
        nextHop: dialog.nextHop,
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
    this.#unacknowledged?.success.acknowledge(ack);
  }

  sendReinvite(done: (outcome: ReinviteOutcome) => void): void {
    const { dialog, environment, digest, offers, user } = this;
    const offer = offers?.createOffer();
    if (!dialog || !offers || offer === undefined) done('refused');
    else new Reinvite({ environment, dialog, digest, offers, offer, user }, done);
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

  protected reply(
    request: SipRequest,
    transaction: ServerTransaction,
    status: number,
    parts: ResponseParts = {},
  ): void {
    reply(this.environment.product, request, transaction, status, parts);
  }

  protected contact(flow: Flow): { contact: NameAddr } | Record<string, never> {
    try {
      return { contact: contactOn(flow, this.user) };
    } catch (error) {
      if (!(error instanceof TransportException)) throw error;
      // The network went while the peer asked: an answer without Contact is better than none.
      return {};
    }
  }

  /** Sends 200 with `description` until its ACK comes; then `onAcknowledged` with the ACK's body. */
  protected succeed(
    request: SipRequest,
    transaction: ServerTransaction,
    parts: { description: string; awaitsAnswer: boolean; toTag?: string },
    onAcknowledged: (answer: string) => void,
  ): void {
    const { clock, timers, product } = this.environment;
    const response = createResponse(request, 200, {
      ...(parts.toTag === undefined ? {} : { toTag: parts.toTag }),
      ...this.contact(transaction.flow),
      headers: [...ALLOW_AND_SUPPORTED, ['Server', product]],
      body: { contentType: SDP, content: parts.description },
    });
    const success = new PendingSuccess(clock, timers, transaction, response, {
      onAcknowledged: (answer) => this.#onAcknowledged(() => onAcknowledged(answer)),
      onTimeout: () => this.#onNoAck(),
    });
    this.#unacknowledged = { success, awaitsAnswer: parts.awaitsAnswer };
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
    this.#renegotiator.stop();
    this.#question?.stop();
    this.#answerAsked(false);
    this.#onEnded(this);
    this.events.emit('ended', end);
  }

  /** Forgets the dialog. */
  protected release(): void {
    this.#unacknowledged?.success.stop();
    this.#unacknowledged = undefined;
    if (this.dialog) this.environment.dialogs.remove(this.dialog);
  }

  protected endWithBye(end: SessionEnd): void {
    if (this.dialog) this.sendBye(this.dialog);
    this.finish(end);
    this.release();
  }

  /** §15.1.1: the session is over when the BYE goes out, whatever is answered. */
  protected sendBye(dialog: Dialog): void {
    const { sender, product, log } = this.environment;
    sender.send({
      nextHop: dialog.nextHop,
      digest: this.digest,
      build: (via) => dialog.createRequest('BYE', via, { headers: [['User-Agent', product]] }),
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
      case 'INFO':
        this.#onInfo(request, transaction);
        break;
      case 'OPTIONS':
        this.reply(request, transaction, 200, { headers: OPTIONS_ANSWER });
        break;
      default:
        this.reply(request, transaction, 405, { headers: [['Allow', ALLOW.join(', ')]] });
    }
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

  /** §14.2. */
  #onReinvite(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const unacknowledged = this.#unacknowledged;
    if (this.#state === 'early') {
      this.reply(request, transaction, this.statusOfOverlap, { headers: this.#retrySoon() });
    } else if (this.#renegotiator.isSending || unacknowledged?.awaitsAnswer) {
      this.reply(request, transaction, 491);
    } else {
      // Who sends the next INVITE has had the 2xx of the last one: only its ACK was lost.
      unacknowledged?.success.presumeAcknowledged();
      if (request.body.length > 0) this.#onOffer(request, transaction, dialog);
      else this.#onOfferWanted(request, transaction, dialog);
    }
  }

  /** §14.2: Retry-After with 500 is a random value of up to ten seconds. */
  #retrySoon(): readonly (readonly [string, number])[] {
    if (this.statusOfOverlap === 491) return [];
    return [['Retry-After', Math.floor(randomFraction(this.environment.random) * 11)]];
  }

  #onOffer(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const outcome = this.offers?.handleOffer(request.bodyText) ?? { status: 500 };
    if (!('answer' in outcome)) {
      const { status, reason, warning } = outcome;
      const headers = warningField(this.environment.product, warning);
      const parts = { headers, ...(reason === undefined ? {} : { reason }) };
      this.reply(request, transaction, status, parts);
      return;
    }
    dialog.refreshTarget(request);
    const parts = { description: outcome.answer, awaitsAnswer: false };
    this.succeed(request, transaction, parts, () => undefined);
    this.events.emit('renegotiated');
  }

  /** A re-INVITE without description wants our offer, RFC 3261 §14.2. */
  #onOfferWanted(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const description = this.offers?.createOffer();
    if (description === undefined) {
      this.reply(request, transaction, 500);
      return;
    }
    dialog.refreshTarget(request);
    this.succeed(request, transaction, { description, awaitsAnswer: true }, (answer) => {
      if (this.offers?.handleAnswer(answer)) this.events.emit('renegotiated');
      else this.endWithBye({ by: 'local', status: 488, reason: 'answer cannot be used' });
    });
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

  #onAcknowledged(proceed: () => void): void {
    this.#unacknowledged = undefined;
    if (this.#state === 'ended') {
      if (this.dialog) this.sendBye(this.dialog);
      this.release();
      return;
    }
    proceed();
    this.#renegotiator.proceed();
  }

  /** §13.3.1.4: without ACK the dialog is confirmed and the session is to be ended. */
  #onNoAck(): void {
    this.#unacknowledged = undefined;
    this.endWithBye({ by: 'network', status: 408, reason: 'no ACK' });
  }
}
