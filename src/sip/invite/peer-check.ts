import type { Timer } from '../../platform';
import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import type { RequestFailure } from '../request';
import { transactionTimeout } from '../transaction';
import type { SessionEnvironment } from './environment';

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
  #retry: Timer | undefined;
  #isOver = false;

  constructor(
    environment: SessionEnvironment,
    dialog: Dialog,
    digest: DigestClient,
    done: (outcome: QuestionOutcome) => void,
  ) {
    this.#environment = environment;
    this.#dialog = dialog;
    this.#digest = digest;
    this.#done = done;
    this.#askedAt = environment.clock.now();
    this.#send();
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#isOver = true;
    this.#retry?.cancel();
  }

  #send(): void {
    const { sender, product } = this.#environment;
    sender.send({
      ...this.#dialog.way,
      digest: this.#digest,
      build: (via) =>
        this.#dialog.createRequest('OPTIONS', via, { headers: [['User-Agent', product]] }),
      user: {
        onSuccess: () => this.#settle({ kind: 'there' }),
        onFailure: (failure) => this.#onFailure(failure),
      },
    });
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
    this.#isOver = true;
    this.#done(outcome);
  }
}

/** Whoever asks while a question is on its way gets the answer to that one. */
export class PeerCheck {
  readonly #onGone: (status: number, reason: string) => void;
  #question: Question | undefined;
  #waiting: ((isThere: boolean) => void)[] = [];

  /** `onGone`: it ends the session, which stops this. */
  constructor(onGone: (status: number, reason: string) => void) {
    this.#onGone = onGone;
  }

  ask(environment: SessionEnvironment, dialog: Dialog, digest: DigestClient): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#question ??= new Question(environment, dialog, digest, (outcome) =>
        this.#onSettled(outcome),
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
    else this.#onGone(outcome.status, outcome.reason);
  }

  #answer(isThere: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(isThere);
  }
}
