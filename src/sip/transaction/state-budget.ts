/**
 * Bytes of memory that all SIP state together may take. What is charged are estimates: how much of
 * the heap an object keeps alive, rounded up.
 */
export class StateBudget {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#used + bytes <= this.#limit;
  }

  charge(bytes: number): void {
    this.#used += bytes;
  }

  release(bytes: number): void {
    this.#used -= bytes;
  }
}
