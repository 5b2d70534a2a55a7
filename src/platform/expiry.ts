/** A certificate that runs out within so many days is told of. */
const SOON_DAYS = 30;
const DAY_MS = 86_400_000;
/** This program is younger: a clock that says less has not been set. */
const EARLIEST_TIME_MS = Date.UTC(2026, 0, 1);

/** Whether the clock of this machine tells what day it is. */
export function knowsTheDay(now: Date): boolean {
  return now.getTime() >= EARLIEST_TIME_MS;
}

/** That a certificate runs out soon, in words which are others each day; empty while there is time. */
export function expiryOf(whose: string, expires: Date, now: Date): string[] {
  const days = Math.floor((expires.getTime() - now.getTime()) / DAY_MS);
  if (days > SOON_DAYS || !knowsTheDay(now)) return [];
  const date = expires.toISOString().slice(0, 10);
  return [
    days < 0
      ? `${whose} ran out on ${date}, ${-days} days ago`
      : `${whose} runs out on ${date}, in ${days} days`,
  ];
}
