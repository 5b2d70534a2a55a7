/** What of JSON Schema (draft 7) the agent's declarations come out as. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Ours: the value is never shown. */
  readonly secret?: boolean;
}

/** What is put up for a place of a schema. */
export type Control =
  | { readonly kind: 'section'; readonly entries: readonly Entry[] }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'flag' }
  | { readonly kind: 'number'; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'text' }
  /** Several of the given ones, in an order that matters. */
  | { readonly kind: 'selection'; readonly options: readonly string[] }
  | { readonly kind: 'lines' }
  /** As many as there are items. */
  | { readonly kind: 'tuple'; readonly items: readonly JsonSchema[] }
  /** One of several objects, told apart by a member of theirs. */
  | { readonly kind: 'variant'; readonly key: string; readonly options: readonly Variant[] }
  | { readonly kind: 'json' };

export interface Entry {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

export interface Variant {
  /** Value of the member that tells. */
  readonly name: string;
  readonly description?: string;
  /** The other members. */
  readonly entries: readonly Entry[];
}

/** The control that fits a schema; what has none is written as JSON. */
export function controlFor(schema: JsonSchema): Control {
  const { type, items, minimum, maximum } = schema;
  const options = textsOf(schema.enum ?? (schema.const === undefined ? [] : [schema.const]));
  if (options.length > 0) return { kind: 'choice', options };
  const variant = variantOf(schema.oneOf ?? schema.anyOf ?? []);
  if (variant) return variant;
  switch (type) {
    case 'object':
      return schema.properties ? { kind: 'section', entries: entriesOf(schema) } : { kind: 'json' };
    case 'boolean':
      return { kind: 'flag' };
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        ...(minimum === undefined ? {} : { minimum }),
        ...(maximum === undefined ? {} : { maximum }),
      };
    case 'string':
      return { kind: 'text' };
    case 'array':
      return listControl(items);
    default:
      return { kind: 'json' };
  }
}

/** Members that are shown: secrets are not. */
export function entriesOf({ properties = {}, required = [] }: JsonSchema): Entry[] {
  return Object.entries(properties).flatMap(([name, schema]) =>
    schema.secret === true ? [] : [{ name, schema, required: required.includes(name) }],
  );
}

function listControl(items: JsonSchema['items']): Control {
  if (items === undefined) return { kind: 'json' };
  if (isTuple(items)) return { kind: 'tuple', items };
  const inner = controlFor(items);
  if (inner.kind === 'choice') return { kind: 'selection', options: inner.options };
  return inner.kind === 'text' ? { kind: 'lines' } : { kind: 'json' };
}

function isTuple(items: JsonSchema | readonly JsonSchema[]): items is readonly JsonSchema[] {
  return Array.isArray(items);
}

function variantOf(alternatives: readonly JsonSchema[]): Control | undefined {
  const [first] = alternatives;
  if (!first) return undefined;
  const key = Object.keys(first.properties ?? {}).find((name) =>
    alternatives.every(({ properties }) => tagOf(properties?.[name]) !== undefined),
  );
  if (key === undefined) return undefined;
  const options = alternatives.map((alternative): Variant => {
    const tag = alternative.properties?.[key];
    return {
      name: tagOf(tag) ?? '',
      ...(tag?.description === undefined ? {} : { description: tag.description }),
      entries: entriesOf(alternative).filter(({ name }) => name !== key),
    };
  });
  return { kind: 'variant', key, options };
}

function tagOf(schema: JsonSchema | undefined): string | undefined {
  const [tag, ...others] = textsOf(schema?.enum ?? [schema?.const]);
  return others.length === 0 ? tag : undefined;
}

function textsOf(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}
