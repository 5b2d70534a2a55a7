import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KeptPhoneBook } from '../../../src/agent';
import { life } from '../../support/mortal-fs';
import { contacts, folderOf, kept, reread } from './folder';

vi.mock('node:fs/promises', async (original) => {
  const { mortalPromises } = await import('../../support/mortal-fs');
  const real = await original<typeof import('node:fs/promises')>();
  return mortalPromises(real, await import('node:fs'));
});

beforeEach(() => life.begin());

describe('a phone book in a folder', () => {
  it('is the old or the new one, whole, when the process is killed while it writes', async () => {
    let kills = 0;
    for (const arrives of [0, 0.5, 1]) {
      for (let calls = 0; ; calls++) {
        const folder = folderOf();
        await kept(folder, contacts(1), contacts(2));
        life.begin(calls, arrives);
        let written = false;
        const run = kept(folder, contacts(3)).then(() => {
          written = true;
        });
        await Promise.race([run, life.death]);
        const wasKilled = life.isOver;
        life.begin();
        const there = await reread(folder);
        expect(there.problem).toBeUndefined();
        expect(written ? [3] : [2, 3]).toContain(there.contacts.length);
        expect(there.contacts).toEqual(contacts(there.contacts.length));
        if (!wasKilled) break;
        kills += 1;
      }
    }
    // Of each way: both files are opened, written, synced, closed and renamed.
    expect(kills).toBeGreaterThanOrEqual(3 * 10);
  });

  it('is kept in memory while it cannot be written, which is told', async () => {
    const folder = folderOf();
    const book = new KeptPhoneBook(folder);
    await book.load();
    life.isReadOnly = true;
    await book.keep(contacts(1));
    expect(book.problem).toMatch(/^kept in memory only: EROFS/);
    life.isReadOnly = false;
    await book.keep(contacts(2));
    expect(book.problem).toBeUndefined();
    expect((await reread(folder)).contacts).toEqual(contacts(2));
  });

  it('that is damaged and can only be read is used, and says both', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'phone-book.json'), '{ "contacts": 5 }');
    writeFileSync(join(folder, 'phone-book.json.last'), 'torn');
    life.isReadOnly = true;
    const { contacts: there, problem } = await reread(folder);
    expect(there).toEqual([]);
    expect(problem).toMatch(
      /^its file cannot be read \(it has no list "contacts"\): .* was taken; not put aside: Error: EROFS/,
    );
  });
});
