/** One ended call. */
export interface HistoryEntry {
  readonly call: number;
  readonly direction: 'incoming' | 'outgoing';
  readonly remote: string;
  /** As the far end gave it; anybody can give any. */
  readonly displayName?: string;
  /** Who was called in its place in the end, by redirection. */
  readonly redirectedTo?: string;
  /** Civil time of the first ring or dial, ISO 8601. */
  readonly startedAt: string;
  /** Seconds of talk; 0 when it was never answered. */
  readonly durationS: number;
  /** How it ended, in words. */
  readonly ended: string;
}

/** Which ended calls are asked for. */
export interface HistoryQuery {
  /** What the far end's address, its name or the way it ended has in it, in either case. */
  readonly search?: string;
  readonly limit?: number;
  /** Those with lower numbers only, to go on from the last one seen. */
  readonly before?: number;
}

/** How many ended calls are remembered. */
export const HISTORY_LIMIT = 50;

/** The last calls, in memory only: the root is read-only and the card may be gone. */
export class History {
  #entries: HistoryEntry[] = [];

  /** Adds the newest; the oldest gives way. */
  add(entry: HistoryEntry): void {
    this.#entries = [...this.#entries, entry].slice(-HISTORY_LIMIT);
  }

  /** Newest first. */
  find({
    search = '',
    limit = HISTORY_LIMIT,
    before = Number.POSITIVE_INFINITY,
  }: HistoryQuery): readonly HistoryEntry[] {
    const wanted = search.toLowerCase();
    return this.#entries
      .filter((entry) => entry.call < before && searched(entry).includes(wanted))
      .slice(-limit)
      .reverse();
  }
}

function searched({ remote, displayName = '', redirectedTo = '', ended }: HistoryEntry): string {
  return [remote, displayName, redirectedTo, ended].join('\n').toLowerCase();
}
