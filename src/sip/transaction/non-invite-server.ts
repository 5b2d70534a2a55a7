import { NOTHING, type ServerEffect, type ServerInput, type ServerMachine } from './machine';
import { type TimerSet, transactionTimeout } from './timers';

export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

/** Server transaction of every method but INVITE and ACK, RFC 3261 §17.2.2. */
export class NonInviteServerMachine implements ServerMachine {
  #state: NonInviteServerState = 'trying';
  readonly #timers: TimerSet;
  readonly #reliable: boolean;

  constructor(timers: TimerSet, reliable: boolean) {
    this.#timers = timers;
    this.#reliable = reliable;
  }

  get state(): NonInviteServerState {
    return this.#state;
  }

  step(input: ServerInput): readonly ServerEffect[] {
    switch (this.#state) {
      case 'trying':
      case 'proceeding':
        return this.#unanswered(input);
      case 'completed':
        return this.#completed(input);
      case 'terminated':
        return NOTHING;
    }
  }

  #unanswered(input: ServerInput): readonly ServerEffect[] {
    switch (input.kind) {
      // §17.2.2: discarded in Trying, answered by the latest provisional in Proceeding.
      case 'retransmission':
        return this.#state === 'proceeding' ? [{ kind: 'resend-response' }] : NOTHING;
      case 'respond': {
        const send: ServerEffect = { kind: 'send-response', response: input.response };
        if (input.response.status < 200) {
          this.#state = 'proceeding';
          return [send];
        }
        // §17.2.2: J absorbs retransmissions over unreliable transports.
        this.#state = 'completed';
        const delayMs = this.#reliable ? 0 : transactionTimeout(this.#timers);
        return [send, { kind: 'set-timer', timer: 'J', delayMs }];
      }
      case 'transport-error':
        return [{ kind: 'fail', failure: 'transport', detail: input.detail }];
      case 'ack':
      case 'timer':
        return NOTHING;
    }
  }

  #completed(input: ServerInput): readonly ServerEffect[] {
    switch (input.kind) {
      case 'retransmission':
        return [{ kind: 'resend-response' }];
      case 'timer':
        if (input.timer !== 'J') return NOTHING;
        this.#state = 'terminated';
        return [{ kind: 'end' }];
      case 'transport-error':
        return [{ kind: 'fail', failure: 'transport', detail: input.detail }];
      case 'ack':
      case 'respond':
        return NOTHING;
    }
  }
}
