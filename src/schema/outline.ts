import * as v from 'valibot';
import type { FieldMetadata } from './fields';

/** One place in a schema, seen without its types: for problem reports and the reference. */
export type Schema = v.GenericSchema;

interface ObjectNode extends Schema {
  readonly entries: Readonly<Record<string, Schema>>;
}
interface VariantNode extends Schema {
  readonly key: string;
  readonly options: readonly ObjectNode[];
}
interface WrappedNode extends Schema {
  readonly wrapped: Schema;
  readonly default: unknown;
}
interface PicklistNode extends Schema {
  readonly options: readonly unknown[];
}
interface ArrayNode extends Schema {
  readonly item: Schema;
}
interface TupleNode extends Schema {
  readonly items: readonly Schema[];
}

const isObject = (node: Schema): node is ObjectNode => node.type === 'object' && 'entries' in node;
const isVariant = (node: Schema): node is VariantNode =>
  node.type === 'variant' && 'options' in node;
const isOptional = (node: Schema): node is WrappedNode =>
  (node.type === 'optional' || node.type === 'exact_optional') && 'wrapped' in node;
const isPicklist = (node: Schema): node is PicklistNode =>
  node.type === 'picklist' && 'options' in node;
const isTuple = (node: Schema): node is TupleNode =>
  node.type === 'strict_tuple' && 'items' in node;

const isArray = (node: Schema): node is ArrayNode => node.type === 'array' && 'item' in node;

/** The schema inside `optional` or `exactOptional`. */
export function unwrap(node: Schema): Schema {
  return isOptional(node) ? unwrap(node.wrapped) : node;
}

/** Keys that an object may have at this place; undefined for anything but an object. */
export function entriesOf(
  node: Schema,
  value: unknown,
): Readonly<Record<string, Schema>> | undefined {
  const inner = unwrap(node);
  if (isObject(inner)) return inner.entries;
  if (!isVariant(inner)) return undefined;
  const chosen = inner.options.find((option) => {
    const kind = option.entries[inner.key];
    return kind !== undefined && v.is(kind, property(value, inner.key));
  });
  return chosen?.entries;
}

/** What stands in a list of objects; undefined for any other place, as a list of words is looked at as a whole. */
export function itemOf(node: Schema): Schema | undefined {
  const inner = unwrap(node);
  return isArray(inner) && isObject(inner.item) ? inner.item : undefined;
}

/** The alternatives of a place whose shape depends on one of its keys. */
export function alternativesOf(node: Schema): readonly Readonly<Record<string, Schema>>[] {
  const inner = unwrap(node);
  return isVariant(inner) ? inner.options.map((option) => option.entries) : [];
}

export function describeField(node: Schema): {
  readonly expected: string;
  readonly description: string;
  readonly secret: boolean;
  readonly optional: boolean;
  readonly defaultValue: unknown;
  readonly isFlag: boolean;
  /** Words that may stand there, where there are but a few. */
  readonly choices: readonly string[];
} {
  const metadata: Partial<FieldMetadata> = v.getMetadata(unwrap(node));
  return {
    expected: metadata.expected ?? unwrap(node).expects,
    description: v.getDescription(unwrap(node)) ?? '',
    secret: metadata.secret ?? false,
    optional: isOptional(node),
    defaultValue: isOptional(node) ? node.default : undefined,
    isFlag: unwrap(node).type === 'boolean',
    choices: choicesOf(unwrap(node)),
  };
}

function choicesOf(inner: Schema): readonly string[] {
  if (inner.type === 'boolean') return Object.keys(SWITCH);
  return isPicklist(inner) ? inner.options.map(String) : [];
}

const SWITCH: Readonly<Record<string, boolean>> = { on: true, off: false };

/**
 * What a word of a command line means at this place: `on` and `off` for a flag, a number where one is
 * due, JSON where only that will do. A word that means nothing stays what it is, for the refusal to quote.
 */
export function wordsToValue(node: Schema, word: string): unknown {
  const inner = unwrap(node);
  if (inner.type === 'unknown') return [...jsonIn(word), word][0];
  const meanings = [
    ...(inner.type === 'boolean' && Object.hasOwn(SWITCH, word) ? [SWITCH[word]] : []),
    word,
    ...(/^-?\d{1,15}(\.\d{1,15})?$/.test(word) ? [Number(word)] : []),
    ...jsonIn(word),
  ];
  return meanings.find((meaning) => v.is(inner, meaning)) ?? word;
}

function jsonIn(word: string): unknown[] {
  try {
    return [JSON.parse(word)];
  } catch {
    // Not JSON: it means itself.
    return [];
  }
}

/** The schema at `path` for a `value`; undefined where the schema knows nothing. */
export function schemaAt(
  root: Schema,
  value: unknown,
  path: readonly (string | number)[],
): Schema | undefined {
  let node: Schema | undefined = root;
  let here = value;
  for (const step of path) {
    if (!node) return undefined;
    const inner = unwrap(node);
    const entries = entriesOf(inner, here);
    if (entries) node = entries[step];
    else if (isVariant(inner)) node = inner.options[0]?.entries[step] && inner;
    else if (itemOf(inner) && typeof step === 'number') node = itemOf(inner);
    else if (isTuple(inner) && typeof step === 'number') node = inner.items[step] ?? inner;
    else return inner;
    here = property(here, step);
  }
  return node;
}

/** An own property of an object or array, undefined for anything else. */
export function property(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
