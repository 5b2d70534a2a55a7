/** Somebody in the phone book. */
export interface Contact {
  readonly name: string;
  /** Addresses and numbers, as they are dialled; the first one is called. */
  readonly numbers: readonly string[];
  /** Dialled in its place. */
  readonly short?: string;
}

/** Of a contact; a file by hand has no more. */
export const MAX_NAME = 100;
export const MAX_NUMBERS = 8;
export const MAX_NUMBER = 255;
/** Of a book: that of a whole family, not of a town. */
export const MAX_CONTACTS = 1000;

export const SHORT_NUMBER = /^[\d*#]{1,6}$/;
/** One line that can be shown, and no more than a name or an address needs. */
const PLAIN = /^[^\x00-\x1f\x7f]+$/;

export function isContact(value: unknown): value is Contact {
  if (typeof value !== 'object' || value === null) return false;
  const { name, numbers, short } = Object.fromEntries(Object.entries(value));
  return (
    isPlain(name, MAX_NAME) &&
    Array.isArray(numbers) &&
    numbers.length > 0 &&
    numbers.length <= MAX_NUMBERS &&
    numbers.every((number) => isPlain(number, MAX_NUMBER)) &&
    (short === undefined || (typeof short === 'string' && SHORT_NUMBER.test(short)))
  );
}

/** A name as it is compared: letters alone count, not their case. */
export function nameKey(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

function isPlain(text: unknown, limit: number): boolean {
  return typeof text === 'string' && text.length <= limit && PLAIN.test(text);
}
