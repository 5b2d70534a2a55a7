import type { Clock, Logger, Random } from '../../platform';
import type { CapabilitySet } from '../capabilities';
import type { DialogTable } from '../dialog';
import type { RequestSender } from '../request';
import type { TimerSet } from '../transaction';

/** What subscriptions share. */
export interface SubscriptionEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timers: TimerSet;
  readonly sender: RequestSender;
  readonly dialogs: DialogTable;
  readonly capabilities: CapabilitySet;
  /** Value of User-Agent and Server. */
  readonly product: string;
}
