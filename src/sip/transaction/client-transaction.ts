import { type SipRequest, type SipResponse, serializeMessage } from '../message';
import type { Flow } from '../transport';
import { createAckOfFailure } from './derived-requests';
import type { TransactionEnvironment } from './environment';
import { InviteClientMachine } from './invite-client';
import type { ClientEffect, ClientInput, ClientMachine, TransactionFailure } from './machine';
import { NonInviteClientMachine } from './non-invite-client';
import { TimerBank } from './timer-bank';

/** What a client transaction tells the one who asked. */
export interface ClientTransactionUser {
  /** Every provisional response, the final one, and for INVITE each 2xx (RFC 6026 §7.2). */
  onResponse(response: SipResponse): void;
  /** No final response will come. */
  onFailure(failure: TransactionFailure, detail: string): void;
}

/** Of one transaction with its machine and timers; and what a request is kept as, measured. */
const FIXED_BYTES = 1500;
const KEPT_TIMES = 4;

/** A client machine with its timers and its flow. */
export class ClientTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #environment: TransactionEnvironment;
  readonly #user: ClientTransactionUser;
  readonly #machine: ClientMachine;
  readonly #timers: TimerBank;
  readonly #onEnd: () => void;
  readonly #requestBytes: Uint8Array;
  #stopListening: () => void = () => undefined;
  readonly #charged: number;
  #isOver = false;
  #ackBytes: Uint8Array | undefined;

  constructor(
    environment: TransactionEnvironment,
    request: SipRequest,
    flow: Flow,
    user: ClientTransactionUser,
    onEnd: () => void,
  ) {
    this.#environment = environment;
    this.request = request;
    this.flow = flow;
    this.#user = user;
    this.#onEnd = onEnd;
    this.#requestBytes = serializeMessage(request);
    this.#charged = FIXED_BYTES + KEPT_TIMES * this.#requestBytes.length;
    environment.budget.charge(this.#charged);
    const Machine = request.method === 'INVITE' ? InviteClientMachine : NonInviteClientMachine;
    this.#machine = new Machine(environment.timers, flow.reliable);
    this.#timers = new TimerBank(environment.clock, (timer) => this.step({ kind: 'timer', timer }));
  }

  /** Sends the request. What it goes over may close before anything comes back (RFC 3261 §18.4). */
  start(): void {
    this.step({ kind: 'start' });
    if (this.#isOver) return;
    this.#stopListening = this.flow.onClosed(({ message }) =>
      this.step({ kind: 'transport-error', detail: message }),
    );
  }

  step(input: ClientInput): void {
    for (const effect of this.#machine.step(input)) this.#perform(effect);
  }

  /** Its answer may still come. */
  stopRepeating(): void {
    this.#timers.clear('E');
  }

  /** Ends at once and tells nobody. */
  abandon(): void {
    this.#timers.clearAll();
    this.#stopListening();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#environment.budget.release(this.#charged);
    this.#onEnd();
  }

  #perform(effect: ClientEffect): void {
    switch (effect.kind) {
      case 'send-request':
        this.#send(this.#requestBytes);
        break;
      case 'resend-request':
        this.#environment.counters.retransmissions++;
        this.#send(this.#requestBytes);
        break;
      case 'send-ack':
        if (this.#ackBytes) this.#environment.counters.retransmissions++;
        this.#ackBytes ??= serializeMessage(createAckOfFailure(this.request, effect.response));
        this.#send(this.#ackBytes);
        break;
      case 'deliver':
        this.#user.onResponse(effect.response);
        break;
      case 'fail':
        // A connection that brings nothing back may be dead without knowing it.
        if (effect.failure === 'timeout') this.flow.abandon();
        this.#user.onFailure(effect.failure, effect.detail);
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

  #send(bytes: Uint8Array): void {
    this.flow.send(bytes, (error) => this.step({ kind: 'transport-error', detail: error.message }));
  }
}
