import {
  askedBackOffMs,
  backOffMs,
  fleetBackOffMs,
  fleetRepeatsMs,
  longBackOffMs,
  lookAgainAfterMs,
  refreshAfterMs,
  returnAfterMs,
} from './back-off';
import { LONGEST_EXPIRES_S } from './binding';
import type { RegistrationState } from './registration';

export type RegistrationInput =
  | { readonly kind: 'start' }
  /** 2xx with the seconds left of our binding; not sure when it may be another phone's. */
  | {
      readonly kind: 'granted';
      readonly seconds: number;
      readonly isSure: boolean;
      readonly detail: string;
    }
  /** 423 with Min-Expires, RFC 3261 §10.2.8. */
  | { readonly kind: 'too-brief'; readonly leastSeconds: number; readonly detail: string }
  | {
      readonly kind: 'refused';
      readonly detail: string;
      readonly hopeless: boolean;
      /** It never left this machine: no network, no address for a name. */
      readonly isUnsent: boolean;
      readonly retryAfterS: number | undefined;
    }
  /** The registrar has closed the connection that it granted the binding over. */
  | { readonly kind: 'closed'; readonly wasStable: boolean; readonly detail: string }
  | { readonly kind: 'timer' }
  /** Register now: the network changed, or somebody asked. */
  | { readonly kind: 'refresh' }
  | { readonly kind: 'unregister' };

export type RegistrationEffect =
  /** In place of one that is still in progress; repeated for so long over UDP, or as RFC 3261 has it. */
  | { readonly kind: 'send'; readonly expires: number; readonly repeatsForMs?: number }
  | { readonly kind: 'set-timer'; readonly delayMs: number }
  | { readonly kind: 'clear-timer' }
  | { readonly kind: 'report'; readonly state: RegistrationState; readonly detail: string }
  /** The registrar has answered our leaving, or there was nothing to leave. */
  | { readonly kind: 'left' };

type State =
  /** Nothing sent yet. */
  | 'idle'
  /** REGISTER sent, no binding that we know of. */
  | 'trying'
  /** Bound; the timer refreshes. */
  | 'registered'
  /** Bound, and the refresh sent. */
  | 'refreshing'
  /** Refused or unanswered; the timer tries again. */
  | 'waiting'
  /** Expires: 0 sent. */
  | 'leaving'
  | 'unregistered';

/** One binding at a registrar, RFC 3261 §10.2, sans I/O. */
export class RegistrationMachine {
  #state: State = 'idle';
  #expires: number;
  #failures = 0;
  /**
   * What is tried has its reason here: a start, another network, somebody who asks. A refresh that is due, or a connection
   * that has closed, may be that of every camera.
   */
  #isAlone = true;
  /** The last grant was doubtful: the next one, which is soon, tells whether it stays so. */
  #hasLookedAgain = false;
  readonly #fraction: () => number;
  readonly #othersLive: () => boolean;

  /**
   * `expires`: seconds to ask for. `fraction`: random numbers in [0, 1). `othersLive`: whether the account is registered
   * over another flow.
   */
  constructor(expires: number, fraction: () => number, othersLive: () => boolean) {
    this.#expires = expires;
    this.#fraction = fraction;
    this.#othersLive = othersLive;
  }

  step(input: RegistrationInput): readonly RegistrationEffect[] {
    if (input.kind === 'refresh') this.#isAlone = true;
    switch (this.#state) {
      case 'idle':
        return this.#idle(input);
      case 'trying':
      case 'refreshing':
        return this.#sent(input);
      case 'registered':
        return this.#registered(input);
      case 'waiting':
        return this.#waiting(input);
      case 'leaving':
        return this.#leaving(input);
      case 'unregistered':
        return input.kind === 'unregister' ? [{ kind: 'left' }] : [];
    }
  }

