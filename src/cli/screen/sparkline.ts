import { takesUtf8 } from './locale';

const BLOCKS = '▁▂▃▄▅▆▇█';
/** For terminals of other character sets. */
const ASCII = '_.-:=+*#';

/** Characters for levels, lowest first, as the locale has them. */
export type Glyphs = typeof BLOCKS | typeof ASCII;

export function glyphsOf(environment: Readonly<Record<string, string | undefined>>): Glyphs {
  return takesUtf8(environment) ? BLOCKS : ASCII;
}

/** The last of `values` as a row of columns of characters, on a scale from `low` to `high`; unknown ones are blank. */
export function sparkline(
  values: readonly (number | undefined)[],
  columns: number,
  { low, high }: { readonly low: number; readonly high: number },
  glyphs: Glyphs,
): string {
  const top = glyphs.length - 1;
  return values
    .slice(Math.max(0, values.length - columns))
    .map((value) => {
      if (value === undefined) return ' ';
      const level = Math.round(((value - low) / (high - low)) * top);
      return glyphs[Math.min(top, Math.max(0, level))] ?? ' ';
    })
    .join('');
}
