import { cameraAdvice } from './advice-camera';
import { linkAdvice } from './advice-link';
import { machineAdvice } from './advice-machine';
import { networkAdvice } from './advice-network';
import type { Advice, ProbeFacts } from './report';

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
