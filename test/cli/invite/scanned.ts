import scan from 'jsqr';

/** A terminal's own colours, as grey levels. */
export interface Theme {
  readonly text: number;
  readonly back: number;
}
export const DARK: Theme = { text: 220, back: 20 };
export const LIGHT: Theme = { text: 20, back: 250 };

/** Pixels of a module's side; a character is one module wide and two high. */
const SIDE = 4;
/** What of the terminal is seen around, characters. */
const AROUND = 2;
/** SGR colours: white text, black back. */
const SET: Readonly<Record<string, Partial<Theme>>> = { '37': { text: 200 }, '40': { back: 0 } };

/** A code on a terminal, scanned from a picture of it; undefined where nothing is found. */
export function scanned(
  lines: readonly string[],
  theme: Theme,
  inverted: 'attemptBoth' | 'dontInvert' = 'dontInvert',
): string | undefined {
  const rows = lines
    .map((line) => levelsOf(line, theme))
    .flatMap(({ upper, lower }) => [upper, lower]);
  const [width, height] = [(rows[0]?.length ?? 0) + 2 * AROUND, rows.length + 4 * AROUND];
  const pixels = new Uint8ClampedArray(4 * SIDE * SIDE * width * height);
  for (let y = 0; y < SIDE * height; y++) {
    for (let x = 0; x < SIDE * width; x++) {
      const row = rows[Math.floor(y / SIDE) - 2 * AROUND];
      const level = row?.[Math.floor(x / SIDE) - AROUND] ?? theme.back;
      pixels.set([level, level, level, 255], 4 * (y * SIDE * width + x));
    }
  }
  const found = scan(pixels, SIDE * width, SIDE * height, { inversionAttempts: inverted });
  return found?.data;
}

function levelsOf(line: string, theme: Theme) {
  let colours = theme;
  const cells: { upper: number; lower: number }[] = [];
  for (const [piece, codes] of line.matchAll(/\x1b\[([\d;]*)m|./gu)) {
    if (codes !== undefined) {
      for (const code of codes.split(';')) {
        colours = code === '0' ? theme : { ...colours, ...SET[code] };
      }
      continue;
    }
    const { text, back } = colours;
    cells.push({
      upper: piece === '█' || piece === '▀' ? text : back,
      lower: piece === '█' || piece === '▄' ? text : back,
    });
  }
  return { upper: cells.map(({ upper }) => upper), lower: cells.map(({ lower }) => lower) };
}
