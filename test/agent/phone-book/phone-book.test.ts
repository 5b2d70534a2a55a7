import { describe, expect, it } from 'vitest';
import { type Contact, PhoneBook, type PhoneBookKeeper } from '../../../src/agent';
import { isContact, MAX_CONTACTS, MAX_NUMBERS } from '../../../src/agent/phone-book/contact';

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

describe('a contact', () => {
  const numbers = ['1'];

  it.each<[string, unknown]>([
    ['a short number', { name: 'a', numbers, short: '*1#456' }],
    ['a hundred characters', { name: 'a'.repeat(100), numbers }],
    ['as many numbers as it may have', { name: 'a', numbers: Array(8).fill('1') }],
    ['the longest number', { name: 'a', numbers: ['1'.repeat(255)] }],
  ])('may have %s', (_, value) => {
    expect(isContact(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['text', 'a'],
    ['nothing', null],
    ['undefined', undefined],
    ['a number for a name', { name: 5, numbers }],
    ['an empty name', { name: '', numbers }],
    ['a name of two lines', { name: 'a\nb', numbers }],
    ['a name that begins with a control character', { name: '\u0007a', numbers }],
    ['a name that ends with one', { name: 'a\u007f', numbers }],
    ['a name that is too long', { name: 'a'.repeat(101), numbers }],
    ['no numbers', { name: 'a' }],
    ['numbers that are none', { name: 'a', numbers: '1' }],
    ['an empty list of numbers', { name: 'a', numbers: [] }],
    ['one number too many', { name: 'a', numbers: Array(9).fill('1') }],
    ['one number that is none', { name: 'a', numbers: ['1', 2] }],
    ['an empty number', { name: 'a', numbers: ['1', ''] }],
    ['a number that is too long', { name: 'a', numbers: ['1'.repeat(256)] }],
    ['a short number that is none', { name: 'a', numbers, short: 1 }],
    ['an empty short number', { name: 'a', numbers, short: '' }],
    ['a short number that is too long', { name: 'a', numbers, short: '1234567' }],
    ['letters behind a short number', { name: 'a', numbers, short: '1a' }],
    ['letters before a short number', { name: 'a', numbers, short: 'a1' }],
  ])('is not %s', (_, value) => {
    expect(isContact(value)).toBe(false);
  });
});

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

  it('is changed by whose short number it is', async () => {
    const book = await bookOf(HOME);
    await book.add('home', '7', '1');
    expect(book.all).toEqual([{ ...HOME, numbers: ['sip:home@example.org', '7'] }]);
    // An import that has the same short number for the same one takes nothing from them.
    expect(await book.takeIn([{ ...HOME, name: 'HOME' }])).toMatchObject({ changed: 0 });
    expect(book.all[0]?.short).toBe('1');
  });

  it('says what cannot be kept, and keeps nothing of it', async () => {
    const book = await bookOf(HOME);
    expect(await reason(book.add('a\nb', '7'))).toBe('a\nb has no name or number that can be kept');
    expect(book.all).toEqual([HOME]);
  });

  it('finds letters that were written otherwise, and short numbers', async () => {
    const composed = { name: '집', numbers: ['2'], short: '9' };
    const book = await bookOf(composed, HOME);
    expect(book.dialled('집'.normalize('NFD'))?.name).toBe('집');
    expect(book.find('9')).toEqual([composed]);
    // Where one ends and the next begins is no text to be found.
    expect(book.find('home sip')).toEqual([]);
    expect(book.problems).toEqual([]);
  });

  it('has those of one name in the place where they came', async () => {
    const names = ['b', 'C', 'a', 'B2'];
    const book = await bookOf(...names.map((name) => ({ name, numbers: ['1'] })));
    await book.add('aa', '1');
    expect(book.all.map(({ name }) => name)).toEqual(['a', 'aa', 'b', 'B2', 'C']);
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
    expect(await book.takeIn([{ ...HOME, numbers: ['5'] }])).toMatchObject({ changed: 1 });
    expect(kept).toHaveLength(2);
  });
});
