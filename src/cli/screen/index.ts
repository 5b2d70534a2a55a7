export type { Line, Span, Style } from './cells';
export { takesUtf8 } from './locale';
export { type Palette, paletteOf } from './palette';
export { LEAVE, Screen, type Size, type Terminal } from './screen';
export { type Glyphs, glyphsOf, sparkline } from './sparkline';
