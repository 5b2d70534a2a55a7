import type { Advice } from '../report';

/** One piece of advice; a rule spreads what `when` gives. */
export function advice(
  severity: Advice['severity'],
  found: string,
  meaning: string,
  action = '',
): Advice {
  return { severity, found, meaning, action };
}

export function when(condition: boolean, make: () => Advice): Advice[] {
  return condition ? [make()] : [];
}
