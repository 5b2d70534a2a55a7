import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { PAGE_BUILD, PAGE_FILES } from '../../scripts/lib/bundling';

const ROOT = resolve(import.meta.dirname, '../..');
/** All that a browser loads, gzipped, bytes. */
const BUDGET = 100_000;

const made = await build({ ...PAGE_BUILD, absWorkingDir: ROOT, write: false });
const files = [
  ...made.outputFiles.map(({ path, text }) => ({ name: path.replace(/^.*\//, ''), text })),
  ...PAGE_FILES.map((name) => ({
    name,
    text: readFileSync(join(ROOT, 'src/page', name), 'utf8'),
  })),
];
const textOf = (name: string): string => files.find((file) => file.name === name)?.text ?? '';

describe('the page as it is served', () => {
  it('is four files of at most 100 KB, gzipped', () => {
    expect(files.map(({ name }) => name).sort()).toEqual([
      'icon.svg',
      'index.html',
      'page.css',
      'page.js',
    ]);
    const sizes = files.map(({ text }) => gzipSync(text, { level: 9 }).length);
    expect(sizes.every((size) => size > 100)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(BUDGET);
  });

  it('loads nothing from elsewhere', () => {
    const addresses = files.flatMap(
      ({ text }) => text.match(/\b(https?:)?\/\/[\w.-]+\.[a-z]+[^\s"'`)]*/g) ?? [],
    );
    // Names of languages, which nobody fetches.
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
  });

  it('has neither script nor style within its text, as a strict policy asks', () => {
    const html = textOf('index.html');
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
    const scripts = html.match(/<script[^>]*>[^<]*<\/script>/g);
    expect(scripts).toEqual(['<script type="module" src="page.js"></script>']);
    expect(textOf('page.js').match(/\beval\(|\bnew Function\(/g)).toBeNull();
  });
});
