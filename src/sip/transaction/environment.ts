import type { Clock } from '../../platform';
import type { TimerSet } from './timers';

/** What all transactions of one layer share. */
export interface TransactionEnvironment {
  readonly clock: Clock;
  readonly timers: TimerSet;
  readonly counters: TransactionCounters;
}

export interface TransactionCounters {
  /** Requests and responses sent again by a timer or for a repeated request. */
  retransmissions: number;
  /** New requests refused with 503 for want of room. */
  refused: number;
}
