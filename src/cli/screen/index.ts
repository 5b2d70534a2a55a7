export { type Palette, paletteOf } from './palette';
