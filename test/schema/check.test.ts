import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  check,
  choice,
  closestTo,
  flag,
  problemText,
  secretText,
  section,
  text,
  wholeNumber,
} from '../../src/schema';

const DOOR = section('A door.', {
  name: text('a name', 'Its name.'),
  height: v.optional(wholeNumber(100, 300, 'In centimetres.'), 200),
  lock: v.exactOptional(
    section('Its lock.', {
      code: secretText('a code', 'What opens it.'),
      side: choice(['left', 'right'], 'Where it is.'),
      isShut: v.optional(flag('Whether it is shut.'), true),
    }),
  ),
});

const problemsOf = (value: unknown): string[] => {
  const checked = check(DOOR, value);
  return 'problems' in checked ? checked.problems.map(problemText) : [];
};

describe('a checked value', () => {
  it('has its defaults filled in, sections within sections too', () => {
    expect(check(DOOR, { name: 'front', lock: { code: '1', side: 'left' } })).toEqual({
      value: { name: 'front', height: 200, lock: { code: '1', side: 'left', isShut: true } },
    });
  });

  it('or everything that is wrong with it: unknown keys first, then wrong values', () => {
    expect(problemsOf({ hight: 9, height: 9.5, lock: { side: 'top' } })).toEqual([
      'hight: found an unknown key, expected one of name, height, lock; did you mean "height"?',
      'name: found nothing, expected a name',
      'height: found 9.5, expected a whole number from 100 to 300',
      'lock.code: found nothing, expected a code',
      'lock.side: found "top", expected "left" or "right"',
    ]);
  });

  it('is an object where one is due, and no list', () => {
    for (const [value, found] of [
      [[], '[]'],
      [null, 'null'],
      ['front', '"front"'],
    ]) {
      expect(problemsOf(value)[0]).toBe(`found ${found}, expected an object`);
    }
  });

  it('shows no secret', () => {
    expect(problemsOf({ name: 'a', lock: { code: 4711, side: 'left' } })).toEqual([
      'lock.code: found a number, expected a code',
    ]);
  });

  it('is right or refused with a reason, whatever it is', () => {
    const fields = fc.record(
      { name: fc.jsonValue(), height: fc.jsonValue(), lock: fc.jsonValue(), __proto__: fc.nat() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fields, fc.anything()), (value) => {
        const checked = check(DOOR, value);
        if ('problems' in checked) expect(checked.problems.length).toBeGreaterThan(0);
        else expect(typeof checked.value.name).toBe('string');
      }),
    );
  });
});

describe('a slip of the pen', () => {
  it('is guessed when it is near enough', () => {
    const words = ['status', 'answer', 'reject'];
    expect(closestTo('staus', words)).toBe('status');
    expect(closestTo('ANSWER', words)).toBe('answer');
    expect(closestTo('hangup', words)).toBeUndefined();
  });
});
