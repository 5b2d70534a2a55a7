import type { Advice, ProbeFacts } from '../report';
import { cameraAdvice } from './camera';
import { linkAdvice } from './link';
import { machineAdvice } from './machine';
import { networkAdvice } from './network';

const ORDER = ['error', 'warning', 'note'] satisfies Advice['severity'][];

/** What to think of the facts, the worst first. */
export function adviceOn(facts: ProbeFacts): Advice[] {
  const all = [
    ...linkAdvice(facts),
    ...cameraAdvice(facts),
    ...machineAdvice(facts),
    ...networkAdvice(facts),
  ];
  return ORDER.flatMap((severity) => all.filter((advice) => advice.severity === severity));
}
