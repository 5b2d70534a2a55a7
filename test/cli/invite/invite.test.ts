import { describe, expect, it } from 'vitest';
import { invitationInWords } from '../../../src/cli/invite/invite';
import { DARK, LIGHT, scanned } from './scanned';

const TOKEN = 'q7Yk0n-3_Zt2vWmXo5RbLA';
const UNTIL = '2026-11-23T05:46:28.000Z';
const BY_HTTPS = `https://192.0.2.7:8443/#/invitation/${TOKEN}`;
const TERMINAL = { isTTY: true, columns: 80 };
const UTF8 = { LANG: 'ko_KR.UTF-8', TERM: 'xterm' };

const told = (urls: string[], output: object = TERMINAL, environment: object = UTF8): string[] =>
  invitationInWords({ urls, until: UNTIL }, output, { ...environment }).split('\n');
/** The lines of the code. */
const codeIn = (lines: readonly string[]): string[] => lines.filter((line) => /[█▀▄]/.test(line));

describe('an invitation in a terminal', () => {
  it('is its links, one a line, and until when', () => {
    const urls = [BY_HTTPS, `https://[2001:db8::7]:8443/#/invitation/${TOKEN}`];
    expect(told(urls, TERMINAL, { LANG: 'C' })).toEqual([
      ...urls,
      `good once, until ${UNTIL}: to talk to the car and see what its camera sees`,
    ]);
  });

  it.each([
    ['http://192.0.2.7:8080', true],
    ['http://car.example:8080', true],
    ['http://127.0.0.1:8080', false],
    ['http://[::1]:8080', false],
    ['http://localhost:8080', false],
    ['https://192.0.2.7:8443', false],
  ])('by %s says that there is no microphone: %s', (place, isSaid) => {
    const lines = told([`${place}/#/invitation/${TOKEN}`], TERMINAL, {});
    expect(lines.some((line) => line.includes('microphone'))).toBe(isSaid);
  });

  it.each([
    ['dark', DARK],
    ['light', LIGHT],
  ])('is a code that is read as the first link where the terminal is %s', (_, theme) => {
    const code = codeIn(told([BY_HTTPS, 'https://elsewhere.example/'], TERMINAL));
    expect(scanned(code, theme)).toBe(BY_HTTPS);
  });

  it('is such a code without colours, too: inverted where the terminal is light', () => {
    for (const [output, environment] of [
      [TERMINAL, { ...UTF8, NO_COLOR: '1' }],
      [{}, UTF8],
    ] as const) {
      const code = codeIn(told([BY_HTTPS], output, environment));
      expect(code.join('')).not.toContain('\x1b');
      expect(scanned(code, DARK)).toBe(BY_HTTPS);
      expect(scanned(code, LIGHT)).toBeUndefined();
      expect(scanned(code, LIGHT, 'attemptBoth')).toBe(BY_HTTPS);
    }
  });

  it('keeps four light modules clear on each side of the code', () => {
    const code = codeIn(told([BY_HTTPS], {}));
    expect(code.slice(0, 2).every((line) => /^█+$/.test(line))).toBe(true);
    expect(code.slice(-2).every((line) => /^█+$/.test(line.replaceAll('▀', '█')))).toBe(true);
    for (const line of code.slice(2, -2)) expect(line).toMatch(/^████.*████$/);
    expect(code.some((line) => /^████[^█]/.test(line))).toBe(true);
    expect(new Set(code.map(({ length }) => length)).size).toBe(1);
  });

  it('fits into a terminal of 80 by 24 with an address of 46 characters', () => {
    const long = `https://[2001:db8:1111:2222:3333:4444:5555:6666]:65535/#/invitation/${TOKEN}`;
    const lines = told([long]);
    expect(codeIn(lines)[0]?.replace(/\x1b\[[\d;]*m/g, '').length).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(26);
    expect(scanned(codeIn(lines), DARK)).toBe(long);
  });

  it('is no code where the locale is not UTF-8, and says how wide it needs a narrow terminal', () => {
    expect(codeIn(told([BY_HTTPS], TERMINAL, { ...UTF8, LC_ALL: 'C' }))).toEqual([]);
    const lines = told([BY_HTTPS], { isTTY: true, columns: 40 });
    expect(codeIn(lines)).toEqual([]);
    expect(lines.pop()).toBe('its QR code needs a terminal of 41 columns, and this one has 40');
    expect(codeIn(told([BY_HTTPS], { isTTY: true, columns: 41 }))).not.toEqual([]);
  });
});
