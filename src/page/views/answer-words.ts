import type { Answer } from '../api';
import type { Say } from '../words';

/** Why something was not done; undefined when it was. */
export function failureInWords(answer: Answer, say: Say): string | undefined {
  switch (answer.kind) {
    case 'done':
    case 'forbidden':
      return undefined;
    case 'malformed':
      return answer.problems
        .map(({ path, found, expected }) => `${path}: ${say('foundExpected', found, expected)}`)
        .join(' ');
    case 'refused':
      return say('refused', answer.reason);
    case 'failed':
      return say('failed', answer.reason);
  }
}

/** That a call goes out by another account than the default one; undefined when it does not. */
export function insteadInWords(answer: Answer, say: Say): string | undefined {
  if (answer.kind !== 'done') return undefined;
  const { account, insteadOf } = Object(answer.reply);
  return typeof insteadOf === 'string' ? say('insteadOf', String(account), insteadOf) : undefined;
}
