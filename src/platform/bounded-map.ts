/** A map that never has more than `limit` entries: the one set longest ago gives way. */
export class BoundedMap<Value> {
  readonly #limit: number;
  readonly #entries = new Map<string, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  /** From the eldest to the youngest. */
  keys(): string[] {
    return [...this.#entries.keys()];
  }

  values(): Value[] {
    return [...this.#entries.values()];
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Sets the entry and makes it the youngest. */
  set(key: string, value: Value): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#limit) {
      for (const eldest of this.#entries.keys()) {
        this.#entries.delete(eldest);
        break;
      }
    }
    this.#entries.set(key, value);
  }
}
