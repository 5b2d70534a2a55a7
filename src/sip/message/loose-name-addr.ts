import { HOST, isSpace, skipClass, skipSpace, skipSpaceBack, TOKEN } from './chars';
import { percentEncodeIn } from './escaping';
import { libertyOf } from './leniency';
import { NameAddr } from './name-addr';
import { Params } from './params';
import { SipUri, type Uri } from './uri';
import { readUri } from './uri-parser';
import { COMMA, EQUALS, LESS_THAN, QUOTE, SEMICOLON, ValueReader } from './value-reader';

const GREATER_THAN = 0x3e;
const AT = 0x40;

const INFERRED_QUOTES = libertyOf('quotes inferred in a display name');
const UNESCAPED = libertyOf('blanks or unescaped characters in a URI');
const NO_SCHEME = libertyOf('an address without a scheme, or none');
const BAD_PARAM = libertyOf('a parameter that cannot be read');

/** Brackets that may stand in an unquoted name before the ones of the address. */
const MAX_BRACKETS = 8;

/**
 * An address that the grammar does not have, and that leaves no doubt: the name is all that stands
 * before the first `<` with a SIP URI behind it, parameters that cannot be read are left out.
 */
export function readLooseNameAddr(reader: ValueReader): NameAddr | undefined {
  const { text, position: start, end } = reader;
  let bracket = start;
  for (let tries = 0; tries < MAX_BRACKETS; tries++, bracket++) {
    bracket = find(text, LESS_THAN, bracket, end);
    if (bracket < 0) return undefined;
    reader.position = bracket + 1;
    const uri = readBracketed(reader);
    if (!uri) continue;
    const name = readName(reader, start, bracket);
    if (name === undefined) return undefined;
    const params = readParams(reader);
    return params && new NameAddr(name === '' ? undefined : name, uri, params);
  }
  return undefined;
}

/** RFC 3323 §4.1.1.3: where an address is wanted and nobody is named. */
const ANONYMOUS = 'anonymous';
const ANONYMOUS_HOST = 'anonymous.invalid';

/**
 * From or To of who does not say who he is: `<>`, `anonymous`, `"Door" <1001>`, `<bob@example.org>`. The
 * dialog lives by its tags (§12.2.2), the call is shown with what there is.
 */
export function readSchemelessNameAddr(reader: ValueReader): NameAddr | undefined {
  const { text, position: start, end } = reader;
  const bracket = find(text, LESS_THAN, start, end);
  const name = bracket < 0 ? '' : readName(reader, start, bracket);
  if (name === undefined) return undefined;
  reader.position = bracket < 0 ? start : bracket + 1;
  reader.skipSpace();
  const user = reader.readClass(TOKEN | HOST);
  if (user === undefined && (bracket < 0 || reader.peek() === AT)) return undefined;
  const host = reader.accept(AT) ? reader.readClass(HOST) : ANONYMOUS_HOST;
  reader.skipSpace();
  if (host === undefined || (bracket >= 0 && !reader.accept(GREATER_THAN))) return undefined;
  const params = reader.readParams();
  if (!params) return undefined;
  reader.liberties |= NO_SCHEME;
  const uri = SipUri.of(user ?? ANONYMOUS, host);
  return new NameAddr(name === '' ? undefined : name, uri, params);
}

/** The `tag` of a From or To of which nothing else can be read. */
export function findTag(text: string, start: number, end: number): string | undefined {
  let first = end;
  while (first > start && text.charCodeAt(first - 1) !== GREATER_THAN) first--;
  for (let i = first; i < end; i++) {
    if (text.charCodeAt(i) !== SEMICOLON) continue;
    const reader = new ValueReader(text, skipSpace(text, i + 1, end), end);
    if (reader.readToken()?.toLowerCase() !== 'tag') continue;
    reader.skipSpace();
    if (!reader.accept(EQUALS)) continue;
    reader.skipSpace();
    return reader.readToken();
  }
  return undefined;
}

