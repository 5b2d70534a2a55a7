// Shows RFC 6350.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contact } from '../../../src/agent';
import { isContact } from '../../../src/agent/phone-book/contact';
import { readVCards, writeVCards } from '../../../src/agent/phone-book/vcard';

const card = (...lines: readonly string[]): string =>
  ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n');

describe('a vCard that is read', () => {
  it.each<[string, string, Contact]>([
    [
      '4.0 with a URI and a preference',
      card(
        ...['VERSION:4.0', 'FN:Home', 'TEL;TYPE=cell:010-2', 'TEL;VALUE=uri;PREF=1:tel:+82-2-1'],
        'IMPP:sip:home@example.org',
      ),
      { name: 'Home', numbers: ['+82-2-1', '010-2', 'sip:home@example.org'] },
    ],
    [
      '4.0 with an extension, which is not dialled',
      card('VERSION:4.0', 'FN:Home', 'TEL;VALUE=uri:tel:+82-2-1;ext=5'),
      { name: 'Home', numbers: ['+82-2-1'] },
    ],
    [
      '3.0 with groups, quotes and a preferred type',
      card(
        ...['VERSION:3.0', 'N:Kim;Minsu;;;', 'FN:Kim\\, Minsu', 'item1.TEL;type=HOME:02 1'],
        'item2.TEL;TYPE="cell,pref":010 2',
      ),
      { name: 'Kim, Minsu', numbers: ['010 2', '02 1'] },
    ],
    [
      '2.1 in quoted-printable, over two lines',
      card(
        'VERSION:2.1',
        'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=EA=B9=80;=EB=AF=BC=\r\n=EC=88=98;;;',
        'TEL;CELL:010',
      ),
      { name: '민수 김', numbers: ['010'] },
    ],
    [
      'a folded line, with line feeds alone, and an end of line in a name',
      '\ufeffbegin:vcard\nversion:3.0\nfn:A lo\n ng\\nname\ntel:1\nend:vcard',
      { name: 'A long name', numbers: ['1'] },
    ],
    [
      'a picture, which is passed over, and our own short number',
      card('VERSION:3.0', 'FN:A', 'PHOTO;ENCODING=b:AAAA', ' BBBB', 'X-DASHVOIP-SHORT:12', 'TEL:1'),
      { name: 'A', numbers: ['1'], short: '12' },
    ],
    [
      '3.0 of a company, whose name is there alone',
      card('VERSION:3.0', 'FN: ', 'N:;;;;', 'ORG:Fleet\\, Ltd;Dispatch', 'TEL:1'),
      { name: 'Fleet, Ltd', numbers: ['1'] },
    ],
    [
      '2.1 with a semicolon within a name',
      card('VERSION:2.1', 'N:Kim\\;Park; Minsu ', 'TEL;PREF:2'),
      { name: 'Minsu Kim;Park', numbers: ['2'] },
    ],
    [
      'lines that end by carriage returns, a folded frame, and words that only look like frames or codings',
      'BEGIN:VC\r ARD \rFN:A\rNOTE:vcard\rNOTE;X=Y:QUOTED-PRINTABLE=\rTEL:1\rEND:VCARD\r',
      { name: 'A', numbers: ['1'] },
    ],
    [
      'our own short number that nobody could dial',
      card('FN:A', 'X-DASHVOIP-SHORT:1234567', 'TEL:1'),
      { name: 'A', numbers: ['1'] },
    ],
  ])('in %s', (_, text, contact) => {
    expect(readVCards(text)).toEqual({ contacts: [contact], skipped: 0 });
  });

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'the preferred one first',
      ['TEL;PREF=3:3', 'TEL;PREF=2:2', 'TEL:9', 'TEL;PREF=100:8'],
      ['2', '3', '8', '9'],
    ],
    ['as they stand, else', ['TEL:1', 'TEL:3', 'TEL:2'], ['1', '3', '2']],
    ['a type that only begins so is no preference', ['TEL:1', 'TEL;TYPE=preface:2'], ['1', '2']],
    ['a type in capitals', ['TEL:1', 'TEL;HOME;PREF:2'], ['2', '1']],
    [
      'addresses by every name they go by',
      ['X-SIP:sip:a@b', 'SIP:c@d', 'IMPP:SIPS:e@f'],
      ['sip:a@b', 'c@d', 'SIPS:e@f'],
    ],
    [
      'of other messengers none',
      ['TEL:1', 'IMPP:xmpp:sip:a@b', 'IMPP:sip:', 'URL:sip:c@d', 'EMAIL:e@f'],
      ['1'],
    ],
    ['each once', ['TEL:1', 'TEL;TYPE=work:tel:1', 'TEL: 1 '], ['1']],
    ['eight at most', [...'1234567890'].map((digit) => `TEL:${digit}`), [...'12345678']],
    [
      'none that is empty or beyond an address',
      ['TEL:', 'TEL:tel:;ext=1', `TEL:${'1'.repeat(256)}`, `TEL:${'2'.repeat(255)}`],
      ['2'.repeat(255)],
    ],
  ])('has its numbers: %s', (_, lines, numbers) => {
    expect(readVCards(card('FN:A', ...lines))).toEqual({
      contacts: [{ name: 'A', numbers }],
      skipped: 0,
    });
  });

  it.each<[string, string]>([
    ['escaped', 'FN:a\\\\b\\;c\\Nd'],
    ['with a control character', 'FN:a\\\\b\\;c\u0007\u0008d'],
    ['of 2.1, with "=" and soft breaks', 'FN;ENCODING=quoted-printable:a=5C=5c=\r\nb;c =\r\n=64'],
  ])('has its name as text: %s', (_, line) => {
    expect(readVCards(card(line, 'TEL:1')).contacts).toEqual([
      { name: 'a\\b;c d', numbers: ['1'] },
    ]);
  });

  it('has a name of a hundred characters at most', () => {
    const [found] = readVCards(card(`FN:${'a'.repeat(101)}`, 'TEL:1')).contacts;
    expect(found?.name).toBe('a'.repeat(100));
  });

  it('that was torn is counted when another begins, and what stands outside of cards is nobody', () => {
    const text = ['END:VCARD', 'FN:nobody', 'TEL:0', 'BEGIN:VCARD', 'FN:torn', 'TEL:1', ''];
    expect(
      readVCards(text.join('\n') + card('BEGIN:VEVENT', 'FN:A', 'END:VEVENT', 'TEL:2')),
    ).toEqual({
      contacts: [{ name: 'A', numbers: ['2'] }],
      skipped: 1,
    });
  });

  it('without a name or a number is counted, and costs no other', () => {
    const text = [
      card('VERSION:3.0', 'FN:A', 'a line that is none', 'TEL:1'),
      card('VERSION:3.0', 'FN:no number', 'IMPP:xmpp:a@b'),
      card('VERSION:3.0', 'TEL:2'),
      card('VERSION:3.0', 'FN:B', 'TEL:3'),
      'BEGIN:VCARD\r\nFN:torn',
    ].join('');
    const { contacts, skipped } = readVCards(text);
    expect(contacts.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(skipped).toBe(3);
  });

  it('is nothing where there is none, and never more than a contact can be', () => {
    expect(readVCards('{"contacts": []}')).toEqual({ contacts: [], skipped: 0 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
        expect(readVCards(pieces.join('')).contacts.filter((one) => !isContact(one))).toEqual([]);
      }),
    );
  });
});

