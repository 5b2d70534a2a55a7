import type { Timer } from '../../platform';
import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import type { SipRequest, Via } from '../message';
import type { RequestFailure } from '../request';
import { transactionTimeout } from '../transaction';
import type { Flow } from '../transport';
import type { SessionEnvironment } from './environment';
import { PortWatch } from './port-watch';

type QuestionOutcome =
  | { readonly kind: 'there' }
  | { readonly kind: 'gone'; readonly status: number; readonly reason: string };

/** Wait before OPTIONS that could not be sent is tried again, ms. */
const RETRY_MS = 2000;

/**
 * Whether the peer still knows the dialog, asked by OPTIONS within it (RFC 3261 §11, §12.2.1.2). Every
 * answer but 408 and 481 is one of somebody who is there, a refusal too. A network of our own that is
 * away for less than 64*T1 proves nothing.
 */
class Question {
  readonly #environment: SessionEnvironment;
  readonly #dialog: Dialog;
  readonly #digest: DigestClient;
  readonly #done: (outcome: QuestionOutcome) => void;
  readonly #askedAt: number;
  readonly #port: PortWatch;
  #retry: Timer | undefined;
  #isOver = false;

  constructor(
    environment: SessionEnvironment,
    dialog: Dialog,
    digest: DigestClient,
    onPortClosed: () => void,
    done: (outcome: QuestionOutcome) => void,
  ) {
    this.#environment = environment;
    this.#dialog = dialog;
    this.#digest = digest;
    this.#done = done;
    this.#askedAt = environment.clock.now();
    this.#port = new PortWatch(environment.clock, onPortClosed);
    this.#send();
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#isOver = true;
    this.#retry?.cancel();
    this.#port.stop();
  }

  /** All places where it may be share the time of one request. */
  #send(): void {
    const { sender, timers } = this.#environment;
    sender.send({
      ...this.#dialog.way,
      digest: this.#digest,
      patienceMs: transactionTimeout(timers),
      build: (via, flow) => this.#build(via, flow),
      user: {
        onSuccess: () => this.#settle({ kind: 'there' }),
        onFailure: (failure) => this.#onFailure(failure),
      },
    });
  }

  #build(via: Via, flow: Flow): SipRequest {
    this.#port.watch(flow);
    const headers = [['User-Agent', this.#environment.product]] as const;
    return this.#dialog.createRequest('OPTIONS', via, { headers });
  }

  #onFailure({ cause, status, reason }: RequestFailure): void {
    if (this.#isOver) return;
    switch (cause) {
      case 'response': {
        const isGone = status === 408 || status === 481;
        this.#settle(isGone ? { kind: 'gone', status, reason } : { kind: 'there' });
        break;
      }
      case 'timeout':
        this.#settle({ kind: 'gone', status: 408, reason: 'OPTIONS is not answered' });
        break;
      case 'transport':
      case 'unsent':
        this.#onNotSent(reason);
        break;
    }
  }

  #onNotSent(reason: string): void {
    const { clock, timers } = this.#environment;
    if (clock.now() - this.#askedAt >= transactionTimeout(timers)) {
      this.#settle({ kind: 'gone', status: 408, reason: `OPTIONS cannot be sent: ${reason}` });
    } else this.#retry = clock.setTimer(RETRY_MS, () => this.#send());
  }

  #settle(outcome: QuestionOutcome): void {
    if (this.#isOver) return;
    this.stop();
    this.#done(outcome);
  }
}

export interface PeerCheckListener {
  /** It ends the session, which stops the check. */
  onGone(status: number, reason: string): void;
  /** Not answered yet, and the port that was asked is closed, as it seems. */
  onPortClosed(): void;
}

/** Whoever asks while a question is on its way gets the answer to that one. */
export class PeerCheck {
  readonly #listener: PeerCheckListener;
  #question: Question | undefined;
  #waiting: ((isThere: boolean) => void)[] = [];

  constructor(listener: PeerCheckListener) {
    this.#listener = listener;
  }

  ask(environment: SessionEnvironment, dialog: Dialog, digest: DigestClient): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#question ??= new Question(
        environment,
        dialog,
        digest,
        () => this.#listener.onPortClosed(),
        (outcome) => this.#onSettled(outcome),
      );
    });
  }

  /** The session has ended, for this or another reason. */
  stop(): void {
    this.#question?.stop();
    this.#answer(false);
  }

  #onSettled(outcome: QuestionOutcome): void {
    this.#question = undefined;
    if (outcome.kind === 'there') this.#answer(true);
    else this.#listener.onGone(outcome.status, outcome.reason);
  }

  #answer(isThere: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(isThere);
  }
}
