export type { Line, Span, Style } from './cells';
export { type Palette, paletteOf } from './palette';
export { LEAVE, Screen, type Size, type Terminal } from './screen';
export { type Glyphs, glyphsOf, sparkline } from './sparkline';