const PIECES = [
  ...['BEGIN:VCARD\n', 'END:VCARD\n', 'FN:', 'N:', 'TEL', ';PREF=x', ';"', ':', ';', '\\', '\\n'],
  ...['=', '=00', ';ENCODING=QUOTED-PRINTABLE', '\n', '\n ', 'sip:a@b', 'tel:', 'x'.repeat(300)],
  ...['X-DASHVOIP-SHORT:1\n', 'IMPP:', '한글', '\u0000'],
];

describe('a vCard that is written', () => {
  it('is one of RFC 6350', () => {
    const contact = { name: 'Kim, M', numbers: ['+82 2-1', '7', 'a@b', 'sips:c@d'], short: '1' };
    expect(writeVCards([contact])).toBe(
      card(
        ...['VERSION:4.0', 'FN:Kim\\, M', 'TEL;VALUE=uri;PREF=1:tel:+8221'],
        ...['TEL;VALUE=text;PREF=2:7', 'IMPP;PREF=3:sip:a@b', 'IMPP;PREF=4:sips:c@d'],
        'X-DASHVOIP-SHORT:1',
      ),
    );
  });

  it.each([
    ['+82 (2) 1.2-3', 'TEL;VALUE=uri;PREF=1:tel:+822123'],
    ['02-123', 'TEL;VALUE=text;PREF=1:02-123'],
    ['*7,1', 'TEL;VALUE=text;PREF=1:*7\\,1'],
    ['+', 'TEL;VALUE=text;PREF=1:+'],
    ['1+2', 'TEL;VALUE=text;PREF=1:1+2'],
    ['SIP:a', 'IMPP;PREF=1:SIP:a'],
    ['a sip:b', 'TEL;VALUE=text;PREF=1:a sip:b'],
    ['a@sip:b', 'IMPP;PREF=1:sip:a@sip:b'],
    ['+1a', 'TEL;VALUE=text;PREF=1:+1a'],
  ])('has %s in the form that others read', (number, line) => {
    expect(writeVCards([{ name: 'A', numbers: [number] }]).split('\r\n')[3]).toBe(line);
  });

  it('fills its lines, and begins a further one for what does not fit', () => {
    const lines = (length: number): string[] =>
      writeVCards([{ name: 'a'.repeat(length), numbers: ['1'] }])
        .split('\r\n')
        .slice(2, -3);
    expect(lines(72)).toEqual([`FN:${'a'.repeat(72)}`]);
    expect(lines(73)).toEqual([`FN:${'a'.repeat(72)}`, ' a']);
    expect(lines(72 + 74 + 1)).toEqual([`FN:${'a'.repeat(72)}`, ` ${'a'.repeat(74)}`, ' a']);
  });

  it('has no line of more than 75 octets, and no character torn', () => {
    const name = '김민수 '.repeat(15).trim();
    const text = writeVCards([{ name, numbers: ['1'] }]);
    expect(Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line)))).toBe(74);
    expect(text).not.toContain('\ufffd');
    expect(readVCards(text).contacts).toEqual([{ name, numbers: ['1'] }]);
  });

  it('is read again as it was', () => {
    const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    const number = fc.stringMatching(/^(\+\d{7,12}|\d{2,8}|sip:[a-z]{1,9}@[a-z]{1,9})$/);
    const numbers = fc.uniqueArray(number, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.record({ name, numbers }), ({ name, numbers }) => {
        fc.pre(isContact({ name, numbers }) && name === name.trim() && !name.includes('\u2028'));
        expect(readVCards(writeVCards([{ name, numbers }])).contacts).toEqual([{ name, numbers }]);
      }),
    );
  });
});
