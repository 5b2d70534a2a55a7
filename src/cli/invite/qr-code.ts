import { encode } from 'uqr';

/** Light modules around the code without which readers do not find it (ISO/IEC 18004 §5.3.8). */
const QUIET_ZONE = 4;

/**
 * A QR code as lines of text, two rows of modules a line. What is light is drawn and what is dark left out, as terminals
 * that are dark show it; where a terminal is light it takes colours, or a reader that knows inverted codes.
 */
export function qrCode(text: string): string[] {
  const { data } = encode(text, { ecc: 'L', boostEcc: true, border: QUIET_ZONE });
  const lines: string[] = [];
  for (let row = 0; row < data.length; row += 2) {
    const [upper = [], lower = []] = [data[row], data[row + 1]];
    lines.push(upper.map((isDark, column) => block(isDark, lower[column] ?? false)).join(''));
  }
  return lines;
}

function block(isUpperDark: boolean, isLowerDark: boolean): string {
  if (isUpperDark) return isLowerDark ? ' ' : '▄';
  return isLowerDark ? '▀' : '█';
}
