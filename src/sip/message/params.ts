/**
 * Parameters of a URI or header field in the order received. Names are compared without case
 * (RFC 3261 §7.3.1); a flag parameter has the value `undefined`.
 */
export class Params {
  readonly #entries: { name: string; value: string | undefined }[] = [];

  static of(values: Readonly<Record<string, string | undefined>>): Params {
    const params = new Params();
    for (const [name, value] of Object.entries(values)) params.set(name, value);
    return params;
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** Undefined both for an absent parameter and for a flag; ask `has` to tell them apart. */
  get(name: string): string | undefined {
    return this.#find(name)?.value;
  }

  set(name: string, value?: string): void {
    const entry = this.#find(name);
    if (entry) entry.value = value;
    else this.#entries.push({ name, value });
  }

  /** Adds without looking for a namesake, as a parser does. */
  append(name: string, value: string | undefined): void {
    this.#entries.push({ name, value });
  }

  delete(name: string): void {
    const index = this.#entries.findIndex((entry) => sameName(entry.name, name));
    if (index >= 0) this.#entries.splice(index, 1);
  }

  get size(): number {
    return this.#entries.length;
  }

  *[Symbol.iterator](): IterableIterator<readonly [string, string | undefined]> {
    for (const { name, value } of this.#entries) yield [name, value];
  }

  clone(): Params {
    const copy = new Params();
    for (const { name, value } of this.#entries) copy.append(name, value);
    return copy;
  }

  #find(name: string): { name: string; value: string | undefined } | undefined {
    return this.#entries.find((entry) => sameName(entry.name, name));
  }
}

function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}
