import type { Clock, Timer } from '../../platform';
import type { Acknowledgement } from '../dialog';
import type { SipResponse } from '../message';
import { type ServerTransaction, type TimerSet, transactionTimeout } from '../transaction';

/** What becomes of a 2xx that awaits its ACK. */
export interface PendingSuccessUser {
  /** With the ACK's body. */
  onAcknowledged(answer: string): void;
  /** No ACK within 64*T1. */
  onTimeout(): void;
}

/** The UAS's 2xx to INVITE, sent again until its ACK comes: RFC 3261 §13.3.1.4. */
export class PendingSuccess {
  readonly #clock: Clock;
  readonly #timers: TimerSet;
  readonly #transaction: ServerTransaction;
  readonly #response: SipResponse;
  readonly #user: PendingSuccessUser;
  #repeat: Timer;
  readonly #limit: Timer;

  constructor(
    clock: Clock,
    timers: TimerSet,
    transaction: ServerTransaction,
    response: SipResponse,
    user: PendingSuccessUser,
  ) {
    this.#clock = clock;
    this.#timers = timers;
    this.#transaction = transaction;
    this.#response = response;
    this.#user = user;
    transaction.respond(response);
    this.#repeat = this.#repeatAfter(timers.t1);
    this.#limit = clock.setTimer(transactionTimeout(timers), () => {
      this.stop();
      user.onTimeout();
    });
  }

  /** Takes an ACK; false when it acknowledges something else. */
  acknowledge({ sequence, answer }: Acknowledgement): boolean {
    if (sequence !== this.#response.cseq.sequence) return false;
    this.stop();
    this.#user.onAcknowledged(answer);
    return true;
  }

  /** The peer shows by what it does that it has the 2xx. */
  presumeAcknowledged(): void {
    this.stop();
    this.#user.onAcknowledged('');
  }

  stop(): void {
    this.#repeat.cancel();
    this.#limit.cancel();
  }

  /** T1, doubling up to T2, over reliable transports too: an ACK is lost end to end. */
  #repeatAfter(delayMs: number): Timer {
    return this.#clock.setTimer(delayMs, () => {
      this.#transaction.repeat(this.#response);
      this.#repeat = this.#repeatAfter(Math.min(2 * delayMs, this.#timers.t2));
    });
  }
}
