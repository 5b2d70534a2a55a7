import type { Message } from './broker';

/** What shall stand at the broker, the newest of each topic, and what of it is yet to be told. */
export class Retained {
  readonly #wanted = new Map<string, string | Buffer>();
  /** What the broker may have. */
  readonly #told = new Set<string>();
  readonly #due = new Set<string>();

  set(topic: string, payload: string | Buffer): void {
    if (this.#wanted.get(topic) === payload) return;
    this.#wanted.set(topic, payload);
    this.#due.add(topic);
  }

  remove(topic: string): void {
    this.#wanted.delete(topic);
    // What came and went while the broker was away it need not hear of.
    if (this.#told.has(topic)) this.#due.add(topic);
    else this.#due.delete(topic);
  }

  has(topic: string): boolean {
    return this.#wanted.has(topic);
  }

  /** The topics below `prefix` that shall be there. */
  below(prefix: string): string[] {
    return [...this.#wanted.keys()].filter((topic) => topic.startsWith(prefix));
  }

  /** Something of an earlier run stands there that shall not. */
  takeAway(topic: string): void {
    this.#told.add(topic);
    this.#due.add(topic);
  }

  /** Tells it again, or all: the broker may have forgotten. */
  renew(topic?: string): void {
    if (topic === undefined) for (const each of this.#wanted.keys()) this.#due.add(each);
    else if (this.#wanted.has(topic)) this.#due.add(topic);
  }

  /** The next one to tell, which is taken for told. */
  next(): Message | undefined {
    for (const topic of this.#due) {
      this.#due.delete(topic);
      const payload = this.#wanted.get(topic);
      if (payload === undefined) this.#told.delete(topic);
      else this.#told.add(topic);
      return { topic, payload: payload ?? '', retain: true };
    }
    return undefined;
  }
}
