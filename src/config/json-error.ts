const SPACE = /[ \t\r\n]*/y;
const SCALAR =
  /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * Where text that JSON.parse refuses stops being JSON (RFC 8259), and what should stand there.
 * JSON.parse itself quotes the text in its message, passwords included, and often says no place.
 */
export function locateJsonError(text: string): {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
} {
  const scanner = new Scanner(text);
  scanner.value();
  if (!scanner.expected) scanner.end();
  const before = text.slice(0, scanner.at).split('\n');
  return {
    line: before.length,
    column: (before[before.length - 1] ?? '').length + 1,
    expected: scanner.expected || 'JSON',
  };
}

/** Walks over one JSON value and stops at the first thing that does not belong. */
class Scanner {
  at = 0;
  /** What was missing where the walk stopped; empty while all is well. */
  expected = '';
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(): void {
    this.#take(SPACE);
    const next = this.#text[this.at];
    if (next === '{') this.#list('}', () => this.#member());
    else if (next === '[') this.#list(']', () => this.value());
    else if (!this.#take(SCALAR)) this.expected = 'a value';
  }

  end(): void {
    this.#take(SPACE);
    if (this.at < this.#text.length) this.expected = 'nothing more';
  }

  #member(): void {
    this.#take(SPACE);
    if (!this.#take(STRING)) {
      this.expected = 'a key in double quotes';
      return;
    }
    this.#take(SPACE);
    if (this.#text[this.at] !== ':') {
      this.expected = '":" after the key';
      return;
    }
    this.at += 1;
    this.value();
  }

  #list(close: string, item: () => void): void {
    this.at += 1;
    this.#take(SPACE);
    if (this.#text[this.at] === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      item();
      if (this.expected) return;
      this.#take(SPACE);
      const next = this.#text[this.at];
      if (next !== ',' && next !== close) {
        this.expected = `"," or "${close}"`;
        return;
      }
      this.at += 1;
      if (next === close) return;
    }
  }

  #take(token: RegExp): boolean {
    token.lastIndex = this.at;
    const match = token.exec(this.#text);
    if (match) this.at += match[0].length;
    return match !== null;
  }
}
