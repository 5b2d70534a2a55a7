import type { Control } from './control';
import type { Logger, Timer } from './platform';

/** Servers have shown theirs by then, ms. */
const FIRST_LOOK_MS = 60_000;
const LOOK_MS = 3_600_000;

/** Tells the log of certificates that run out soon: once a day, since the words of it are others each day. */
export function watchCertificates(
  { agent, surfaces, clock }: Pick<Control, 'agent' | 'surfaces' | 'clock'>,
  log: Logger,
): Timer {
  let told: readonly string[] = [];
  const look = (): void => {
    const problems = [
      ...(agent.status().sip.tls?.problems ?? []),
      ...Object.values(surfaces).flatMap((status) => status()?.expiry ?? []),
    ];
    for (const problem of problems) if (!told.includes(problem)) log.warn(problem);
    told = problems;
    timer = clock.setTimer(LOOK_MS, look);
  };
  let timer = clock.setTimer(FIRST_LOOK_MS, look);
  return { cancel: () => timer.cancel() };
}
