import { join } from 'node:path';
import { JsonLines, lineFileAt } from '../platform';
import { HISTORY_LIMIT, type HistoryEntry, type Keeper } from './history';

/** A history in a folder of its own: of calls `history.jsonl`, a line for each. */
export class KeptHistory<Entry = HistoryEntry> implements Keeper<Entry> {
  readonly entries: readonly unknown[];
  readonly #lines: JsonLines;

  /** Reads what there is; what cannot be read in time is not there. Never rejects. */
  static async open<Entry = HistoryEntry>(
    directory: string,
    name = 'history.jsonl',
    limit = HISTORY_LIMIT,
  ): Promise<KeptHistory<Entry>> {
    const lines = new JsonLines(lineFileAt(join(directory, name)), limit);
    return new KeptHistory<Entry>(lines, await lines.loadInTime());
  }

  private constructor(lines: JsonLines, entries: readonly unknown[]) {
    this.#lines = lines;
    this.entries = entries;
  }

  get problem(): string | undefined {
    return this.#lines.problem;
  }

  add(entry: Entry): void {
    this.#lines.add(entry);
  }

  /** Resolves when all that can be written is. */
  settled(): Promise<void> {
    return this.#lines.settled();
  }
}
