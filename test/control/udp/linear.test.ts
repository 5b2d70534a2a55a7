import { describe, it } from 'vitest';
import { COMMANDS, decode, exampleOf } from '../../../src/control';
import { maskPasswords } from '../../../src/platform';
import { expectLinear } from '../../support/linear';

const FILLERS = [' ', '\t', '\0', 'a', '0', ':', '@', 'sip:', '"', '\\', '{', '[', ',', ':a@', '%'];

const decoded = (text: string): void => {
  try {
    decode(Buffer.from(text));
  } catch {
    // Most are no JSON; only the time counts.
  }
};

describe('the time that a command takes grows with its length and no faster', () => {
  it.each(['$', '{"a":1}$', '$x', '{"a":"$"}', '{"a":$}', '[$', '"$'])('as JSON: %j', (shape) => {
    for (const filler of FILLERS) {
      expectLinear(
        (length) => shape.replace('$', () => filler.repeat(length / filler.length)),
        decoded,
      );
    }
  });

  const fields = COMMANDS.flatMap(({ name, prepare }) =>
    Object.keys(exampleOf(name).param ?? {}).map((field) => ({ name, field, prepare })),
  );
  it.each(fields)('$name: $field', ({ field, prepare }) => {
    for (const filler of FILLERS) {
      expectLinear(
        (length) => filler.repeat(length / filler.length),
        (value) => prepare({ [field]: value }),
      );
    }
  });

  it('in the words of a refusal', () => {
    for (const filler of FILLERS) {
      expectLinear((length) => `sip:${filler.repeat(length / filler.length)}`, maskPasswords);
    }
  });
});
