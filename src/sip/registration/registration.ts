import type { Emitter } from '../../platform';
import type { AccountFlow } from '../account';
import type { SocketAddress } from '../transport';

export type RegistrationState = 'trying' | 'registered' | 'failed' | 'unregistered';

export interface RegistrationEvents {
  state: [state: RegistrationState, detail: string];
}

/** One flow of it: there are several where the account names several proxies (RFC 5626). */
export interface RegistrationFlow extends AccountFlow {
  readonly state: RegistrationState;
  readonly detail: string;
  readonly expiresIn: number;
}

export interface Registration {
  readonly events: Emitter<RegistrationEvents>;
  readonly state: RegistrationState;
  /** In words: what the registrar said or what went wrong last. */
  readonly detail: string;
  /** Seconds left of the binding; 0 when not registered. */
  readonly expiresIn: number;
  /** In the order of the account's proxies; what is said above is of the first that is registered. */
  readonly flows: readonly RegistrationFlow[];
  /**
   * The other ends of the flows over which the registrar (or the proxy before it) granted a binding:
   * calls for the account come from there. Empty while there is no binding.
   */
  readonly boundTo: readonly SocketAddress[];
  /** Registers now, without awaiting the refresh (after a change of network). */
  refresh(): void;
  /** Expires: 0 and stop; resolves when answered or after two seconds at most. */
  unregister(): Promise<void>;
}
