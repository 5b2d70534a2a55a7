import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PhoneBook } from '../../../src/agent';
import { importCards } from '../../../src/agent/phone-book';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-cards-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MOST = 16 * 1024 * 1024;

function fileOf(name: string, text: string, bytes?: number): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  if (bytes !== undefined) truncateSync(path, bytes);
  return path;
}

const card = (...lines: readonly string[]): string =>
  ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\n');

const imported = (path: string) => importCards(new PhoneBook(), path);

describe('a file of cards', () => {
  it('tells what came of it: what is no contact, and what the book does not take', async () => {
    const book = new PhoneBook();
    for (let number = 1; number <= 8; number++) await book.add('Full', `${number}`);
    const cards = [card('FN:A', 'TEL:1'), card('FN:no number'), card('FN:Full', 'TEL:9')];
    expect(await importCards(book, fileOf('some.vcf', cards.join('')))).toEqual({
      ...{ added: 1, changed: 0, skipped: 2 },
    });
  });

  it('may have nobody whom one could call, but not no cards', async () => {
    const nobody = fileOf('nobody.vcf', card('FN:no number'));
    expect(await imported(nobody)).toEqual({ added: 0, changed: 0, skipped: 1 });
    const both = fileOf('both.vcf', card('FN:A', 'TEL:1') + card('FN:no number'));
    expect(await imported(both)).toMatchObject({ added: 1, skipped: 1 });
    await expect(imported(fileOf('empty.vcf', ''))).rejects.toThrow('it has no vCard');
  });

  it('is read up to what a book with pictures has, and no further', async () => {
    const text = card('FN:A', 'TEL:1');
    expect(await imported(fileOf('most.vcf', text, MOST))).toMatchObject({ added: 1 });
    await expect(imported(fileOf('more.vcf', text, MOST + 1))).rejects.toThrow(
      `it has ${MOST + 1} bytes, and ${MOST} at most are read`,
    );
  });

  it('is a file: neither a folder nor a pipe, which would be waited for', async () => {
    await expect(imported(folder)).rejects.toThrow('it is no file');
    const pipe = join(folder, 'pipe.vcf');
    execFileSync('mkfifo', [pipe]);
    await expect(imported(pipe)).rejects.toThrow('it is no file');
  });
});
