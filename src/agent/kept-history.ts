import { join } from 'node:path';
import { JsonLines, lineFileAt } from '../platform';
import { HISTORY_LIMIT, type HistoryEntry, type HistoryKeeper } from './history';

/** The history in a folder of its own: `history.jsonl`, a line for each call. */
export class KeptHistory implements HistoryKeeper {
  readonly entries: readonly unknown[];
  readonly #lines: JsonLines;

  /** Reads what there is; what cannot be read in time is not there. Never rejects. */
  static async open(directory: string): Promise<KeptHistory> {
    const lines = new JsonLines(lineFileAt(join(directory, 'history.jsonl')), HISTORY_LIMIT);
    return new KeptHistory(lines, await lines.loadInTime());
  }

  private constructor(lines: JsonLines, entries: readonly unknown[]) {
    this.#lines = lines;
    this.entries = entries;
  }

  get problem(): string | undefined {
    return this.#lines.problem;
  }

  add(entry: HistoryEntry): void {
    this.#lines.add(entry);
  }

  /** Resolves when all that can be written is. */
  settled(): Promise<void> {
    return this.#lines.settled();
  }
}
