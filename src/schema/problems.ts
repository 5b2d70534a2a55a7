import * as v from 'valibot';
import {
  alternativesOf,
  describeField,
  entriesOf,
  itemOf,
  property,
  type Schema,
  schemaAt,
} from './outline';
import { closestTo } from './spelling';

/** One thing that is wrong with a value. */
export interface Problem {
  /** Where, as `media.rtpPorts[1]`; empty for the whole. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** A problem in words. */
export function problemText({ path, found, expected }: Problem): string {
  return `${path ? `${path}: ` : ''}found ${found}, expected ${expected}`;
}

/** A value as its schema gives it, defaults filled in, or everything that is wrong with it. */
export type Checked<Value> = { readonly value: Value } | Refused;

export interface Refused {
  readonly problems: readonly [Problem, ...Problem[]];
}

/** Checks `value` by `schema`: unknown keys and lists come first, then wrong values. */
export function check<S extends Schema>(schema: S, value: unknown): Checked<v.InferOutput<S>> {
  const result = v.safeParse(schema, value);
  const wrong = (result.issues ?? []).map((issue) => problemOf(schema, value, issue));
  const seen = new Set<string>();
  const [first, ...more] = [...wrongShapes(schema, value, []), ...wrong].filter(({ path }) => {
    const isFirst = !seen.has(path);
    seen.add(path);
    return isFirst;
  });
  if (first) return { problems: [first, ...more] };
  if (result.success) return { value: result.output };
  throw new Error('a value was refused without an issue');
}

type Path = readonly (string | number)[];

function problemOf(schema: Schema, value: unknown, issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const place = schemaAt(schema, value, path);
  const field = place && describeField(place);
  const ownWords =
    ['check', 'partial_check'].includes(issue.type) && !issue.message.startsWith('Invalid');
  const found = path.reduce(property, value);
  return {
    path: pathText(path),
    // What stands in a list of objects may be secret, too.
    found: field?.secret || (place && itemOf(place)) ? kindOf(found) : render(found),
    expected: ownWords
      ? issue.message
      : (kindsAt(place, path[path.length - 1]) ??
        field?.expected ??
        issue.expected ??
        'something else'),
  };
}

/** `"camera" or "alsa"...` for the key that chooses between alternatives. */
function kindsAt(
  place: Schema | undefined,
  lastStep: string | number | undefined,
): string | undefined {
  const kinds = (place ? alternativesOf(place) : []).flatMap((entries) => {
    const kind = lastStep === undefined ? undefined : entries[lastStep];
    return kind ? [describeField(kind).expected] : [];
  });
  return kinds.length > 0 ? kinds.join(' or ') : undefined;
}

function wrongShapes(schema: Schema, value: unknown, path: Path): Problem[] {
  const entries = entriesOf(schema, value);
  if (typeof value !== 'object' || value === null) return [];
  const item = itemOf(schema);
  if (item && Array.isArray(value)) {
    return value.flatMap((inner, place) => wrongShapes(item, inner, [...path, place]));
  }
  if (Array.isArray(value) && (entries || alternativesOf(schema).length > 0)) {
    // valibot takes a list for an object.
    const { expected } = describeField(schema);
    return [{ path: pathText(path), found: render(value), expected }];
  }
  if (!entries) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const child = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (child) return wrongShapes(child, inner, [...path, key]);
    const known = Object.keys(entries);
    const guess = closestTo(key, known);
    return [
      {
        path: pathText([...path, key]),
        found: 'an unknown key',
        expected: `one of ${known.join(', ')}${guess ? `; did you mean "${guess}"?` : ''}`,
      },
    ];
  });
}

function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
    return text ? `${text}.${name}` : name;
  }, '');
}

/** Of a value that is quoted: far more than is shown, and little enough for any expression. */
const MAX_LOOKED_AT = 500;

function render(value: unknown): string {
  if (value === undefined) return 'nothing';
  const whole = (JSON.stringify(value) ?? kindOf(value)).slice(0, MAX_LOOKED_AT);
  // A password within a URI.
  const text = whole.replace(/(sips?:[^\s:@"]+):[^\s@"]*@/g, '$1:***@');
  return text.length > 60 ? `${kindOf(value)} beginning ${text.slice(0, 40)}` : text;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'object':
      return 'an object';
    case 'string':
      return value === '' ? 'empty text' : 'text';
    default:
      return `a ${typeof value}`;
  }
}
