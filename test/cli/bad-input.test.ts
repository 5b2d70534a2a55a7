import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageException } from '../../src/cli/cli-command';
import { parse } from '../../src/cli/command-line';
import { DECLARED_COMMANDS, declared } from '../../src/cli/declared-command';
import { COMMANDS, type Command, exampleOf } from '../../src/control';
import { describeField, entriesOf, wordsToValue } from '../../src/schema';
import { oddValue } from '../schema/spoiled';

/** Nobody listens there: a command that is not refused before fails otherwise. */
const NOWHERE = ['--control', '127.0.0.1:9'];

/** What whoever types `words` after the command's name is told; undefined if that he asked rightly. */
async function complaint(command: Command, words: readonly string[]): Promise<string | undefined> {
  const cli = declared(command);
  try {
    const invocation = parse(cli, [...words, ...NOWHERE]);
    if (invocation !== 'help') await cli.run(invocation);
  } catch (error) {
    return error instanceof UsageException ? error.message : undefined;
  }
  return undefined;
}

/** A word that no option looks like: a shell's user may type anything else. */
const oddWord = oddValue()
  .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  .filter((word) => !word.startsWith('-') && !word.includes('\0'));

/** Each argument of each command whose words can be wrong, behind those that are right. */
const ARGUMENTS = COMMANDS.flatMap((command) => {
  const all = Object.entries(entriesOf(command.schema, {}) ?? {});
  const entries = all.filter(([key]) => key !== 'account');
  const { param = {} } = exampleOf(command.name);
  // An option: before the words that have to be there, it takes the one behind it.
  const options = all.flatMap(([key, schema]) => {
    const after = entries.flatMap(([name, inner]) =>
      describeField(inner).optional ? [] : [wordFor(name, inner, param)],
    );
    const asked = { name: command.name, key, schema, command };
    return key === 'account' ? [{ ...asked, before: ['--account'], after }] : [];
  });
  const words = entries.map(([key, schema], place) => {
    const before = entries.slice(0, place).map(([name, inner]) => wordFor(name, inner, param));
    const after = entries
      .slice(place + 1)
      .filter(([, inner]) => !describeField(inner).optional)
      .map(([name, inner]) => wordFor(name, inner, param));
    return { name: command.name, key, schema, command, before, after };
  });
  return [...words, ...options];
});

function wordFor(name: string, schema: Command['schema'], param: unknown): string {
  const value = new Map(Object.entries(Object(param))).get(name);
  const { choices } = describeField(schema);
  if (value === undefined) return choices[0] ?? '1';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

describe('a word that means nothing', () => {
  const canBeWrong = ARGUMENTS.filter(({ schema }) => schema.type !== 'unknown');

  it.each(canBeWrong)(
    '$name $key: is named with what was expected, on one line, before any agent is asked',
    async ({ key, schema, command, before, after }) => {
      const { expected, choices } = describeField(schema);
      const wrong = oddWord.filter(
        (word) =>
          'problems' in
          command.prepare({
            ...Object(exampleOf(command.name).param),
            [key]: wordsToValue(schema, word),
          }),
      );
      await fc.assert(
        fc.asyncProperty(wrong, async (word) => {
          const told = (await complaint(command, [...before, word, ...after])) ?? '';
          expect(told.startsWith(`${key}: found `), told).toBe(true);
          expect(told).toContain(`, expected ${choices.join(' or ') || expected}`);
          expect(told).not.toMatch(/[\x00-\x1f]/);
        }),
        { numRuns: 50 },
      );
    },
  );

  it('behind all others is one too many', async () => {
    const command = fc.constantFrom(...COMMANDS);
    await fc.assert(
      fc.asyncProperty(command, oddWord, async (each, word) => {
        const words = (declared(each).arguments ?? []).map(() => '1');
        const told = (await complaint(each, [...words, word])) ?? '';
        expect(told).toMatch(/^expected no more than "dashvoip [^"]+", found ".*"$/s);
        expect(told).not.toMatch(/[\x00-\x1f]/);
      }),
    );
  });

  it('as an option is not known', async () => {
    const command = fc.constantFrom(...COMMANDS);
    const option = oddWord.filter((word) => /^[^=\n]/.test(word) && !/^(j|h|c|k)/.test(word));
    await fc.assert(
      fc.asyncProperty(command, option, async (each, word) => {
        const told = (await complaint(each, [`--${word}`])) ?? '';
        expect(told).toMatch(/^unknown option "--.*"/s);
        expect(told).not.toMatch(/[\x00-\x1f]/);
      }),
    );
  });

  it('is wanted by every command with a parameter that must be there', async () => {
    for (const [place, { arguments: expected = [] }] of DECLARED_COMMANDS.entries()) {
      const command = COMMANDS[place];
      if (!command || expected.every(({ optional }) => optional)) continue;
      expect(await complaint(command, [])).toMatch(/^expected "dashvoip /);
    }
  });
});
