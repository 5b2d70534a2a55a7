import type { Diverted } from '../sip';
import type { AudioQuality } from './call-quality';

/** One ended call. */
export interface HistoryEntry {
  readonly call: number;
  readonly direction: 'incoming' | 'outgoing';
  /** Which account, by its name; absent where none was configured. */
  readonly account?: string;
  readonly remote: string;
  /** As the far end gave it; anybody can give any. */
  readonly displayName?: string;
  /** Name in the phone book at that time. */
  readonly contact?: string;
  /** Who had sent it on to us, and why. */
  readonly diverted?: Diverted;
  /** Who was called in its place in the end, by redirection. */
  readonly redirectedTo?: string;
  /** Civil time of the first ring or dial, ISO 8601. */
  readonly startedAt: string;
  /** Seconds of talk; 0 when it was never answered. */
  readonly durationS: number;
  /** How it ended, in words. */
  readonly ended: string;
  /** How its sound was; absent when it was never answered. */
  readonly quality?: AudioQuality;
  /** Files that it was recorded in, whole paths; absent when it was not. */
  readonly recordings?: readonly string[];
  /** How sound and picture were encrypted in the end (`AES_CM_128_HMAC_SHA1_80`); absent when they were not. */
  readonly encryption?: string;
}

/** Which ended calls are asked for. */
export interface HistoryQuery {
  /** What the far end's address, its name, the account or the way it ended has in it, in either case. */
  readonly search?: string;
  readonly limit?: number;
  /** Those with lower numbers only, to go on from the last one seen. */
  readonly before?: number;
}

/** How many ended calls are remembered. */
export const HISTORY_LIMIT = 50;

/** Where entries outlive the process. */
export interface Keeper<Entry> {
  /** What was kept before, oldest first; anything may stand there. */
  readonly entries: readonly unknown[];
  add(entry: Entry): void;
  /** Why nothing is kept, in words; undefined when it is. */
  readonly problem: string | undefined;
}

export type HistoryKeeper = Keeper<HistoryEntry>;

/** The last calls; without a keeper in memory only. */
export class History {
  readonly #keeper: HistoryKeeper | undefined;
  #entries: readonly HistoryEntry[];

  constructor(keeper?: HistoryKeeper) {
    this.#keeper = keeper;
    this.#entries = (keeper?.entries ?? []).filter(isHistoryEntry).slice(-HISTORY_LIMIT);
  }

  /** The highest number of a call so far; 0 without any. */
  get lastCall(): number {
    return Math.max(0, ...this.#entries.map(({ call }) => call));
  }

  get problems(): string[] {
    const problem = this.#keeper?.problem;
    return problem === undefined ? [] : [`history: kept in memory only: ${problem}`];
  }

  /** Adds the newest; the oldest gives way. */
  add(entry: HistoryEntry): void {
    this.#entries = [...this.#entries, entry].slice(-HISTORY_LIMIT);
    this.#keeper?.add(entry);
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

function searched(entry: HistoryEntry): string {
  const { remote, account = '', displayName = '', contact = '', redirectedTo = '', ended } = entry;
  return [remote, account, displayName, contact, redirectedTo, ended].join('\n').toLowerCase();
}

function isHistoryEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { call, direction, startedAt, durationS, remote, ended, ...others } = Object.fromEntries(
    Object.entries(value),
  );
  const { account, displayName, contact, redirectedTo, encryption } = others;
  const isText = (text: unknown): boolean => typeof text === 'string';
  return (
    Number.isSafeInteger(call) &&
    (direction === 'incoming' || direction === 'outgoing') &&
    Number.isFinite(durationS) &&
    [startedAt, remote, ended].every(isText) &&
    [account, displayName, contact, redirectedTo, encryption].every(
      (it) => it === undefined || isText(it),
    )
  );
}
