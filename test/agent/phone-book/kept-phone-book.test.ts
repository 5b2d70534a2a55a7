import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeptPhoneBook } from '../../../src/agent';
import { contacts, folderOf, kept, reread } from './folder';

describe('a phone book in a folder', () => {
  it('is there after the process, and empty before the first change', async () => {
    const folder = folderOf();
    expect(await reread(folder)).toEqual({ contacts: [], problem: undefined });
    await kept(folder, contacts(2));
    expect(await reread(folder)).toEqual({ contacts: contacts(2), problem: undefined });
    expect(JSON.parse(readFileSync(join(folder, 'phone-book.json'), 'utf8'))).toEqual({
      contacts: contacts(2),
    });
  });

  it.each([
    ['torn', '{ "contacts": [\n  {"name":"a","num'],
    ['empty', ''],
    ['of another shape', '[]'],
  ])('that is %s is put aside, and what was before the last change is taken', async (_, text) => {
    const folder = folderOf();
    const path = join(folder, 'phone-book.json');
    await kept(folder, contacts(1), contacts(2));
    writeFileSync(path, text);
    const { contacts: there, problem } = await reread(folder);
    expect(there).toEqual(contacts(1));
    expect(problem).toMatch(/^its file cannot be read .* kept as phone-book\.json\.damaged$/);
    expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(text);
    expect(existsSync(path)).toBe(false);
    await kept(folder, contacts(3));
    expect((await reread(folder)).problem).toBeUndefined();
  });

  it('keeps of one that was damaged in places what can be read', async () => {
    const folder = folderOf();
    const list = [...contacts(2), { name: 'x', numbers: [] }, { name: 5 }, null];
    writeFileSync(join(folder, 'phone-book.json'), JSON.stringify({ contacts: list }));
    expect(await reread(folder)).toEqual({
      contacts: contacts(2),
      problem:
        'its file has 3 entries that are no contacts: they are left out; kept as phone-book.json.damaged',
    });
  });

  it('says that it is being read until it is', async () => {
    const book = new KeptPhoneBook(folderOf());
    expect(book.problem).toBeUndefined();
    const loaded = book.load();
    expect(book.problem).toBe('it is still being read');
    await loaded;
    expect(book.problem).toBeUndefined();
  });

  it('whose file is gone is what it was before the last change, which is told', async () => {
    const folder = folderOf();
    await kept(folder, contacts(1), contacts(2));
    rmSync(join(folder, 'phone-book.json'));
    expect(await reread(folder)).toEqual({
      contacts: contacts(1),
      problem: 'its file is gone: taken from .last',
    });
  });

  it('is what was kept last, however fast changes come, and settled when that is written', async () => {
    const folder = folderOf();
    const book = new KeptPhoneBook(folder);
    await book.load();
    for (let count = 1; count <= 5; count++) void book.keep(contacts(count));
    await book.settled();
    expect((await reread(folder)).contacts).toEqual(contacts(5));
    const last = readFileSync(join(folder, 'phone-book.json.last'), 'utf8');
    expect(JSON.parse(last)).toEqual({ contacts: contacts(4) });
  });

  it('takes of a file by hand as many as a book has', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'phone-book.json'), JSON.stringify({ contacts: contacts(1001) }));
    expect((await reread(folder)).contacts).toEqual(contacts(1000));
  });

  it('is a line for each, for who looks into it', async () => {
    const folder = folderOf();
    await kept(folder, contacts(2));
    expect(readFileSync(join(folder, 'phone-book.json'), 'utf8')).toBe(
      '{ "contacts": [\n  {"name":"name 0","numbers":["100"]},\n  {"name":"name 1","numbers":["101"]}\n] }\n',
    );
  });
});
