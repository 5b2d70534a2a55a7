/** Base values of every transaction timer, RFC 3261 Table 4, in milliseconds. */
export interface TimerSet {
  /** Estimate of the round trip. */
  readonly t1: number;
  /** Longest interval between retransmissions of non-INVITE requests and INVITE responses. */
  readonly t2: number;
  /** Longest time that a message stays in the network. */
  readonly t4: number;
}

export const RFC3261_TIMERS: TimerSet = { t1: 500, t2: 4000, t4: 5000 };

/** 64*T1: how long a transaction waits for its other side (timers B, F, H, J, L, M). */
export function transactionTimeout(timers: TimerSet): number {
  return 64 * timers.t1;
}

/** Timers A to K of RFC 3261 §17 (C is a proxy's), L and M of RFC 6026 §8. */
export type TimerName = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M';