  #idle(input: RegistrationInput): readonly RegistrationEffect[] {
    switch (input.kind) {
      case 'start':
      case 'refresh':
        this.#state = 'trying';
        return [{ kind: 'report', state: 'trying', detail: 'registering' }, this.#send()];
      case 'unregister':
        this.#state = 'unregistered';
        return [this.#reportUnregistered(), { kind: 'left' }];
      default:
        return [];
    }
  }

  /** Trying and refreshing differ in what is reported only. */
  #sent(input: RegistrationInput): readonly RegistrationEffect[] {
    switch (input.kind) {
      case 'granted':
        return this.#grant(input);
      // RFC 3261 §10.2.8: at once with the interval that the registrar asks for.
      case 'too-brief':
        if (input.leastSeconds <= this.#expires || input.leastSeconds > LONGEST_EXPIRES_S) {
          return this.#fail(input.detail, this.#backOffMs());
        }
        this.#expires = input.leastSeconds;
        return [this.#send()];
      case 'refused':
        return this.#refused(input);
      case 'refresh':
        return [this.#send()];
      case 'unregister':
        return this.#leave();
      case 'start':
      case 'timer':
      // What was sent over it tells by itself, and what was not goes on.
      case 'closed':
        return [];
    }
  }

  #grant(input: RegistrationInput & { kind: 'granted' }): readonly RegistrationEffect[] {
    const { seconds, isSure, detail } = input;
    // RFC 3261 §10.2.4: the registrar decides for how long; for no time is a refusal.
    if (seconds <= 0) {
      return this.#fail('the registrar keeps no binding', this.#backOffMs());
    }
    this.#state = 'registered';
    this.#failures = 0;
    this.#isAlone = false;
    const fraction = this.#fraction();
    const delayMs =
      isSure || this.#hasLookedAgain
        ? refreshAfterMs(seconds, fraction)
        : lookAgainAfterMs(seconds, fraction);
    this.#hasLookedAgain = !isSure;
    return [
      { kind: 'set-timer', delayMs },
      { kind: 'report', state: 'registered', detail },
    ];
  }

  #refused(input: RegistrationInput & { kind: 'refused' }): readonly RegistrationEffect[] {
    const fraction = this.#fraction();
    const usual = this.#backOffMs(fraction, input.isUnsent);
    const own = input.hopeless ? longBackOffMs(fraction) : usual;
    const asked = input.retryAfterS ? askedBackOffMs(input.retryAfterS, fraction) : 0;
    return this.#fail(input.detail, Math.max(own, asked));
  }

  /** Who has no network is alone with that. */
  #backOffMs(fraction = this.#fraction(), isUnsent = false): number {
    this.#failures++;
    if (this.#isAlone || isUnsent) return backOffMs(this.#failures, fraction);
    return fleetBackOffMs(this.#failures, fraction, this.#othersLive());
  }

  #fail(detail: string, delayMs: number): readonly RegistrationEffect[] {
    this.#state = 'waiting';
    return [
      { kind: 'set-timer', delayMs },
      { kind: 'report', state: 'failed', detail },
    ];
  }

  #registered(input: RegistrationInput): readonly RegistrationEffect[] {
    switch (input.kind) {
      // RFC 3261 §10.2.4: refreshed before it runs out.
      case 'timer':
      case 'refresh':
        this.#state = 'refreshing';
        return [{ kind: 'clear-timer' }, this.#send()];
      case 'closed':
        return this.#fail(
          input.detail,
          returnAfterMs(input.wasStable, this.#fraction(), this.#othersLive()),
        );
      case 'unregister':
        return this.#leave();
      default:
        return [];
    }
  }

  #waiting(input: RegistrationInput): readonly RegistrationEffect[] {
    switch (input.kind) {
      case 'timer':
      case 'refresh':
        this.#state = 'trying';
        return [{ kind: 'clear-timer' }, this.#send()];
      case 'unregister':
        return this.#leave();
      default:
        return [];
    }
  }

  /** RFC 3261 §10.2.2: even when unsure, since a REGISTER without answer may have been obeyed. */
  #leave(): readonly RegistrationEffect[] {
    this.#state = 'leaving';
    return [{ kind: 'clear-timer' }, { kind: 'send', expires: 0 }];
  }

  #leaving(input: RegistrationInput): readonly RegistrationEffect[] {
    switch (input.kind) {
      case 'granted':
      case 'refused':
      case 'too-brief':
        this.#state = 'unregistered';
        return [this.#reportUnregistered(), { kind: 'left' }];
      default:
        return [];
    }
  }

  #reportUnregistered(): RegistrationEffect {
    return { kind: 'report', state: 'unregistered', detail: 'unregistered' };
  }

  #send(): RegistrationEffect {
    const repeats = this.#isAlone ? {} : { repeatsForMs: fleetRepeatsMs(this.#failures) };
    return { kind: 'send', expires: this.#expires, ...repeats };
  }
}
