import { type Cell, cellsOf, type Line, sameCell } from './cells';
import type { Palette } from './palette';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Of a serial console that does not tell. */
const USUAL: Size = { columns: 80, rows: 24 };

/** What a screen needs of its terminal. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** The terminal's other page, empty and without a cursor; and back to what stood there before (xterm, DEC). */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[2J';
export const LEAVE = '\x1b[0m\x1b[?25h\x1b[?1049l';
const CLEAR = '\x1b[0m\x1b[2J';

/** Cells that are the same are written over if they are no more than this: to move costs more octets. */
const BRIDGE = 6;

/** A terminal's whole page. Of each frame only what differs from the one before is written: a serial line is slow. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #palette: Palette;
  #size: Size;
  #shown: readonly (readonly Cell[])[] = [];
  #isOpen = false;

  constructor(terminal: Terminal, palette: Palette) {
    this.#terminal = terminal;
    this.#palette = palette;
    this.#size = sizeOf(terminal);
  }

  get size(): Size {
    return this.#size;
  }

  open(): void {
    this.#isOpen = true;
    this.#terminal.write(ENTER);
  }

  /** The terminal has another size, or what it shows is not known: the next frame is written whole. */
  reset(): void {
    this.#size = sizeOf(this.#terminal);
    this.#shown = [];
    if (this.#isOpen) this.#terminal.write(CLEAR);
  }

  draw(lines: readonly Line[]): void {
    if (!this.#isOpen) return;
    const { columns, rows } = this.#size;
    const frame = Array.from({ length: rows }, (_, row) => cellsOf(lines[row] ?? [], columns));
    // The last place stays as it is: to write there makes some terminals scroll.
    frame[rows - 1]?.splice(columns - 1, 1, { text: ' ', style: 'plain' });
    const blank = cellsOf([], columns);
    const changes = frame.map((cells, row) => this.#change(row, this.#shown[row] ?? blank, cells));
    this.#shown = frame;
    const text = changes.join('');
    if (text !== '') this.#terminal.write(text);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#terminal.write(LEAVE);
  }

  /** What makes one row of the other. */
  #change(row: number, before: readonly Cell[], after: readonly Cell[]): string {
    let text = '';
    for (const [begin, end] of differences(before, after)) {
      text += `\x1b[${row + 1};${begin + 1}H${this.#painted(after.slice(begin, end))}`;
    }
    return text;
  }

  #painted(cells: readonly Cell[]): string {
    let text = '';
    for (let begin = 0; begin < cells.length; ) {
      const style = cells[begin]?.style ?? 'plain';
      let end = begin;
      while (end < cells.length && cells[end]?.style === style) end += 1;
      const words = cells
        .slice(begin, end)
        .map((cell) => cell.text)
        .join('');
      text += style === 'plain' ? words : this.#palette[style](words);
      begin = end;
    }
    return text;
  }
}

/** Where rows differ: pairs of a beginning and an end; those that lie close are one. */
function differences(before: readonly Cell[], after: readonly Cell[]): [number, number][] {
  const found: [number, number][] = [];
  for (let column = 0; column < after.length; column += 1) {
    if (sameCell(before[column], after[column])) continue;
    // A character of two columns is written from its beginning on.
    const begin = after[column]?.text === '' ? column - 1 : column;
    const last = found[found.length - 1];
    if (last && begin - last[1] <= BRIDGE) last[1] = column + 1;
    else found.push([begin, column + 1]);
  }
  return found.map(([begin, end]) => [begin, after[end]?.text === '' ? end + 1 : end]);
}

function sizeOf({ columns = 0, rows = 0 }: Terminal): Size {
  return columns > 0 && rows > 0 ? { columns, rows } : USUAL;
}
