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
  ])('in %s', (_, text, contact) => {
    expect(readVCards(text)).toEqual({ contacts: [contact], skipped: 0 });
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
