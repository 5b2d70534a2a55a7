import { quote, unquote } from './escaping';

/**
 * Parameters of a URI or header field in the order received. Immutable: `with` and `without` make
 * a new list. Names are compared without case (RFC 3261 §7.3.1); values are kept as on the wire.
 */
export class Params {
  static readonly EMPTY = new Params([]);

  /** Names at even places, wire values or undefined (flag) at odd ones. */
  readonly #items: readonly (string | undefined)[];

  private constructor(items: readonly (string | undefined)[]) {
    this.#items = items;
  }

  /** From wire values; `undefined` makes a flag. */
  static of(values: Readonly<Record<string, string | undefined>>): Params {
    return Params.fromItems(Object.entries(values).flat());
  }

  /** For parsers: name, value, name, value, ... The array must not be changed afterwards. */
  static fromItems(items: readonly (string | undefined)[]): Params {
    return items.length === 0 ? Params.EMPTY : new Params(items);
  }

  get size(): number {
    return this.#items.length / 2;
  }

  has(name: string): boolean {
    return this.#indexOf(name) >= 0;
  }

  /**
   * The value without its quotes. Undefined both for an absent parameter and for a flag; ask `has`
   * to tell them apart.
   */
  get(name: string): string | undefined {
    const value = this.raw(name);
    return value === undefined ? undefined : unquote(value);
  }

  /** The value as on the wire, quotes and escapes included. */
  raw(name: string): string | undefined {
    const index = this.#indexOf(name);
    return index < 0 ? undefined : this.#items[index + 1];
  }

  /** The value as a decimal number; undefined when absent or not a plain number. */
  number(name: string): number | undefined {
    const value = this.raw(name);
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  }

  /** With the wire value set in place of its namesake, or appended. */
  with(name: string, value?: string): Params {
    const index = this.#indexOf(name);
    const items = [...this.#items];
    if (index < 0) items.push(name, value);
    else items[index + 1] = value;
    return new Params(items);
  }

  /** As `with`, the value written as a quoted-string. */
  withQuoted(name: string, text: string): Params {
    return this.with(name, quote(text));
  }

  without(name: string): Params {
    const index = this.#indexOf(name);
    if (index < 0) return this;
    return Params.fromItems(this.#items.filter((_, i) => i !== index && i !== index + 1));
  }

  *[Symbol.iterator](): IterableIterator<readonly [name: string, value: string | undefined]> {
    for (let i = 0; i < this.#items.length; i += 2)
      yield [this.#items[i] ?? '', this.#items[i + 1]];
  }

  /** Joined for the wire, each preceded by `separator`: `;a=1;b`. */
  format(separator: string): string {
    let text = '';
    for (let i = 0; i < this.#items.length; i += 2) {
      const value = this.#items[i + 1];
      text +=
        value === undefined
          ? `${separator}${this.#items[i]}`
          : `${separator}${this.#items[i]}=${value}`;
    }
    return text;
  }

  toString(): string {
    return this.format(';');
  }

  #indexOf(name: string): number {
    for (let i = 0; i < this.#items.length; i += 2) {
      const candidate = this.#items[i];
      if (candidate !== undefined && sameName(candidate, name)) return i;
    }
    return -1;
  }
}

/** Names of headers, parameters, schemes and option tags are equal whatever their case. */
export function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}
