import type { SipRequest, SipResponse } from '../message';
import type { SessionEnvironment } from './environment';
import { Renegotiator, type RenegotiatorHost } from './renegotiator';
import { type RefresherHost, SessionRefresher } from './session-refresher';
import type { SessionTimer } from './session-timer';
import { type RefreshOutcome, TargetRefresh, type TargetRefreshParts } from './target-refresh';

/** The session that is changed and refreshed by us. */
export interface TargetRefreshesHost {
  /** Confirmed and no INVITE of the peer in progress (RFC 3261 §14.1), or `isEarly` and open to UPDATE. */
  readonly isReady: boolean;
  readonly isOver: boolean;
  readonly isEarly: boolean;
  /** Whether the Call-ID is ours: then we wait longer after a glare. */
  readonly ownsCallId: boolean;
  /** For one that goes out now; undefined before there is a dialog. */
  refreshParts(): Omit<TargetRefreshParts, 'offer' | 'method'> | undefined;
  /** Our offer, for a re-INVITE. */
  newOffer(): TargetRefreshParts['offer'];
  onRenegotiated(): void;
  onUnusableAnswer(): void;
  /** §12.2.1.2: 481, 408 and silence end the dialog. */
  onGone(reason: string): void;
}

/** Target refresh requests of ours: re-INVITEs in their turn, and refreshes of the session timer. */
export class TargetRefreshes implements RenegotiatorHost, RefresherHost {
  readonly #host: TargetRefreshesHost;
  readonly #renegotiator: Renegotiator;
  readonly #refresher: SessionRefresher;

  constructor(
    { clock, random }: SessionEnvironment,
    timer: SessionTimer,
    host: TargetRefreshesHost,
  ) {
    this.#host = host;
    this.#renegotiator = new Renegotiator(clock, random, this);
    this.#refresher = new SessionRefresher(timer, this);
  }

  get isReady(): boolean {
    return this.#host.isReady;
  }

  get ownsCallId(): boolean {
    return this.#host.ownsCallId;
  }

  /** An offer of ours awaits its answer. */
  get isOffering(): boolean {
    return this.#renegotiator.isSending;
  }

  renegotiate(): Promise<boolean> {
    return this.#renegotiator.request();
  }

  /** What stood in the way of a re-INVITE may be gone. */
  proceed(): void {
    this.#renegotiator.proceed();
  }

  /** Of the session timer. */
  refresh(): void {
    this.#refresher.refresh();
  }

  /** What the peer tells of itself in what makes the dialog. */
  notePeer(message: SipRequest | SipResponse): void {
    this.#refresher.notePeer(message);
  }

  stop(): void {
    this.#renegotiator.stop();
  }

  /** Before the INVITE is answered a description is changed by UPDATE (RFC 3311 §5.1). */
  sendOffer(done: (outcome: RefreshOutcome) => void): void {
    const parts = this.#host.refreshParts();
    const offer = parts && this.#host.newOffer();
    const method = this.#host.isEarly ? 'UPDATE' : 'INVITE';
    if (parts && offer) new TargetRefresh({ ...parts, method, offer }, done);
    else done('refused');
  }

  sendUpdate(done: (outcome: RefreshOutcome) => void): void {
    const parts = this.#host.refreshParts();
    if (parts) new TargetRefresh({ ...parts, method: 'UPDATE' }, done);
  }

  onGone(): void {
    this.#host.onGone('session refresh is not answered');
  }

  onOutcome(outcome: Exclude<RefreshOutcome, 'glare'>): void {
    if (this.#host.isOver) return;
    switch (outcome) {
      case 'agreed':
        this.#host.onRenegotiated();
        break;
      case 'refused':
      case 'not-served':
        break;
      case 'unusable':
        this.#host.onUnusableAnswer();
        break;
      case 'gone':
        this.#host.onGone('peer does not answer any more');
        break;
    }
  }
}
