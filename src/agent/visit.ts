import type { IncomingSession } from '../sip';
import type { Account } from './account';
import type { Caller } from './caller';

/** Who calls, and which account. */
export interface Visit {
  readonly session: IncomingSession;
  readonly caller: Caller;
  readonly account: Account;
}
