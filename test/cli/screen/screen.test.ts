import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  glyphsOf,
  type Line,
  paletteOf,
  Screen,
  type Style,
  sparkline,
} from '../../../src/cli/screen';
import { TerminalPages } from '../../toolkit/measure/terminal';

const COLOURED = paletteOf({ isTTY: true }, { TERM: 'xterm' });
const PLAIN = paletteOf({ isTTY: true }, { TERM: 'xterm', NO_COLOR: '1' });

/** A screen on a terminal that remembers what was written. */
function onTerminal(columns: number, rows: number, palette = COLOURED) {
  const pages = new TerminalPages(columns, rows);
  let octets = 0;
  const screen = new Screen(
    {
      get columns() {
        return pages.columns;
      },
      get rows() {
        return pages.rows;
      },
      write: (text: string) => {
        octets += Buffer.byteLength(text);
        pages.write(text);
      },
    },
    palette,
  );
  return { screen, pages, octets: () => octets };
}

const styles: readonly Style[] = ['plain', 'bold', 'dim', 'red', 'green', 'yellow'];
const line: fc.Arbitrary<Line> = fc.array(
  fc.record({
    text: fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '가', '한', 'é', '\u0301', '\x1b', '\n', '▇'),
      maxLength: 12,
    }),
    style: fc.constantFrom(...styles),
  }),
  { maxLength: 4 },
);

describe('a screen', () => {
  it('shows the last frame, whatever it showed before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(line, { maxLength: 7 }), { minLength: 1, maxLength: 5 }),
        (frames) => {
          const [step, fresh] = [onTerminal(20, 6), onTerminal(20, 6)];
          step.screen.open();
          for (const frame of frames) step.screen.draw(frame);
          fresh.screen.open();
          fresh.screen.draw(frames[frames.length - 1] ?? []);
          expect(step.pages.lines).toEqual(fresh.pages.lines);
          expect([...step.pages.unknown, ...fresh.pages.unknown]).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('writes only what differs', () => {
    const { screen, pages, octets } = onTerminal(80, 24);
    const frame = (value: string): Line[] =>
      Array.from({ length: 24 }, (_, row) => [
        { text: `line ${row} ` },
        { text: row === 5 ? value : '' },
      ]);
    screen.open();
    screen.draw(frame('4.41'));
    expect(octets()).toBeGreaterThan(100);
    let before = octets();
    screen.draw(frame('4.40'));
    // A place, and one character.
    expect(octets() - before).toBeLessThan(10);
    expect(pages.lines[5]).toBe('line 5 4.40');
    before = octets();
    screen.draw(frame('4.40'));
    expect(octets()).toBe(before);
  });

  it('never wraps nor scrolls, and counts columns as a terminal does', () => {
    const { screen, pages } = onTerminal(10, 3);
    screen.open();
    const wide = [{ text: '가나다라마바사' }];
    screen.draw([
      wide,
      [{ text: 'a가나다라마바사' }],
      [{ text: '0123456789' }],
      [{ text: 'never' }],
    ]);
    // A wide character that does not fit whole is left out, and the last place stays free.
    expect(pages.lines).toEqual(['가나다라마', 'a가나다라', '012345678']);
    screen.draw([[{ text: '가나x' }]]);
    expect(pages.lines).toEqual(['가나x', '', '']);
  });

  it('follows the size of the terminal, and takes 80 by 24 where it tells none', () => {
    const { screen, pages } = onTerminal(10, 3);
    screen.open();
    screen.draw([[{ text: '0123456789abc' }]]);
    pages.resize(12, 5);
    screen.reset();
    expect(screen.size).toEqual({ columns: 12, rows: 5 });
    screen.draw([[{ text: '0123456789abc' }]]);
    expect(pages.lines[0]).toBe('0123456789ab');
    pages.resize(0, 0);
    screen.reset();
    expect(screen.size).toEqual({ columns: 80, rows: 24 });
  });

  it('is a page of its own, and leaves the other as it was', () => {
    const { screen, pages } = onTerminal(20, 3);
    pages.write('$ dashvoip watch\r\n');
    screen.draw([[{ text: 'too early' }]]);
    expect(pages.text).toBe('$ dashvoip watch');
    screen.open();
    screen.draw([[{ text: 'x' }]]);
    expect([pages.isAlternate, pages.isCursorShown, pages.text]).toEqual([true, false, 'x']);
    screen.close();
    screen.close();
    screen.draw([[{ text: 'too late' }]]);
    expect([pages.isAlternate, pages.isCursorShown]).toEqual([false, true]);
    expect(pages.text).toBe('$ dashvoip watch');
  });

  it('has colours only where they are welcome', () => {
    for (const [palette, found] of [
      [COLOURED, ['1', '0', '31']],
      [PLAIN, []],
    ] as const) {
      const { screen, pages } = onTerminal(20, 3, palette);
      screen.open();
      screen.draw([[{ text: 'a', style: 'bold' }, { text: 'b' }, { text: 'c', style: 'red' }]]);
      expect([...pages.styles]).toEqual(found);
      expect(pages.lines[0]).toBe('abc');
    }
  });
});

describe('a curve in a line', () => {
  const blocks = glyphsOf({ LANG: 'ko_KR.UTF-8' });

  it('is in blocks where the locale has them, and in ASCII elsewhere', () => {
    const scale = { low: 0, high: 7 };
    const values = [0, 1, 2, 3, 4, 5, 6, 7];
    expect(sparkline(values, 8, scale, blocks)).toBe('▁▂▃▄▅▆▇█');
    for (const environment of [{}, { LANG: 'C' }, { LANG: 'C.UTF-8', LC_ALL: 'POSIX' }]) {
      expect(sparkline(values, 8, scale, glyphsOf(environment))).toBe('_.-:=+*#');
    }
    expect(glyphsOf({ LANG: 'C', LC_CTYPE: 'C.utf8', LC_ALL: '' })).toBe(blocks);
  });

  it('shows the last ones, keeps within its scale, and leaves out what is unknown', () => {
    const scale = { low: 1, high: 3 };
    expect(sparkline([1, 2, 3], 2, scale, blocks)).toBe('▅█');
    expect(sparkline([-9, 99, undefined, 1], 9, scale, blocks)).toBe('▁█ ▁');
    expect(sparkline([1], 0, scale, blocks)).toBe('▁'.slice(0, 0));
  });
});
