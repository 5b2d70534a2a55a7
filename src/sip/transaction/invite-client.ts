import type { SipResponse } from '../message';
import { type ClientEffect, type ClientInput, type ClientMachine, NOTHING } from './machine';
import { type TimerSet, transactionTimeout } from './timers';

export type InviteClientState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

/** Timer D over UDP, RFC 3261 §17.1.1.2: at least 32 s, and 64*T1 where that is scaled. */
function timerD(timers: TimerSet): number {
  return transactionTimeout(timers);
}

/** INVITE client transaction, RFC 3261 §17.1.1 with RFC 6026 §8.4. */
export class InviteClientMachine implements ClientMachine {
  #state: InviteClientState = 'calling';
  #timerA: number;
  readonly #timers: TimerSet;
  readonly #reliable: boolean;

  constructor(timers: TimerSet, reliable: boolean) {
    this.#timers = timers;
    this.#reliable = reliable;
    this.#timerA = timers.t1;
  }

  get state(): InviteClientState {
    return this.#state;
  }

  step(input: ClientInput): readonly ClientEffect[] {
    switch (this.#state) {
      case 'calling':
        return this.#calling(input);
      case 'proceeding':
        return this.#proceeding(input);
      case 'accepted':
        return this.#accepted(input);
      case 'completed':
        return this.#completed(input);
      case 'terminated':
        return NOTHING;
    }
  }

  #calling(input: ClientInput): readonly ClientEffect[] {
    switch (input.kind) {
      // §17.1.1.2: on entry the request is sent; A over unreliable transports only, B always.
      case 'start': {
        const timerB = transactionTimeout(this.#timers);
        const effects: ClientEffect[] = [
          { kind: 'send-request' },
          { kind: 'set-timer', timer: 'B', delayMs: timerB },
        ];
        if (!this.#reliable) {
          effects.push({ kind: 'set-timer', timer: 'A', delayMs: this.#timerA });
        }
        return effects;
      }
      case 'response':
        return this.#firstResponse(input.response);
      case 'timer':
        // §17.1.1.2: each firing of A retransmits and doubles the interval, without limit.
        if (input.timer === 'A') {
          this.#timerA *= 2;
          return [
            { kind: 'resend-request' },
            { kind: 'set-timer', timer: 'A', delayMs: this.#timerA },
          ];
        }
        // §17.1.1.2: B fires in Calling, the user is informed of a timeout.
        return this.#fail('timeout', 'no response to INVITE');
      // §17.1.4: transport errors are handed to the user.
      case 'transport-error':
        return this.#fail('transport', input.detail);
    }
  }

  #firstResponse(response: SipResponse): readonly ClientEffect[] {
    const quiet: ClientEffect[] = [
      { kind: 'clear-timer', timer: 'A' },
      { kind: 'clear-timer', timer: 'B' },
    ];
    return [...quiet, ...this.#response(response)];
  }

  #proceeding(input: ClientInput): readonly ClientEffect[] {
    return input.kind === 'response' ? this.#response(input.response) : NOTHING;
  }

  /** Calling and Proceeding treat responses alike, §17.1.1.2. */
  #response(response: SipResponse): readonly ClientEffect[] {
    const deliver: ClientEffect = { kind: 'deliver', response };
    if (response.status < 200) {
      this.#state = 'proceeding';
      return [deliver];
    }
    // RFC 6026 §7.2: a 2xx leads to Accepted, where M lets those of other forks pass.
    if (response.status < 300) {
      this.#state = 'accepted';
      const timerM = transactionTimeout(this.#timers);
      return [{ kind: 'set-timer', timer: 'M', delayMs: timerM }, deliver];
    }
    // §17.1.1.2: 300-699 is acknowledged here and D waits for its retransmissions.
    this.#state = 'completed';
    const delayMs = this.#reliable ? 0 : timerD(this.#timers);
    return [{ kind: 'send-ack', response }, { kind: 'set-timer', timer: 'D', delayMs }, deliver];
  }

  #accepted(input: ClientInput): readonly ClientEffect[] {
    switch (input.kind) {
      // RFC 6026 §8.4: every 2xx goes to the user, which sends the ACK; others are dropped.
      case 'response':
        return is2xx(input.response) ? [{ kind: 'deliver', response: input.response }] : NOTHING;
      case 'timer':
        return input.timer === 'M' ? this.#end() : NOTHING;
      case 'start':
      case 'transport-error':
        return NOTHING;
    }
  }

  #completed(input: ClientInput): readonly ClientEffect[] {
    switch (input.kind) {
      // §17.1.1.2: a retransmitted final response gets its ACK again and goes no further.
      case 'response':
        return input.response.status >= 300
          ? [{ kind: 'send-ack', response: input.response }]
          : NOTHING;
      case 'timer':
        return input.timer === 'D' ? this.#end() : NOTHING;
      // §17.1.1.2: an ACK that cannot be sent ends the transaction.
      case 'transport-error':
        return this.#fail('transport', input.detail);
      case 'start':
        return NOTHING;
    }
  }

  #fail(failure: 'timeout' | 'transport', detail: string): readonly ClientEffect[] {
    return [{ kind: 'fail', failure, detail }, ...this.#end()];
  }

  #end(): readonly ClientEffect[] {
    this.#state = 'terminated';
    return [{ kind: 'end' }];
  }
}

function is2xx(response: SipResponse): boolean {
  return response.status >= 200 && response.status < 300;
}
