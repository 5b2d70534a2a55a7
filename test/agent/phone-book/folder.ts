import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Contact, KeptPhoneBook } from '../../../src/agent';

const root = mkdtempSync(join(tmpdir(), 'dashvoip-book-'));
afterAll(() => rmSync(root, { recursive: true }));

export const contacts = (count: number): Contact[] =>
  Array.from({ length: count }, (_, n) => ({ name: `name ${n}`, numbers: [`10${n}`] }));

export const folderOf = (): string => mkdtempSync(join(root, 'run-'));

export async function kept(
  folder: string,
  ...books: readonly (readonly Contact[])[]
): Promise<void> {
  const book = new KeptPhoneBook(folder);
  await book.load();
  for (const book1 of books) await book.keep(book1);
}

export async function reread(folder: string) {
  const book = new KeptPhoneBook(folder);
  return { contacts: await book.load(), problem: book.problem };
}
