import type { Contact } from './contact';
import { MAX_NAME, MAX_NUMBER, MAX_NUMBERS, SHORT_NUMBER } from './contact';

/** What a file of cards came to. */
export interface ReadCards {
  readonly contacts: readonly Contact[];
  /** Cards without a name, without a number or address, or without an end. */
  readonly skipped: number;
}

/** One line of a card, RFC 6350 §3.3; the group before its name says nothing here. */
interface Property {
  readonly name: string;
  readonly params: string;
  readonly value: string;
}

const LINE =
  /^(?:[\w-]+\.)?(?<name>[\w-]+)(?<params>(?:;[^:;="]+(?:=(?:"[^"]*"|[^:;"])*)?)*):(?<value>.*)$/;
/** Octets of a line before it is folded, §3.2. */
const FOLD = 75;
/** What vCard has no word for: dialled in place of a number. */
const SHORT = 'X-DASHVOIP-SHORT';

/** Reads vCards of RFC 6350 (4.0), RFC 2426 (3.0), and 2.1 as far as phones write it. What is unknown is passed over. */
export function readVCards(text: string): ReadCards {
  const contacts: Contact[] = [];
  let card: Property[] | undefined;
  let skipped = 0;
  for (const line of unfolded(text)) {
    const property = propertyOf(line);
    const isFrame = property?.value.trim().toUpperCase() === 'VCARD';
    if (isFrame && property.name === 'BEGIN') {
      if (card) skipped += 1;
      card = [];
    } else if (isFrame && property.name === 'END' && card) {
      const contact = contactOf(card);
      if (contact) contacts.push(contact);
      else skipped += 1;
      card = undefined;
    } else if (property) card?.push(property);
  }
  return { contacts, skipped: skipped + (card ? 1 : 0) };
}

/** One card of RFC 6350 for each. */
export function writeVCards(contacts: readonly Contact[]): string {
  return contacts
    .flatMap(({ name, numbers, short }) => [
      'BEGIN:VCARD',
      'VERSION:4.0',
      `FN:${escaped(name)}`,
      ...numbers.map((number, place) => numberLine(number, place + 1)),
      ...(short === undefined ? [] : [`${SHORT}:${short}`]),
      'END:VCARD',
    ])
    .map((line) => `${folded(line)}\r\n`)
    .join('');
}

/** §3.2; and the soft line breaks of quoted-printable in 2.1. */
function unfolded(text: string): string[] {
  const whole = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const lines: string[] = [];
  let isSoft = false;
  for (const line of whole.split('\n')) {
    const last = lines.length - 1;
    if (isSoft) lines[last] = `${(lines[last] ?? '').slice(0, -1)}${line}`;
    else if (/^[ \t]/.test(line) && last >= 0) lines[last] += line.slice(1);
    else lines.push(line);
    const now = lines[lines.length - 1] ?? '';
    isSoft = now.endsWith('=') && /^[^:]*QUOTED-PRINTABLE/i.test(now);
  }
  return lines;
}

function propertyOf(line: string): Property | undefined {
  const { name = '', params = '', value = '' } = LINE.exec(line)?.groups ?? {};
  if (name === '') return undefined;
  const isQuoted = /QUOTED-PRINTABLE/i.test(params);
  return { name: name.toUpperCase(), params, value: isQuoted ? fromQuoted(value) : value };
}

function contactOf(card: readonly Property[]): Contact | undefined {
  const first = (wanted: string): string =>
    unescaped(card.find(({ name }) => name === wanted)?.value ?? '').trim();
  const name = first('FN') || nameOfParts(card) || first('ORG').replace(/;.*/, '');
  const numbers = card
    .flatMap(numbersOf)
    .sort((one, other) => one.rank - other.rank)
    .map(({ number }) => number);
  if (name === '' || numbers.length === 0) return undefined;
  const short = first(SHORT);
  return {
    name: plain(name).slice(0, MAX_NAME),
    numbers: [...new Set(numbers)].slice(0, MAX_NUMBERS),
    ...(SHORT_NUMBER.test(short) ? { short } : {}),
  };
}

/** `N:Family;Given`, where 2.1 has no FN. */
function nameOfParts(card: readonly Property[]): string {
  const parts = card.find(({ name }) => name === 'N')?.value.split(/(?<!\\);/) ?? [];
  const [family = '', given = ''] = parts.map((part) => unescaped(part).trim());
  return `${given} ${family}`.trim();
}

/** What of a property can be dialled, with its place: preferred ones first, §5.3. */
function numbersOf({ name, params, value }: Property): { number: string; rank: number }[] {
  if (!['TEL', 'IMPP', 'X-SIP', 'SIP'].includes(name)) return [];
  const text = plain(unescaped(value).trim());
  const number = name === 'TEL' ? text.replace(/^tel:/i, '').replace(/;.*$/, '') : text;
  const isSip = /^sips?:./i.test(number);
  if (number === '' || number.length > MAX_NUMBER || (name === 'IMPP' && !isSip)) return [];
  const pref = /;PREF=(\d+)/i.exec(params)?.[1];
  // 3.0 and 2.1 say it by a type.
  const isPreferred = /[;=,"]pref(?:[;,"]|$)/i.test(params);
  return [{ number, rank: Number(pref ?? (isPreferred ? 1 : 101)) }];
}

/** RFC 3966 has a global number only as a URI of its own. */
function numberLine(number: string, place: number): string {
  const [digits] = [number.replace(/[\s().-]/g, '')];
  if (/^sips?:/i.test(number) || number.includes('@')) {
    return `IMPP;PREF=${place}:${/^sips?:/i.test(number) ? number : `sip:${number}`}`;
  }
  return /^\+\d+$/.test(digits)
    ? `TEL;VALUE=uri;PREF=${place}:tel:${digits}`
    : `TEL;VALUE=text;PREF=${place}:${escaped(number)}`;
}

/** §3.4. */
function escaped(text: string): string {
  return text.replace(/[\\,;]/g, (mark) => `\\${mark}`);
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, mark: string) => (/n/i.test(mark) ? ' ' : mark));
}

function plain(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]+/g, ' ');
}

/** RFC 2045 §6.7, of UTF-8. */
function fromQuoted(text: string): string {
  const octets = [...Buffer.from(text)].map((octet) => String.fromCharCode(octet)).join('');
  const decoded = octets.replace(/=([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString('utf8');
}

/** Between characters, not within one. */
function folded(line: string): string {
  let [lines, room] = ['', FOLD];
  for (const character of line) {
    const octets = Buffer.byteLength(character);
    if (octets > room) {
      lines += '\r\n ';
      room = FOLD - 1;
    }
    lines += character;
    room -= octets;
  }
  return lines;
}
