import { describe, expect, it } from 'vitest';
import { type Contact, PhoneBook, type PhoneBookKeeper } from '../../../src/agent';
import { MAX_CONTACTS, MAX_NUMBERS } from '../../../src/agent/phone-book/contact';

const HOME = { name: 'Home', numbers: ['sip:home@example.org'], short: '1' };

async function bookOf(...contacts: readonly Contact[]): Promise<PhoneBook> {
  const book = new PhoneBook();
  await book.takeIn(contacts);
  return book;
}

const reason = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    ({ message }: Error) => message,
  );

describe('the phone book', () => {
  it('is sorted by name, and searched in names and numbers', async () => {
    const book = await bookOf({ name: 'office', numbers: ['02-123'] }, HOME);
    expect(book.find().map(({ name }) => name)).toEqual(['Home', 'office']);
    expect(book.find('OFF')).toHaveLength(1);
    expect(book.find('2-1').map(({ name }) => name)).toEqual(['office']);
    expect(book.find('nobody')).toEqual([]);
  });

  it('knows whom a name or a short number means, in full', async () => {
    const book = await bookOf(HOME);
    expect(['home', ' HOME ', '1'].map((target) => book.dialled(target)?.name)).toEqual(
      Array(3).fill('Home'),
    );
    expect(book.dialled('hom')).toBeUndefined();
    expect(book.dialled('11')).toBeUndefined();
  });

  it('takes a short number for one, whatever name looks like it', async () => {
    const book = await bookOf({ name: '1', numbers: ['02-7'] }, HOME);
    expect(book.dialled('1')?.name).toBe('Home');
  });

  it('has further numbers of a name behind the first, each once', async () => {
    const book = await bookOf(HOME);
    await book.add('HOME', '02-123');
    expect(await book.add('home', '02-123', '2')).toEqual({
      name: 'Home',
      numbers: ['sip:home@example.org', '02-123'],
      short: '2',
    });
    expect(book.dialled('1')).toBeUndefined();
  });

  it('has a short number once', async () => {
    const book = await bookOf(HOME);
    expect(await reason(book.add('Office', '7', '1'))).toBe('1 is dialled for Home already');
    await book.takeIn([{ name: 'Office', numbers: ['7'], short: '1' }]);
    expect(book.dialled('1')?.name).toBe('Home');
    expect(book.dialled('office')).toEqual({ name: 'Office', numbers: ['7'] });
  });

  it('loses a name with all its numbers', async () => {
    const book = await bookOf(HOME);
    expect(await reason(book.remove('Office'))).toBe('there is no Office in the phone book');
    await book.remove('1');
    expect(book.all).toEqual([]);
  });

  it('tells what came of an import', async () => {
    const book = await bookOf(HOME);
    const more = [HOME, { name: 'Home', numbers: ['5'] }, { name: 'New', numbers: ['6'] }];
    expect(await book.takeIn([...more, { name: '', numbers: ['7'] }])).toEqual({
      added: 1,
      changed: 1,
      skipped: 1,
    });
  });

  it('is bounded in names, and in numbers of a name', async () => {
    const book = new PhoneBook();
    const many = Array.from({ length: MAX_CONTACTS + 1 }, (_, n) => ({
      name: `n${n}`,
      numbers: ['1'],
    }));
    expect(await book.takeIn(many)).toMatchObject({ added: MAX_CONTACTS, skipped: 1 });
    expect(await reason(book.add('one more', '1'))).toBe(
      'the phone book is full: it has 1000 names',
    );
    for (let n = 1; n < MAX_NUMBERS; n++) await book.add('n0', `1${n}`);
    expect(await reason(book.add('n0', '99'))).toBe('n0 has 8 numbers; 8 at most');
  });

  it('is not changed before what is kept was read, which would be lost by that', async () => {
    let read: (contacts: readonly Contact[]) => void = () => undefined;
    const kept: (readonly Contact[])[] = [];
    const keeper: PhoneBookKeeper = {
      load: () => new Promise((done) => (read = done)),
      keep: async (contacts) => void kept.push(contacts),
      problem: 'it is still being read',
    };
    const book = new PhoneBook(keeper);
    expect(book.problems).toEqual(['phone book: it is still being read']);
    expect(await reason(book.add('Home', '1'))).toMatch(/still being read/);
    read([HOME]);
    await Promise.resolve();
    await book.add('Office', '2');
    expect(kept).toEqual([[HOME, { name: 'Office', numbers: ['2'] }]]);
    // What changes nothing wears no card.
    expect(await book.takeIn([HOME])).toEqual({ added: 0, changed: 0, skipped: 0 });
    expect(kept).toHaveLength(1);
  });
});
