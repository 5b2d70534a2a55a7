/** How a piece of text is set off. */
export type Style = 'plain' | 'bold' | 'dim' | 'red' | 'green' | 'yellow';

export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** A line of a screen, from left to right. */
export type Line = readonly Span[];

/** One place of a screen. What takes two columns is followed by a cell without text. */
export interface Cell {
  readonly text: string;
  readonly style: Style;
}

const BLANK: Cell = { text: ' ', style: 'plain' };

/** Marks that stand on the character before them, and what takes no room at all. */
const NO_ROOM = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Characters of two columns: East Asian wide ones (UAX #11) and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** What a terminal would obey. */
const CONTROL = /[\x00-\x1f\x7f-\x9f\ud800-\udfff]/u;

/** Cells of a line, exactly as many as there are columns: what is longer is cut, what is shorter filled. */
export function cellsOf(line: Line, columns: number): Cell[] {
  const cells: Cell[] = [];
  for (const { text, style = 'plain' } of line) {
    for (const character of text) {
      if (NO_ROOM.test(character)) continue;
      const isWide = WIDE.test(character);
      if (cells.length + (isWide ? 2 : 1) > columns) return filled(cells, columns);
      cells.push({ text: CONTROL.test(character) ? '.' : character, style });
      if (isWide) cells.push({ text: '', style });
    }
  }
  return filled(cells, columns);
}

function filled(cells: Cell[], columns: number): Cell[] {
  while (cells.length < columns) cells.push(BLANK);
  return cells;
}

export function sameCell(one: Cell | undefined, other: Cell | undefined): boolean {
  return one?.text === other?.text && one?.style === other?.style;
}
