import type { Rendering } from './algorithms';
import { THREE_SYLLABLES, TWO_SYLLABLES } from './words';

/** Letters that are hard to mistake when they are read aloud (RFC 6189 §5.1.6). */
const LETTERS = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** What both users compare: of four bytes the first 20 bits as letters, or the first 16 as two words. */
export function renderSas(sas: Buffer, rendering: Rendering): string {
  const value = sas.readUInt32BE(0);
  switch (rendering) {
    case 'B32 ':
      return [27, 22, 17, 12].map((shift) => LETTERS.charAt((value >>> shift) & 0x1f)).join('');
    case 'B256':
      return `${TWO_SYLLABLES[value >>> 24]} ${THREE_SYLLABLES[(value >>> 16) & 0xff]}`;
  }
}
