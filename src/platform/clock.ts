/** A pending timer; cancelling one that has fired or been cancelled does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time as the rest of the agent sees it, so that tests can run on a virtual clock. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary origin. */
  now(): number;
  /** Civil time, for Date headers and history only; it may jump. */
  wallTime(): Date;
  setTimer(delayMs: number, fire: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => new Date(),
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};
