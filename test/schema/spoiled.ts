import fc from 'fast-check';
import * as v from 'valibot';
import {
  alternativesOf,
  describeField,
  entriesOf,
  type Problem,
  property,
  type Schema,
} from '../../src/schema';

/** A value in which one thing is wrong, and what whoever refuses it has to name. */
export interface Spoiled {
  readonly value: unknown;
  /** What was done to it, for whoever reads a failure. */
  readonly fault: 'wrong value' | 'missing' | 'unknown key';
  /** Where, as a problem's path says it; empty for the whole. */
  readonly path: string;
  /** What is expected there: these words among others. */
  readonly expected: string;
}

/** Of what is put in, so that a surface with a limit of its own still gets to look at it. */
export interface Limits {
  /** Characters of a text. */
  readonly longest: number;
  /** Lists within lists. */
  readonly deepest: number;
}

const SMALL: Limits = { longest: 200, deepest: 100 };

/** The problem is at that place, and what is expected there is told: of a list as a whole, or of an entry. */
export function isAbout({ path, expected }: Spoiled, problem: Problem): boolean {
  if (problem.path === path) return problem.expected.includes(expected);
  return problem.path.startsWith(`${path}[`) && problem.expected !== '';
}

type Path = readonly string[];

/** Spoils `good`, which `schema` takes, in one place: every place and every fault has its turn. */
export function spoiled(schema: Schema, good: unknown, limits = SMALL): fc.Arbitrary<Spoiled> {
  return fc.oneof(...faults(schema, good, [], limits));
}

function faults(node: Schema, good: unknown, path: Path, limits: Limits): fc.Arbitrary<Spoiled>[] {
  const { expected, optional } = describeField(node);
  const place = path.map(nameOf).join('.');
  const entries = entriesOf(node, good);
  const isRight = (value: unknown): boolean => (entries ? isPlain(value) : v.is(node, value));
  const wrong = oddValue(limits)
    // No parameters at all may be said by null.
    .filter((value) => !isRight(value) && !(path.length === 0 && value === null))
    .map((value): Spoiled => ({ value, fault: 'wrong value', path: place, expected }));
  const missing = fc.constant<Spoiled>({
    value: undefined,
    fault: 'missing',
    path: place,
    expected,
  });
  const takesAll = v.is(node, null) && v.is(node, {}) && v.is(node, '');
  return [
    ...(takesAll ? [] : [wrong]),
    ...(optional || path.length === 0 || good === undefined ? [] : [missing]),
    ...(entries && good !== undefined ? within(node, entries, good, path, limits) : []),
  ];
}

function within(
  whole: Schema,
  entries: Readonly<Record<string, Schema>>,
  good: unknown,
  path: Path,
  limits: Limits,
): fc.Arbitrary<Spoiled>[] {
  const known = Object.keys(entries);
  const unknown = fc
    .tuple(oddKey(limits), oddValue(limits))
    .filter(([key]) => !known.includes(key))
    .map(
      ([key, value]): Spoiled => ({
        value: withMember(good, key, value),
        fault: 'unknown key',
        path: [...path, key].map(nameOf).join('.'),
        expected: `one of ${known.join(', ')}`,
      }),
    );
  const inner = Object.entries(entries).flatMap(([key, node]) =>
    faults(node, property(good, key), [...path, key], limits).map((each) =>
      each
        .filter(({ value }) => !choosesAnother(whole, key, value))
        .map((fault) => ({ ...fault, value: withMember(good, key, fault.value) })),
    ),
  );
  return [unknown, ...inner];
}

/** Of a key that chooses between alternatives: the value is right, and the others are wrong beside it. */
function choosesAnother(whole: Schema, key: string, value: unknown): boolean {
  return alternativesOf(whole).some((entries) => {
    const node = entries[key];
    return node !== undefined && node.type === 'picklist' && v.is(node, value);
  });
}

/** Anything that JSON can say, and above all what has broken programs before. */
export function oddValue({ longest, deepest }: Limits = SMALL): fc.Arbitrary<unknown> {
  const nested = (open: string, close: string): unknown =>
    JSON.parse(open.repeat(deepest) + (open.endsWith(':') ? '0' : '') + close.repeat(deepest));
  return fc.oneof(
    fc.constantFrom<unknown>(
      ...[null, true, false, 0, -1, 0.5, 2 ** 31, 2 ** 53, 1e308, -1e308],
      ...ODD_TEXTS,
      ...[[], {}, [[]], [null], JSON.parse('{"__proto__":{"a":1}}'), { length: 1 }, { call: 1 }],
      ...['a'.repeat(longest), '9'.repeat(longest), Array(Math.floor(longest / 5)).fill(true)],
      ...[nested('[', ']'), nested('{"a":', '}')],
    ),
    fc.string({ unit: 'binary', maxLength: Math.floor(longest / 12) }),
    fc.jsonValue({ maxDepth: 2 }).filter((value) => JSON.stringify(value).length < longest),
  );
}

function oddKey({ longest }: Limits): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0'),
    fc.constantFrom(...ODD_TEXTS, 'k'.repeat(longest)),
    fc.string({ unit: 'binary', maxLength: Math.floor(longest / 12) }),
  );
}

/** Nothing, white space, controls, half a surrogate pair, direction marks, combining marks, what is taken for a key. */
const ODD_TEXTS = [
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\x1b[2J',
    '\ud800',
    '\u202e\u2066',
    'e\u0301\u0301',
    '\ufeff',
    '\u2028',
  ],
  ...[
    '__proto__',
    'constructor',
    'null',
    'NaN',
    '-0',
    '1e400',
    '0x10',
    '１２',
    '%s%n',
    '../../etc',
  ],
];

/** A step of a problem's path. */
function nameOf(step: string): string {
  return /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
}

/** A copy of `object` with an own member of that name, `__proto__` among them; without it where it is undefined. */
function withMember(object: unknown, key: string, value: unknown): object {
  const others = Object.entries(isPlain(object) ? object : {}).filter(([name]) => name !== key);
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
