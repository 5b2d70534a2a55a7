import { controlFor, type JsonSchema } from './schema';

type Plain = Readonly<Record<string, unknown>>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a place of a value. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (isPlain(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
    value,
  );
}

/** A copy with another value at a place; undefined takes it out. */
export function withValueAt(value: unknown, path: readonly string[], inner: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return inner;
  const { [step]: former, ...others } = isPlain(value) ? value : {};
  const changed = withValueAt(former, rest, inner);
  if (changed === undefined) return others;
  // A member keeps its place: a form does not jump.
  return isPlain(value) && Object.hasOwn(value, step)
    ? { ...value, [step]: changed }
    : { ...others, [step]: changed };
}

export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, place) => isSame(item, other[place]));
  }
  if (!isPlain(one) || !isPlain(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}

/** One setting that differs, and what it shall be; null takes it out. */
export interface Change {
  readonly path: string;
  readonly value: unknown;
}

/** What differs between two values, by the innermost places that a schema has a control for. */
export function changesBetween(
  schema: JsonSchema,
  before: unknown,
  after: unknown,
  path = '',
): Change[] {
  if (isSame(before, after)) return [];
  const control = controlFor(schema);
  if (control.kind !== 'section' || after === undefined) {
    return [{ path, value: after === undefined ? null : after }];
  }
  return control.entries.flatMap(({ name, schema: inner }) =>
    changesBetween(
      inner,
      valueAt(before, [name]),
      valueAt(after, [name]),
      path === '' ? name : `${path}.${name}`,
    ),
  );
}

/** What a form has to send: without what was left empty. */
export function withoutEmpty(value: unknown): unknown {
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      inner === undefined || inner === '' ? [] : [[name, withoutEmpty(inner)]],
    ),
  );
}
