import type { Word } from './english';
import type { Say } from './say';

/** How calls end, as the agent says it, and the page's words for that. */
const ENDINGS: readonly (readonly [RegExp, Word])[] = [
  [/^hung up here$/, 'endedHere'],
  [/^hung up by the far end$/, 'endedThere'],
  [/^given up here$/, 'givenUpHere'],
  [/^given up by the far end$/, 'givenUpThere'],
  [/^busy$/, 'busy'],
  [/^the far end did not answer in time$/, 'noAnswerInTime'],
  [/^refused here \((.*)\)$/, 'refusedHere'],
  [/^refused by the far end \((.*)\)$/, 'refusedThere'],
  [/^lost: the far end is gone \((.*)\)$/, 'lostCall'],
  [/^failed \((.*)\)$/, 'failedCall'],
];

/** How a call ended, in the reader's language where the agent's words are known. */
export function endedInWords(ended: string, say: Say): string {
  for (const [pattern, word] of ENDINGS) {
    const match = pattern.exec(ended);
    if (match) return say(word, match[1] ?? '');
  }
  return ended;
}
