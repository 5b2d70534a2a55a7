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
