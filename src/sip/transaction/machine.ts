import type { SipResponse } from '../message';
import type { TimerName } from './timers';

/** Why a transaction could not do its work, for its user. */
export type TransactionFailure =
  /** Timer B, F: no response; timer H: no ACK. */
  | 'timeout'
  /** The transport could not send. */
  | 'transport';

type TimerInput = { readonly kind: 'timer'; readonly timer: TimerName };
type TransportErrorInput = { readonly kind: 'transport-error'; readonly detail: string };

type TimerEffect =
  | { readonly kind: 'set-timer'; readonly timer: TimerName; readonly delayMs: number }
  | { readonly kind: 'clear-timer'; readonly timer: TimerName };
type FailEffect = {
  readonly kind: 'fail';
  readonly failure: TransactionFailure;
  readonly detail: string;
};
/** The transaction is over and forgets everything. */
type EndEffect = { readonly kind: 'end' };

export type ClientInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'response'; readonly response: SipResponse }
  | TimerInput
  | TransportErrorInput;

export type ClientEffect =
  | { readonly kind: 'send-request' }
  | { readonly kind: 'resend-request' }
  /** ACK of a non-2xx final response, RFC 3261 §17.1.1.3. */
  | { readonly kind: 'send-ack'; readonly response: SipResponse }
  | { readonly kind: 'deliver'; readonly response: SipResponse }
  | TimerEffect
  | FailEffect
  | EndEffect;

export type ServerInput =
  /** The request came once more. */
  | { readonly kind: 'retransmission' }
  | { readonly kind: 'ack' }
  /** The transaction's user answers. */
  | { readonly kind: 'respond'; readonly response: SipResponse }
  | TimerInput
  | TransportErrorInput;

export type ServerEffect =
  | { readonly kind: 'send-response'; readonly response: SipResponse }
  /** The last response once more. */
  | { readonly kind: 'resend-response' }
  | TimerEffect
  | FailEffect
  | EndEffect;

/** A sans-I/O transaction: input in, effects out; someone else owns sockets and timers. */
export interface Machine<Input, Effect> {
  readonly state: string;
  step(input: Input): readonly Effect[];
}
export type ClientMachine = Machine<ClientInput, ClientEffect>;
export type ServerMachine = Machine<ServerInput, ServerEffect>;

/** Shared by all branches that do nothing. */
export const NOTHING: readonly never[] = [];