/** A name that opens a quoted string has to close it, though its last quote may be escaped by mistake. */
function readName(reader: ValueReader, start: number, bracket: number): string | undefined {
  const { text } = reader;
  const end = skipSpaceBack(text, start, bracket);
  const name = text.slice(start, end);
  if (text.charCodeAt(start) !== QUOTE) {
    if (skipWords(text, start, end) < end) reader.liberties |= INFERRED_QUOTES;
    return name;
  }
  const quoted = new ValueReader(text, start, end);
  if (quoted.readQuoted() !== undefined) {
    if (quoted.atEnd) return unquoteLoosely(name.slice(1, -1));
    reader.liberties |= INFERRED_QUOTES;
    return name;
  }
  if (end - start < 3 || text.charCodeAt(end - 1) !== QUOTE) return undefined;
  reader.liberties |= INFERRED_QUOTES;
  return unquoteLoosely(name.slice(1, -1));
}

function skipWords(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && (isSpace(text.charCodeAt(i)) || skipClass(text, i, i + 1, TOKEN) > i)) i++;
  return i;
}

/** A backslash with nothing behind it stands for itself. */
function unquoteLoosely(inner: string): string {
  return inner.replace(/\\([\s\S])/g, '$1');
}

/** What stands behind `<` and its `>`; undefined when that is no URI. */
function readBracketed(reader: ValueReader): Uri | undefined {
  const { text, position: start } = reader;
  const strict = readUri(reader);
  if (strict && reader.accept(GREATER_THAN)) return strict;
  const close = find(text, GREATER_THAN, start, reader.end);
  if (close < 0) return undefined;
  const inner = text.slice(skipSpace(text, start, close), skipSpaceBack(text, start, close));
  const uri = readUnescaped(inner);
  if (!uri) return undefined;
  reader.liberties |= UNESCAPED;
  reader.position = close + 1;
  return uri;
}

/** With blanks, quotes or a second `@` in its user part, which no host can contain. */
function readUnescaped(text: string): Uri | undefined {
  if (text.includes('<')) return undefined;
  const userStart = text.indexOf(':') + 1;
  const whole = readWhole(text);
  if (whole) return whole;
  for (const at of [text.indexOf('@'), text.lastIndexOf('@')]) {
    if (at < userStart) continue;
    const user = percentEncodeIn(text.slice(userStart, at), ' \t"@');
    const uri = readWhole(`${text.slice(0, userStart)}${user}${text.slice(at)}`);
    if (uri) return uri;
  }
  // As in `;thinfo="x"`: a quote means nothing in a URI.
  return text.includes('"') ? readWhole(percentEncodeIn(text, '"')) : undefined;
}

function readWhole(text: string): Uri | undefined {
  const reader = new ValueReader(text, 0, text.length);
  const uri = readUri(reader);
  return reader.atEnd && uri?.kind === 'sip' ? uri : undefined;
}

/** Those that can be read; undefined when the tag is among the others. */
function readParams(reader: ValueReader): Params | undefined {
  const items: (string | undefined)[] = [];
  for (;;) {
    reader.skipSpace();
    if (reader.atEnd || reader.peek() === COMMA) return Params.fromItems(items);
    const isParam = reader.accept(SEMICOLON);
    reader.skipSpace();
    const name = isParam ? reader.readToken() : undefined;
    reader.skipSpace();
    const hasValue = name !== undefined && reader.accept(EQUALS);
    reader.skipSpace();
    const value = hasValue ? reader.readParamValue() : undefined;
    reader.skipSpace();
    if (name !== undefined && hasValue === (value !== undefined) && isOver(reader)) {
      items.push(name, value);
      continue;
    }
    if (name?.toLowerCase() === 'tag') return undefined;
    reader.liberties |= BAD_PARAM;
    while (!isOver(reader)) reader.position++;
  }
}

function isOver(reader: ValueReader): boolean {
  const code = reader.peek();
  return code < 0 || code === SEMICOLON || code === COMMA;
}

function find(text: string, code: number, start: number, end: number): number {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) === code) return i;
  return -1;
}
