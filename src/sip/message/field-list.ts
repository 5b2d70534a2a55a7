import { isToken } from './chars';
import type { AuthValue, CSeq, TypedValue } from './field-values';
import { HeaderField } from './header-field';
import { canonicalName, type KnownHeaderName } from './header-name';
import type { NameAddr } from './name-addr';
import type { Via } from './via';

/** A known name gives completion; any other is as good. */
export type HeaderName = KnownHeaderName | (string & {});
/** Text for the wire, or a value that formats itself. */
export type HeaderValue = string | number | Via | NameAddr | CSeq | AuthValue | TypedValue;
/** Fields in order, as `[['Contact', contact], ['Expires', 60]]`. */
export type HeaderList = readonly (readonly [name: HeaderName, value: HeaderValue])[];

/** A bug of whoever built or changed a message: a line break in a value, a mandatory field gone. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

/**
 * The header fields of a message in the order of the wire. Names are compared without case, and a
 * compact form is the same name.
 */
export abstract class FieldList {
  #fields: HeaderField[];

  constructor(fields: HeaderField[]) {
    this.#fields = fields;
  }

  /** Told after each change, so that what was read from the fields can be forgotten. */
  protected abstract fieldsChanged(name: string): void;

  get fields(): readonly HeaderField[] {
    return this.#fields;
  }

  has(name: HeaderName): boolean {
    return this.first(canonicalName(name)) !== undefined;
  }

  /** How many fields have that name. */
  count(name: HeaderName): number {
    const canonical = canonicalName(name);
    let count = 0;
    for (const field of this.#fields) if (field.name === canonical) count++;
    return count;
  }

  /** Text of the first field of that name, which may hold several values. */
  get(name: HeaderName): string | undefined {
    return this.first(canonicalName(name))?.value;
  }

  /** Text of every field of that name, in order. */
  getAll(name: HeaderName): string[] {
    const canonical = canonicalName(name);
    return this.#fields.filter((field) => field.name === canonical).map((field) => field.value);
  }

  /**
   * Replaces all fields of that name by one per value, at the place of the first.
   * @throws HeaderError when a value holds a line break
   */
  set(name: HeaderName, value: HeaderValue | readonly HeaderValue[]): this {
    const canonical = canonicalName(name);
    const values: readonly HeaderValue[] = isList(value) ? value : [value];
    const added = values.map((one) => makeField(name, one));
    const index = this.#fields.findIndex((field) => field.name === canonical);
    const others = this.#fields.filter((field) => field.name !== canonical);
    others.splice(index < 0 ? others.length : index, 0, ...added);
    return this.#replace(canonical, others);
  }

  /** Adds a field behind all others. @throws HeaderError */
  append(name: HeaderName, value: HeaderValue): this {
    return this.#replace(canonicalName(name), [...this.#fields, makeField(name, value)]);
  }

  /** Adds fields behind all others, in order. @throws HeaderError */
  appendAll(headers: HeaderList): this {
    for (const [name, value] of headers) this.append(name, value);
    return this;
  }

  /** Adds a field before all others, as a Via on the way out. @throws HeaderError */
  prepend(name: HeaderName, value: HeaderValue): this {
    return this.#replace(canonicalName(name), [makeField(name, value), ...this.#fields]);
  }

  remove(name: HeaderName): this {
    const canonical = canonicalName(name);
    return this.#replace(
      canonical,
      this.#fields.filter((field) => field.name !== canonical),
    );
  }

  /** The first field of a canonical name. */
  protected first(name: string): HeaderField | undefined {
    for (const field of this.#fields) if (field.name === name) return field;
    return undefined;
  }

  /** Puts `text` in place of the value of one field. @throws HeaderError */
  protected rewrite(field: HeaderField, text: string): void {
    const rewritten = makeField(field.spelling, text);
    this.#replace(
      field.name,
      this.#fields.map((old) => (old === field ? rewritten : old)),
    );
  }

  #replace(changed: string, fields: HeaderField[]): this {
    this.#fields = fields;
    this.fieldsChanged(changed);
    return this;
  }
}

/** @throws HeaderError */
export function makeField(name: HeaderName, value: HeaderValue): HeaderField {
  if (!isToken(name)) {
    throw new HeaderError(`expected a header name, found ${JSON.stringify(name)}`);
  }
  const text = checkText(String(value));
  return new HeaderField(canonicalName(name), name, text, 0, text.length);
}

/** Nothing that goes into a message may end its line. @throws HeaderError */
export function checkText(text: string): string {
  if (text.includes('\r') || text.includes('\n')) {
    throw new HeaderError(`expected text of one line, found ${JSON.stringify(text)}`);
  }
  return text;
}

function isList(value: HeaderValue | readonly HeaderValue[]): value is readonly HeaderValue[] {
  return Array.isArray(value);
}
