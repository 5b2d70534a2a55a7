import type { Emitter } from '../../platform';
import type { SocketAddress } from '../transport';

export type RegistrationState = 'trying' | 'registered' | 'failed' | 'unregistered';

export interface RegistrationEvents {
  state: [state: RegistrationState, detail: string];
}

export interface Registration {
  readonly events: Emitter<RegistrationEvents>;
  readonly state: RegistrationState;
  /** In words: what the registrar said or what went wrong last. */
  readonly detail: string;
  /** Seconds left of the binding; 0 when not registered. */
  readonly expiresIn: number;
  /**
   * The other end of the flow over which the registrar (or the proxy before it) granted the binding:
   * calls for the account come from there. Undefined while there is no binding.
   */
  readonly boundTo: SocketAddress | undefined;
  /** Registers now, without awaiting the refresh (after a change of network). */
  refresh(): void;
  /** Expires: 0 and stop; resolves when answered or after two seconds at most. */
  unregister(): Promise<void>;
}
