import { isClass } from './chars';

/** Percent-encodes as UTF-8 all that is not in the character classes `allowed` (RFC 3261 §19.1.2). */
export function percentEncode(text: string, allowed: number): string {
  let escaped = '';
  for (const character of text) {
    if (isClass(character.charCodeAt(0), allowed)) {
      escaped += character;
      continue;
    }
    for (const byte of Buffer.from(character)) {
      escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }
  }
  return escaped;
}

/** Percent-encodes the characters `which`, all of ASCII. */
export function percentEncodeIn(text: string, which: string): string {
  let escaped = '';
  for (const character of text) {
    escaped += which.includes(character)
      ? `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
      : character;
  }
  return escaped;
}

/** Undoes `%HH`; a percent sign that starts no escape stands for itself. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
  );
}

/** `text` as a quoted-string (RFC 3261 §25.1): backslash and quote are escaped. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The text within a quoted-string; anything else is returned as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== 0x22) return text;
  const inner = text.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\([\s\S])/g, '$1') : inner;
}

const EXCERPT_LENGTH = 80;

/** Text of the network as a log may show it: quoted, control characters escaped, cut. */
export function excerpt(text: string | undefined): string {
  if (text === undefined) return 'none';
  return JSON.stringify(
    text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}...` : text,
  );
}
