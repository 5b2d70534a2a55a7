import type { Timer } from '../../platform';
import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import type { RequestFailure } from '../request';
import { transactionTimeout } from '../transaction';
import type { SessionEnvironment } from './environment';

export type QuestionOutcome =
  | { readonly kind: 'there' }
  | { readonly kind: 'gone'; readonly status: number; readonly reason: string };

/** Wait before OPTIONS that could not be sent is tried again, ms. */
const RETRY_MS = 2000;

/**
 * Whether the peer still knows the dialog, asked by OPTIONS within it (RFC 3261 §11, §12.2.1.2). Every
 * answer but 408 and 481 is one of somebody who is there, a refusal too. A network of our own that is
 * away for less than 64*T1 proves nothing.
 */
export class Question {
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
