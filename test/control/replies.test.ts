import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { STATUS_EXAMPLE, statusReplySchema } from '../../src/control';
import { defineCommand } from '../../src/control/command';

describe('a status is believed by what it must have to be shown', () => {
  const isStatus = (value: unknown): boolean => v.is(statusReplySchema, value);

  it('and the example has it', () => {
    expect(isStatus(STATUS_EXAMPLE)).toBe(true);
  });

  it('and nothing else is one', () => {
    for (const value of [undefined, null, 5, 'status', [], {}]) expect(isStatus(value)).toBe(false);
  });

  it.each([
    ['version', [undefined, 1, null]],
    ['sip', [undefined, null, 'x']],
    ['commands', [undefined, null, 5]],
    ['calls', [undefined, null, {}]],
    ['recent', [undefined, {}, 'x']],
    ['warnings', [undefined, {}, 5]],
    ['problems', [undefined, {}, '']],
  ] as const)('nor without its %s', (name, values) => {
    for (const value of values) expect(isStatus({ ...STATUS_EXAMPLE, [name]: value })).toBe(false);
  });
});

describe('what a reply means, for a person', () => {
  const words = (command: ReturnType<typeof defineCommand>, param: unknown, reply: unknown) => {
    const prepared = command.prepare(param);
    if ('problems' in prepared) throw new Error('refused');
    return prepared.inWords(reply);
  };
  const base = { name: 'x', summary: 'X.', param: { a: v.number() } } as const;

  it('is said of a reply of the right shape, with what was asked', () => {
    const command = defineCommand({
      ...base,
      reply: v.object({ b: v.number() }),
      run: (_, { a }) => ({ b: a }),
      words: ({ b }, { a }) => `${a} and ${b}`,
    });
    expect(words(command, { a: 1 }, { b: 2 })).toBe('1 and 2');
    for (const reply of [undefined, {}, { b: '2' }]) {
      expect(words(command, { a: 1 }, reply)).toBeUndefined();
    }
  });

  it('is said of no reply where there is to be none', () => {
    const command = defineCommand({
      ...base,
      run: () => undefined,
      words: (_, { a }) => `did ${a}`,
    });
    expect(words(command, { a: 1 }, undefined)).toBe('did 1');
    expect(words(command, { a: 1 }, { b: 2 })).toBeUndefined();
  });

  it('is nothing where there are no words for it', () => {
    const command = defineCommand({ ...base, run: () => undefined });
    expect(words(command, { a: 1 }, undefined)).toBeUndefined();
  });
});
