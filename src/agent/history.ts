/** One ended call. */
export interface HistoryEntry {
  readonly call: number;
  readonly direction: 'incoming' | 'outgoing';
  readonly remote: string;
  /** Who was called in its place in the end, by redirection. */
  readonly redirectedTo?: string;
  /** Civil time of the first ring or dial, ISO 8601. */
  readonly startedAt: string;
  /** Seconds of talk; 0 when it was never answered. */
  readonly durationS: number;
  /** How it ended, in words. */
  readonly ended: string;
}

/** The last calls, in memory only: the root is read-only and the card may be gone. */
export class History {
  readonly #limit: number;
  #entries: HistoryEntry[] = [];

  constructor(limit = 50) {
    this.#limit = limit;
  }

  /** Adds the newest; the oldest gives way. */
  add(entry: HistoryEntry): void {
    this.#entries = [...this.#entries, entry].slice(-this.#limit);
  }

  /** The last `count` calls, newest first. */
  last(count: number): readonly HistoryEntry[] {
    return this.#entries.slice(-count).reverse();
  }
}
