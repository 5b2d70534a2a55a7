import { Attempts, type Clock, isPassword, type PasswordRecord } from '../../platform';

/** What an attempt came to. */
export type Attempt = 'right' | 'wrong' | { readonly retryAfterS: number };

/** Comparisons take memory and time: they happen one after the other, and so many may wait. */
const MAX_WAITING = 3;

/** Compares passwords, the slower the more often a source is wrong. */
export class Login {
  readonly #attempts: Attempts;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(clock: Clock) {
    this.#attempts = new Attempts(clock);
  }

  async attempt(password: string, record: PasswordRecord, address: string): Promise<Attempt> {
    const waitMs = this.#attempts.waitOf(address);
    if (waitMs > 0) return { retryAfterS: Math.ceil(waitMs / 1000) };
    if (this.#waiting > MAX_WAITING) return { retryAfterS: 1 };
    // Taken for wrong until it proves right: many at once are not told apart from one after the other.
    this.#attempts.wrong(address);
    if (!(await this.#compare(record, password))) return 'wrong';
    this.#attempts.right(address);
    return 'right';
  }

  async #compare(record: PasswordRecord, password: string): Promise<boolean> {
    this.#waiting += 1;
    const before = this.#last;
    const result = before.catch(() => undefined).then(() => isPassword(record, password));
    this.#last = result;
    try {
      return await result;
    } finally {
      this.#waiting -= 1;
    }
  }
}
