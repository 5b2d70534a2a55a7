import type { SipResponse } from '../message';
import { NOTHING, type ServerEffect, type ServerInput, type ServerMachine } from './machine';
import { type TimerSet, transactionTimeout } from './timers';

export type InviteServerState =
  | 'proceeding'
  | 'accepted'
  | 'completed'
  | 'confirmed'
  | 'terminated';

/** INVITE server transaction, RFC 3261 §17.2.1 with RFC 6026 §8.5. */
export class InviteServerMachine implements ServerMachine {
  #state: InviteServerState = 'proceeding';
  #answered = false;
  #timerG: number;
  readonly #timers: TimerSet;
  readonly #reliable: boolean;

  constructor(timers: TimerSet, reliable: boolean) {
    this.#timers = timers;
    this.#reliable = reliable;
    this.#timerG = timers.t1;
  }

  get state(): InviteServerState {
    return this.#state;
  }

  step(input: ServerInput): readonly ServerEffect[] {
    switch (this.#state) {
      case 'proceeding':
        return this.#proceeding(input);
      case 'accepted':
        return this.#accepted(input);
      case 'completed':
        return this.#completed(input);
      case 'confirmed':
        return this.#confirmed(input);
      case 'terminated':
        return NOTHING;
    }
  }

  #proceeding(input: ServerInput): readonly ServerEffect[] {
    switch (input.kind) {
      // §17.2.1: a retransmitted INVITE gets the latest provisional response again.
      case 'retransmission':
        return this.#answered ? [{ kind: 'resend-response' }] : NOTHING;
      case 'respond':
        return this.#respond(input.response);
      // RFC 6026 §8.8: the user learns of it, the state stays until its timers end it.
      case 'transport-error':
        return [transportFailure(input.detail)];
      case 'ack':
      case 'timer':
        return NOTHING;
    }
  }

  #respond(response: SipResponse): readonly ServerEffect[] {
    this.#answered = true;
    const send: ServerEffect = { kind: 'send-response', response };
    if (response.status < 200) return [send];
    const timeout = transactionTimeout(this.#timers);
    // RFC 6026 §7.1: 2xx leads to Accepted; L limits how long its user may repeat it.
    if (response.status < 300) {
      this.#state = 'accepted';
      return [send, { kind: 'set-timer', timer: 'L', delayMs: timeout }];
    }
    // §17.2.1: 300-699 is repeated by G (unreliable transports) until the ACK or H.
    this.#state = 'completed';
    const effects: ServerEffect[] = [send, { kind: 'set-timer', timer: 'H', delayMs: timeout }];
    if (!this.#reliable) effects.push({ kind: 'set-timer', timer: 'G', delayMs: this.#timerG });
    return effects;
  }

  #accepted(input: ServerInput): readonly ServerEffect[] {
    switch (input.kind) {
      // RFC 6026 §7.1: only a 2xx from the user goes out; retransmitted INVITEs are absorbed.
      case 'respond':
        return input.response.status >= 200 && input.response.status < 300
          ? [{ kind: 'send-response', response: input.response }]
          : NOTHING;
      case 'timer':
        return input.timer === 'L' ? this.#end() : NOTHING;
      case 'transport-error':
        return [transportFailure(input.detail)];
      // The ACK of a 2xx is the dialog's, not this transaction's.
      case 'ack':
      case 'retransmission':
        return NOTHING;
    }
  }

  #completed(input: ServerInput): readonly ServerEffect[] {
    switch (input.kind) {
      case 'retransmission':
        return [{ kind: 'resend-response' }];
      // §17.2.1: the ACK stops G; I absorbs further ACKs.
      case 'ack':
        this.#state = 'confirmed';
        return [
          { kind: 'clear-timer', timer: 'G' },
          { kind: 'clear-timer', timer: 'H' },
          { kind: 'set-timer', timer: 'I', delayMs: this.#reliable ? 0 : this.#timers.t4 },
        ];
      case 'timer':
        // §17.2.1: G doubles up to T2.
        if (input.timer === 'G') {
          this.#timerG = Math.min(2 * this.#timerG, this.#timers.t2);
          return [
            { kind: 'resend-response' },
            { kind: 'set-timer', timer: 'G', delayMs: this.#timerG },
          ];
        }
        // §17.2.1: H fires in Completed: the ACK never came.
        return [
          { kind: 'fail', failure: 'timeout', detail: 'no ACK to the final response' },
          ...this.#end(),
        ];
      case 'transport-error':
        return [transportFailure(input.detail)];
      case 'respond':
        return NOTHING;
    }
  }

  #confirmed(input: ServerInput): readonly ServerEffect[] {
    return input.kind === 'timer' && input.timer === 'I' ? this.#end() : NOTHING;
  }

  #end(): readonly ServerEffect[] {
    this.#state = 'terminated';
    return [{ kind: 'end' }];
  }
}

function transportFailure(detail: string): ServerEffect {
  return { kind: 'fail', failure: 'transport', detail };
}
