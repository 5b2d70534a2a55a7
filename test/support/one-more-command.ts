import * as v from 'valibot';
import type { Command } from '../../src/control';
import { defineCommand } from '../../src/control/command';
import { choice, wholeNumber } from '../../src/schema';

/** The commands that there are, and one declaration more: for tests that put it in the place of `control/commands`. */
export function withOneMore<Commands extends { readonly COMMANDS: readonly Command[] }>(
  all: Commands,
): Commands {
  const more = defineCommand({
    name: 'tea make',
    summary: 'Makes tea. It takes its time.',
    param: {
      kind: choice(['green', 'black'], 'Of which leaves.'),
      cups: v.optional(wholeNumber(1, 6, 'How many.'), 1),
    },
    reply: v.object({ minutes: wholeNumber(1, 60, 'Until it is ready.') }),
    run: (_, { cups }) => ({ minutes: 2 + cups }),
    words: ({ minutes }, { kind }) => `${kind} tea in ${minutes} minutes`,
  });
  return { ...all, COMMANDS: [...all.COMMANDS, more] };
}
