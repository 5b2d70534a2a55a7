import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { JsonLines, type LineFile, lineFileAt } from '../../src/platform';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file in memory that the process is killed at: of what is written `budget` bytes arrive, then nothing ever does. */
class FragileFile implements LineFile {
  #text: string | undefined;
  /** Where `replace` writes before it renames. */
  #draft: string | undefined;
  budget = Number.POSITIVE_INFINITY;
  failure: Error | undefined;
  operations: string[] = [];

  constructor(text?: string) {
    this.#text = text;
  }

  get text(): string | undefined {
    return this.#text;
  }

  async read(): Promise<string | undefined> {
    if (this.failure) throw this.failure;
    return this.#text;
  }

  async append(text: string): Promise<void> {
    if (this.failure) throw this.failure;
    this.operations.push('append');
    this.#text = (this.#text ?? '') + this.#arrives(text);
    await this.#diesAt(text);
  }

  async replace(text: string): Promise<void> {
    if (this.failure) throw this.failure;
    this.operations.push('replace');
    this.#draft = this.#arrives(text);
    await this.#diesAt(text);
    this.#text = this.#draft;
  }

  async #diesAt(text: string): Promise<void> {
    if (this.budget === 0 && text !== '') await new Promise(() => undefined);
  }

  #arrives(text: string): string {
    const part = text.slice(0, Math.min(text.length, this.budget));
    this.budget -= part.length;
    return part;
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function loaded(file: LineFile, limit = 3): Promise<{ lines: JsonLines; had: unknown[] }> {
  const lines = new JsonLines(file, limit);
  return { lines, had: await lines.load() };
}

describe('JSON lines', () => {
  it('are appended, and all written anew when twice as many lie there as are kept', async () => {
    const file = new FragileFile();
    const { lines, had } = await loaded(file);
    expect(had).toEqual([]);
    for (let count = 1; count <= 8; count++) {
      lines.add(count);
      await lines.settled();
    }
    expect(file.operations).toEqual([
      'replace',
      ...['append', 'append', 'append', 'append', 'append', 'append'],
      'replace',
      'append',
    ]);
    expect(file.text).toBe('5\n6\n7\n8\n');
    expect((await loaded(file)).had).toEqual([6, 7, 8]);
  });

  it('told at once are written together', async () => {
    const file = new FragileFile('1\n');
    const { lines } = await loaded(file);
    lines.add(2);
    lines.add(3);
    await lines.settled();
    expect(file.text).toBe('1\n2\n3\n');
  });

  it.each([
    ['1\n2', [1, 2]],
    ['1\n{"a":', [1]],
    ['\u0000\n1\nx\n\n2\n', [1, 2]],
    ['', []],
  ])(
    'that are torn or odd are passed over, and are gone after the next one: %j',
    async (text, had) => {
      const file = new FragileFile(text);
      const first = await loaded(file);
      expect(first.had).toEqual(had);
      first.lines.add('new');
      await first.lines.settled();
      expect((await loaded(file, 10)).had).toEqual([...had, 'new']);
    },
  );

  it('are whole after an end of the process at every byte of every write', async () => {
    const told = Array.from({ length: 12 }, (_, place) => ({ call: place + 1 }));
    for (let bytes = 0; bytes < 400; bytes++) {
      const file = new FragileFile();
      file.budget = bytes;
      const { lines } = await loaded(file);
      for (const value of told) {
        lines.add(value);
        await settle();
      }
      file.budget = Number.POSITIVE_INFINITY;
      const next = await loaded(file);
      // Some of them in their order, the newest of which is the last that was written whole.
      const numbers = next.had.map((value) => Object(value).call);
      const [first = 1] = numbers;
      expect(numbers).toEqual(numbers.map((_, place) => first + place));
      next.lines.add({ call: 'after' });
      await next.lines.settled();
      expect((await loaded(file)).had).toEqual([...next.had, { call: 'after' }].slice(-3));
    }
  });

  it('that cannot be written are kept, and written with the next one that can', async () => {
    const file = new FragileFile('1\n');
    const { lines } = await loaded(file);
    file.failure = new Error('EROFS: read-only file system');
    lines.add(2);
    await lines.settled();
    expect(lines.problem).toBe('EROFS: read-only file system');
    file.failure = undefined;
    lines.add(3);
    await lines.settled();
    expect(lines.problem).toBeUndefined();
    expect(file.text).toBe('1\n2\n3\n');
  });

  it('that cannot be written say so before there is anything to write, and are read all the same', async () => {
    const file = new FragileFile('1\n');
    file.append = () => Promise.reject(new Error('EROFS: read-only file system'));
    const { lines, had } = await loaded(file);
    expect([had, lines.problem]).toEqual([[1], 'EROFS: read-only file system']);
  });

  it('that cannot be read are none, and say why', async () => {
    const file = new FragileFile('1\n');
    file.failure = new Error('EIO: i/o error');
    const { lines, had } = await loaded(file);
    expect([had, lines.problem]).toEqual([[], 'EIO: i/o error']);
  });

  it('told while a slow card is read come after what is read', async () => {
    const file = new FragileFile('1\n');
    const lines = new JsonLines(file, 3);
    const reading = lines.load();
    lines.add(2);
    await reading;
    lines.add(3);
    await lines.settled();
    expect((await loaded(file)).had).toEqual([1, 2, 3]);
  });
});

describe('a file of lines', () => {
  it('is made with its folder, for its owner alone, and leaves no draft', async () => {
    const path = join(folder, 'deep', 'er', 'lines');
    const file = lineFileAt(path);
    expect(await file.read()).toBeUndefined();
    await file.replace('1\n');
    await file.append('2\n');
    expect(readFileSync(path, 'utf8')).toBe('1\n2\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => statSync(`${path}.new`)).toThrow('ENOENT');
  });

  it('below /proc says at once that it cannot be', async () => {
    const { lines, had } = await loaded(lineFileAt('/proc/nowhere/deep/lines'));
    expect([had, lines.problem]).toEqual([[], expect.stringMatching(/^ENOENT.* mkdir/)]);
  });

  it('in the place of a folder says why it cannot be', async () => {
    writeFileSync(join(folder, 'flat'), '');
    const { lines } = await loaded(lineFileAt(join(folder, 'flat', 'lines')));
    lines.add(1);
    await lines.settled();
    expect(lines.problem).toMatch(/^(ENOTDIR|EEXIST)/);
  });
});
