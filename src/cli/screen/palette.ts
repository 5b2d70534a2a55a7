type Paint = (text: string) => string;

/** How text is set off (ECMA-48, SGR). */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  /** Light on dark, whatever the terminal's own colours are. */
  readonly lightOnDark: Paint;
}

const painted =
  (code: number | string): Paint =>
  (text) =>
    text === '' ? text : `\x1b[${code}m${text}\x1b[0m`;

const COLOURED: Palette = {
  bold: painted(1),
  dim: painted(2),
  red: painted(31),
  green: painted(32),
  yellow: painted(33),
  lightOnDark: painted('37;40'),
};

const asIs: Paint = (text) => text;

const PLAIN: Palette = {
  bold: asIs,
  dim: asIs,
  red: asIs,
  green: asIs,
  yellow: asIs,
  lightOnDark: asIs,
};

/** Colours where a terminal takes them and nobody forbids it (https://no-color.org). */
export function paletteOf(
  output: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Palette {
  const { NO_COLOR = '', TERM = 'dumb' } = environment;
  return output.isTTY && NO_COLOR === '' && TERM !== 'dumb' ? COLOURED : PLAIN;
}
