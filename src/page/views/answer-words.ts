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
