/** East Asian wide, as far as tests have it. */
const WIDE = /[\u1100-\u115f\u3041-\ua4cf\uac00-\ud7a3\uff00-\uff60]/u;

/** A terminal's pages as the octets written to it leave them (ECMA-48, as far as `dashvoip` uses it). */
export class TerminalPages {
  columns: number;
  rows: number;
  isAlternate = false;
  isCursorShown = true;
  /** SGR codes that were ever asked for. */
  readonly styles = new Set<string>();
  /** Sequences that are not known here; none is expected. */
  readonly unknown: string[] = [];
  #page: string[][] = [];
  #main: string[][] = [];
  #row = 0;
  #column = 0;
  #saved: [row: number, column: number] = [0, 0];
  #rest = '';

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#page = this.#empty();
  }

  /** The page as lines, without blanks at their ends. */
  get lines(): string[] {
    return this.#page.map((row) => row.join('').trimEnd());
  }

  get text(): string {
    return this.lines.join('\n').trimEnd();
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    const fitted = (page: string[][]): string[][] =>
      this.#empty().map((row, y) => row.map((blank, x) => page[y]?.[x] ?? blank));
    this.#page = fitted(this.#page);
    this.#main = fitted(this.#main);
  }

  write(text: string): void {
    let left = this.#rest + text;
    this.#rest = '';
    while (left !== '') {
      const [sequence = '', parameters = '', final = ''] =
        /^\x1b\[([?\d;]*)([A-Za-z])/.exec(left) ?? [];
      if (sequence !== '') this.#obey(parameters, final);
      else if (/^\x1b(\[[?\d;]*)?$/.test(left)) {
        // The rest of it comes with the next octets.
        this.#rest = left;
        return;
      } else this.#put(String.fromCodePoint(left.codePointAt(0) ?? 0));
      left = left.slice(
        Math.max(
          sequence.length,
          sequence === '' ? ((left.codePointAt(0) ?? 0) > 0xffff ? 2 : 1) : 0,
        ),
      );
    }
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#feed();
    else if (character < ' ') this.unknown.push(JSON.stringify(character));
    else {
      const width = WIDE.test(character) ? 2 : 1;
      if (this.#column + width > this.columns) {
        this.#column = 0;
        this.#feed();
      }
      const row = this.#page[this.#row];
      if (row) {
        row[this.#column] = character;
        if (width === 2) row[this.#column + 1] = '';
      }
      this.#column += width;
    }
  }

  #feed(): void {
    if (this.#row + 1 < this.rows) this.#row += 1;
    else this.#page = [...this.#page.slice(1), this.#empty()[0] ?? []];
  }

  #obey(parameters: string, final: string): void {
    const [first = 1, second = 1] = parameters.split(';').map((text) => Number(text) || 1);
    const whole = `${parameters}${final}`;
    if (final === 'H') [this.#row, this.#column] = [first - 1, second - 1];
    else if (final === 'm') this.styles.add(parameters);
    else if (whole === '2J') this.#page = this.#empty();
    else if (whole === '?25l' || whole === '?25h') this.isCursorShown = final === 'h';
    else if (whole === '?1049h') {
      this.isAlternate = true;
      this.#main = this.#page;
      this.#saved = [this.#row, this.#column];
      this.#page = this.#empty();
    } else if (whole === '?1049l') {
      this.isAlternate = false;
      this.#page = this.#main;
      [this.#row, this.#column] = this.#saved;
    } else this.unknown.push(whole);
  }

  #empty(): string[][] {
    return Array.from({ length: this.rows }, () => Array<string>(this.columns).fill(' '));
  }
}
