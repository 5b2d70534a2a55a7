import { type SipRequest, type SipResponse, serializeMessage } from '../message';
import type { Flow } from '../transport';
import type { TransactionEnvironment } from './environment';
import { InviteServerMachine } from './invite-server';
import type { ServerEffect, ServerInput, ServerMachine, TransactionFailure } from './machine';
import { NonInviteServerMachine } from './non-invite-server';
import { TimerBank } from './timer-bank';

/** What an INVITE server transaction tells the one who answers it. */
export interface ServerTransactionUser {
  /** Tag of the responses, for that of the CANCEL as well (RFC 3261 §9.2). */
  readonly localTag: string;
  /** The caller sent CANCEL (RFC 3261 §9.2). */
  onCancel(): void;
  /** Timer H: no ACK came to the refusal; or the transport could not send. */
  onFailure(failure: TransactionFailure, detail: string): void;
}

/**
 * A server machine with its timers and the flow its responses go to. It keeps the last response
 * and not the request: most transactions only wait for their timer, and there may be thousands.
 */
export class ServerTransaction {
  /** Set by whoever wants to know. */
  user: ServerTransactionUser | undefined;
  readonly #environment: TransactionEnvironment;
  /** Where responses go. */
  readonly flow: Flow;
  readonly #machine: ServerMachine;
  readonly #timers: TimerBank;
  readonly #onEnd: () => void;
  #lastBytes: Uint8Array | undefined;
  #finalToTag: string | undefined;

  constructor(
    environment: TransactionEnvironment,
    request: SipRequest,
    flow: Flow,
    onEnd: () => void,
  ) {
    this.#environment = environment;
    this.flow = flow;
    this.#onEnd = onEnd;
    const Machine = request.method === 'INVITE' ? InviteServerMachine : NonInviteServerMachine;
    this.#machine = new Machine(environment.timers, flow.reliable);
    this.#timers = new TimerBank(environment.clock, (timer) =>
      this.#step({ kind: 'timer', timer }),
    );
  }

  /** To tag of the final response, once there is one. */
  get finalToTag(): string | undefined {
    return this.#finalToTag;
  }

  get state(): string {
    return this.#machine.state;
  }

  respond(response: SipResponse): void {
    if (response.isFinal) {
      this.#finalToTag = response.to.tag;
    }
    // Behind a 2xx nothing is left to tell, and a session is not to be kept for that.
    if (response.isSuccess) this.user = undefined;
    this.#step({ kind: 'respond', response });
  }

  /** The 2xx to INVITE once more, RFC 3261 §13.3.1.4: its user's affair, RFC 6026 §7.1. */
  repeatSuccess(response: SipResponse): void {
    this.#environment.counters.retransmissions++;
    this.#step({ kind: 'respond', response });
  }

  /** The same request once more. */
  repeated(): void {
    this.#step({ kind: 'retransmission' });
  }

  /** False when this ACK is not of this transaction's final response (RFC 3261 §17.2.3). */
  acknowledged(ack: SipRequest): boolean {
    const isOurs = ack.topVia.hasRfc3261Branch || ack.to.tag === this.#finalToTag;
    if (isOurs) this.#step({ kind: 'ack' });
    return isOurs;
  }

  abandon(): void {
    this.#timers.clearAll();
    this.user = undefined;
    this.#onEnd();
  }

  #step(input: ServerInput): void {
    for (const effect of this.#machine.step(input)) this.#perform(effect);
  }

  #perform(effect: ServerEffect): void {
    switch (effect.kind) {
      case 'send-response':
        this.#lastBytes = serializeMessage(effect.response);
        this.#send();
        break;
      case 'resend-response':
        this.#environment.counters.retransmissions++;
        this.#send();
        break;
      case 'fail':
        this.user?.onFailure(effect.failure, effect.detail);
        break;
      case 'set-timer':
        this.#timers.set(effect.timer, effect.delayMs);
        break;
      case 'clear-timer':
        this.#timers.clear(effect.timer);
        break;
      case 'end':
        this.abandon();
        break;
    }
  }

  #send(): void {
    if (!this.#lastBytes) return;
    this.flow.send(this.#lastBytes, (error) =>
      this.#step({ kind: 'transport-error', detail: error.message }),
    );
  }
}
