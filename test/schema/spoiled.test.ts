import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfig, configSchema } from '../../src/config';
import { COMMANDS, exampleOf } from '../../src/control';
import { check, type Problem, type Schema } from '../../src/schema';
import { isAbout, spoiled } from './spoiled';

/** As it arrives: a text that was JSON on its way. */
function problemsOf(schema: Schema, value: unknown): readonly Problem[] {
  const checked = check(schema, JSON.parse(JSON.stringify(value)));
  return 'problems' in checked ? checked.problems : [];
}

function expectRefusals(schema: Schema, good: unknown, numRuns: number): void {
  expect(problemsOf(schema, good)).toEqual([]);
  fc.assert(
    fc.property(spoiled(schema, good), (bad) => {
      const problems = problemsOf(schema, bad.value);
      expect(
        problems.some((problem) => isAbout(bad, problem)),
        JSON.stringify(problems),
      ).toBe(true);
    }),
    { numRuns },
  );
}

describe('whatever is wrong is refused at its place, with what is expected there', () => {
  it.each(COMMANDS.map(({ name, schema }) => ({ name, schema })))(
    'in the parameters of $name',
    ({ name, schema }) => expectRefusals(schema, exampleOf(name).param ?? {}, 100),
  );

  it('in the configuration', () => {
    const account = {
      uri: 'sip:car@example.org',
      registrar: 'sip:example.org',
      username: 'car',
      password: 'x',
    };
    const whole = checkConfig(
      { account, media: { microphone: { kind: 'alsa', device: 'hw:0' } } },
      '',
    );
    expectRefusals(configSchema, whole, 500);
  });
});
