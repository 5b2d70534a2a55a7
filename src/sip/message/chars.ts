/** Character classes of the grammar (RFC 3261 §25.1) as bits of one table. */
export const TOKEN = 1;
/** Allowed in a user or password as it is; the parser also lets through what peers send unescaped. */
export const USER_UNRESERVED = 2;
/** Host names; the underscore is not in the grammar, but in many a network. */
export const HOST = 4;
/** Unquoted parameter value: all that is visible and ends no value, so that raw IPv6 is readable. */
export const VALUE = 8;
/** Anything that a URI may contain on the wire, escapes included, before it is taken apart. */
export const URI_VISIBLE = 16;
export const DIGIT = 32;
/** An IPv6 address, an IPv4 tail included. */
export const IPV6 = 64;

const CLASSES = new Uint8Array(128);

function mark(bits: number, characters: string): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    CLASSES[code] = (CLASSES[code] ?? 0) | bits;
  }
}

const DIGITS = '0123456789';
const ALPHANUM = `${DIGITS}abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const UNRESERVED = `${ALPHANUM}-_.!~*'()`;

mark(DIGIT, DIGITS);
mark(TOKEN, `${ALPHANUM}-.!%*_+\`'~`);
mark(USER_UNRESERVED, `${UNRESERVED}&=+$,;?/`);
mark(IPV6, '0123456789abcdefABCDEF:.');
mark(HOST, `${ALPHANUM}-._`);
for (let code = 0x21; code < 0x7f; code++) {
  const character = String.fromCharCode(code);
  if (!';,"<>'.includes(character)) mark(VALUE, character);
  if (!'"<>'.includes(character)) mark(URI_VISIBLE, character);
}

/** Whether the character code `code` (NaN past the end of a string) is in one of the classes `bits`. */
export function isClass(code: number, bits: number): boolean {
  return code < 128 && ((CLASSES[code] ?? 0) & bits) !== 0;
}

/** First position in [`start`, `end`) whose character is in none of the classes `bits`. */
export function skipClass(text: string, start: number, end: number, bits: number): number {
  let position = start;
  while (position < end && isClass(text.charCodeAt(position), bits)) position++;
  return position;
}

export function isToken(text: string): boolean {
  return text.length > 0 && skipClass(text, 0, text.length, TOKEN) === text.length;
}

export function skipSpace(text: string, start: number, end: number): number {
  let position = start;
  while (position < end && isSpace(text.charCodeAt(position))) position++;
  return position;
}

/** End of [`start`, `end`) without the blanks it ends in. */
export function skipSpaceBack(text: string, start: number, end: number): number {
  let position = end;
  while (position > start && isSpace(text.charCodeAt(position - 1))) position--;
  return position;
}

/** LWS once lines are unfolded. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
