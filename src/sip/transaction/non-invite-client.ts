import type { SipResponse } from '../message';
import { type ClientEffect, type ClientInput, type ClientMachine, NOTHING } from './machine';
import { type TimerSet, transactionTimeout } from './timers';

export type NonInviteClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

/** Client transaction of every method but INVITE and ACK, RFC 3261 §17.1.2. */
export class NonInviteClientMachine implements ClientMachine {
  #state: NonInviteClientState = 'trying';
  #timerE: number;
  readonly #timers: TimerSet;
  readonly #reliable: boolean;

  constructor(timers: TimerSet, reliable: boolean) {
    this.#timers = timers;
    this.#reliable = reliable;
    this.#timerE = timers.t1;
  }

  get state(): NonInviteClientState {
    return this.#state;
  }

  step(input: ClientInput): readonly ClientEffect[] {
    switch (this.#state) {
      case 'trying':
        return this.#trying(input);
      case 'proceeding':
        return this.#proceeding(input);
      case 'completed':
        return this.#completed(input);
      case 'terminated':
        return NOTHING;
    }
  }

  #trying(input: ClientInput): readonly ClientEffect[] {
    switch (input.kind) {
      // §17.1.2.2: on entry the request is sent; F always, E over unreliable transports.
      case 'start': {
        const timerF = transactionTimeout(this.#timers);
        const effects: ClientEffect[] = [
          { kind: 'send-request' },
          { kind: 'set-timer', timer: 'F', delayMs: timerF },
        ];
        if (!this.#reliable) {
          effects.push({ kind: 'set-timer', timer: 'E', delayMs: this.#timerE });
        }
        return effects;
      }
      case 'response':
        return this.#response(input.response);
      case 'timer':
        // §17.1.2.2: E doubles up to T2.
        if (input.timer === 'E') {
          return this.#retransmit(Math.min(2 * this.#timerE, this.#timers.t2));
        }
        return this.#fail('timeout', 'no final response');
      case 'transport-error':
        return this.#fail('transport', input.detail);
    }
  }

  #proceeding(input: ClientInput): readonly ClientEffect[] {
    switch (input.kind) {
      case 'response':
        return this.#response(input.response);
      case 'timer':
        // §17.1.2.2: in Proceeding E goes on at T2.
        if (input.timer === 'E') return this.#retransmit(this.#timers.t2);
        return this.#fail('timeout', 'no final response');
      case 'transport-error':
        return this.#fail('transport', input.detail);
      case 'start':
        return NOTHING;
    }
  }

  #completed(input: ClientInput): readonly ClientEffect[] {
    // §17.1.2.2: K absorbs retransmitted responses.
    return input.kind === 'timer' && input.timer === 'K' ? this.#end() : NOTHING;
  }

  /** Trying and Proceeding treat responses alike, §17.1.2.2. */
  #response(response: SipResponse): readonly ClientEffect[] {
    const deliver: ClientEffect = { kind: 'deliver', response };
    if (response.status < 200) {
      this.#state = 'proceeding';
      return [deliver];
    }
    this.#state = 'completed';
    return [
      { kind: 'clear-timer', timer: 'E' },
      { kind: 'clear-timer', timer: 'F' },
      { kind: 'set-timer', timer: 'K', delayMs: this.#reliable ? 0 : this.#timers.t4 },
      deliver,
    ];
  }

  #retransmit(nextMs: number): readonly ClientEffect[] {
    this.#timerE = nextMs;
    return [{ kind: 'resend-request' }, { kind: 'set-timer', timer: 'E', delayMs: nextMs }];
  }

  #fail(failure: 'timeout' | 'transport', detail: string): readonly ClientEffect[] {
    return [{ kind: 'fail', failure, detail }, ...this.#end()];
  }

  #end(): readonly ClientEffect[] {
    this.#state = 'terminated';
    return [{ kind: 'end' }];
  }
}
