import { isSpace } from './chars';

/** Walks through the lines of a message head; CRLF ends a line, and so does a bare LF. */
export class LineReader {
  /** The line without its ending is [`start`, `end`). */
  start = 0;
  end = 0;
  /** Where the next line starts. */
  next: number;
  /** A carriage return stood where no line ends; no line may hold one. */
  hasStrayReturn = false;
  readonly #text: string;
  /** The first CR at or behind the line's start, so that each is looked for once. */
  #return = -1;

  constructor(text: string, start: number) {
    this.#text = text;
    this.next = start;
  }

  /** Goes to the next line; false when no line ending follows. */
  advance(): boolean {
    const start = this.next;
    const lineFeed = this.#text.indexOf('\n', start);
    if (lineFeed < 0) return false;
    if (this.#return < start) {
      const found = this.#text.indexOf('\r', start);
      this.#return = found < 0 ? this.#text.length : found;
    }
    if (this.#return < lineFeed - 1) this.hasStrayReturn = true;
    this.start = start;
    this.end = this.#return === lineFeed - 1 ? this.#return : lineFeed;
    this.next = lineFeed + 1;
    return true;
  }

  /** Whether the next line continues this one (RFC 3261 §7.3.1). */
  get isFolded(): boolean {
    return isSpace(this.#text.charCodeAt(this.next));
  }
}
