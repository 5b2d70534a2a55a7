import type { Timer } from '../../platform';
import type { SipResponse } from '../message';
import { type ServerTransaction, transactionTimeout } from '../transaction';
import type { SessionEnvironment } from './environment';

/**
 * A response that is sent again until the far end itself acknowledges it, over reliable transports too,
 * as it may be lost behind them: the 2xx to INVITE by ACK (RFC 3261 §13.3.1.4), a reliable provisional one
 * by PRACK (RFC 3262 §3).
 */
export class RepeatedResponse {
  readonly response: SipResponse;
  readonly #environment: SessionEnvironment;
  readonly #transaction: ServerTransaction;
  readonly #longestMs: number;
  #repeat: Timer;
  readonly #limit: Timer;

  /**
   * Sends it.
   * @param longestMs between two of them; from T1 on each time is twice the one before.
   * @param onTimeout nothing came within 64*T1.
   */
  constructor(
    environment: SessionEnvironment,
    transaction: ServerTransaction,
    response: SipResponse,
    longestMs: number,
    onTimeout: () => void,
  ) {
    const { clock, timers } = environment;
    this.response = response;
    this.#environment = environment;
    this.#transaction = transaction;
    this.#longestMs = longestMs;
    transaction.respond(response);
    this.#repeat = this.#repeatAfter(timers.t1);
    this.#limit = clock.setTimer(transactionTimeout(timers), () => {
      this.stop();
      onTimeout();
    });
  }

  /** It is repeated no more; what acknowledges it may still come. */
  stop(): void {
    this.#repeat.cancel();
    this.#limit.cancel();
  }

  #repeatAfter(delayMs: number): Timer {
    return this.#environment.clock.setTimer(delayMs, () => {
      this.#transaction.repeat(this.response);
      this.#repeat = this.#repeatAfter(Math.min(2 * delayMs, this.#longestMs));
    });
  }
}
