import type { Clock } from '../../platform';
import type { Admission } from '../admission';
import type { StateBudget } from './state-budget';
import type { TimerSet } from './timers';

/** What all transactions of one layer share. */
export interface TransactionEnvironment {
  readonly clock: Clock;
  readonly timers: TimerSet;
  readonly counters: TransactionCounters;
  readonly budget: StateBudget;
  readonly admission: Admission;
}

export interface TransactionCounters {
  /** Requests and responses sent again by a timer or for a repeated request. */
  retransmissions: number;
  /** Transactions that were answered and forgotten before their time, for want of room. */
  forgotten: number;
  /** Responses not sent because they were more than twice what an unproved source had sent. */
  withheld: number;
  /** Responses that could not be sent, and refusals that were never acknowledged. */
  undelivered: number;
}
