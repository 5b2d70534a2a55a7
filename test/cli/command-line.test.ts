import { describe, expect, it } from 'vitest';
import type { CliCommand } from '../../src/cli/cli-command';
import { parse } from '../../src/cli/command-line';

const words = ['LATITUDE', 'LONGITUDE'];
const COMMAND: CliCommand = {
  name: 'position',
  summary: 'Tells where the car is.',
  arguments: words.map((label) => ({ label, optional: true, description: '', choices: [] })),
  run: async () => 0,
};

describe('the arguments of a command', () => {
  it('may be numbers below zero, beside options', () => {
    const parsed = parse(COMMAND, ['-33.86', '--control', '127.0.0.1:9', '-70']);
    expect(parsed).toMatchObject({ arguments: ['-33.86', '-70'], control: { port: 9 } });
  });

  it('are no options that do not exist', () => {
    expect(() => parse(COMMAND, ['-x'])).toThrow(/-x/);
  });
});
