import { isIPv6 } from 'node:net';
import { DIGIT, HOST, IPV6, isClass, URI_VISIBLE } from './chars';
import { libertyOf } from './leniency';
import { Params } from './params';
import { OtherUri, SipUri, type Uri } from './uri';
import { EQUALS, SEMICOLON, ValueReader } from './value-reader';

/** A text that was to be a URI and is none. */
export class UriException extends Error {
  override readonly name = 'UriException';
  constructor(readonly text: string) {
    super(`expected a URI as sip:user@host, found ${JSON.stringify(text)}`);
  }
}

/** @throws UriException */
export function parseUri(text: string): Uri {
  const reader = new ValueReader(text, 0, text.length);
  const uri = readUri(reader);
  if (!uri || !reader.atEnd || reader.liberties !== 0) throw new UriException(text);
  return uri;
}

/** @throws UriException also for a URI of another scheme */
export function parseSipUri(text: string): SipUri {
  const uri = parseUri(text);
  if (uri.kind !== 'sip') throw new UriException(text);
  return uri;
}

const EMPTY_PARAM = libertyOf('an empty parameter');
const NO_PORT = libertyOf('a colon without a port');
const UNESCAPED = libertyOf('blanks or unescaped characters in a URI');

/** Six groups and an IPv4 tail. */
const LONGEST_IPV6 = 45;
const COLON = 0x3a;
const QUESTION_MARK = 0x3f;
const AMPERSAND = 0x26;
const AT = 0x40;
const BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;

/** The URI at the reader's position, up to whatever no URI contains; undefined when malformed. */
export function readUri(reader: ValueReader): Uri | undefined {
  const { text, position } = reader;
  // Three characters are compared in line by the compiler, four are not.
  if (text.startsWith('sip', position) && text.charCodeAt(position + 3) === COLON) {
    reader.position += 4;
    return readSipUri(reader, 'sip');
  }
  const name = reader.readToken();
  if (name === undefined || !reader.accept(COLON)) return undefined;
  const scheme = name.toLowerCase();
  if (scheme === 'sip' || scheme === 'sips') return readSipUri(reader, scheme);
  const opaque = reader.readClass(URI_VISIBLE);
  return opaque === undefined ? undefined : new OtherUri(name, opaque);
}

/** What follows `sip:` (RFC 3261 §25.1, SIP-URI). */
function readSipUri(reader: ValueReader, scheme: 'sip' | 'sips'): SipUri | undefined {
  const { text } = reader;
  let user: string | undefined;
  let password: string | undefined;
  const at = findAt(reader);
  if (at >= 0) {
    user = text.slice(reader.position, at);
    reader.position = at + 1;
    const colon = user.indexOf(':');
    if (colon >= 0) {
      password = user.slice(colon + 1);
      user = user.slice(0, colon);
    }
    if (user === '') {
      if (password !== undefined) return undefined;
      reader.liberties |= UNESCAPED;
      user = undefined;
    }
  }
  const host = readHost(reader);
  if (host === undefined) return undefined;
  let port: number | undefined;
  if (reader.accept(COLON)) {
    if (isClass(reader.peek(), DIGIT)) {
      port = readPort(reader);
      if (port === undefined) return undefined;
    } else reader.liberties |= NO_PORT;
  }
  const params = reader.peek() === SEMICOLON ? readUriParams(reader) : Params.EMPTY;
  if (!params) return undefined;
  const headers = reader.peek() === QUESTION_MARK ? readUriHeaders(reader) : Params.EMPTY;
  return headers && new SipUri(scheme, user, host, port, params, headers, password);
}

/**
 * The user may contain `;`, `?` and `/`, so it is over only at the `@` (RFC 4475 §3.1.1.9). Raw
 * characters that should have been escaped (`#`, UTF-8) are let through: peers dial them.
 */
function findAt(reader: ValueReader): number {
  for (let i = reader.position; i < reader.end; i++) {
    const code = reader.text.charCodeAt(i);
    if (code === AT) return i;
    if (code < 128 && !isClass(code, URI_VISIBLE)) return -1;
  }
  return -1;
}

function readUriParams(reader: ValueReader): Params | undefined {
  const items: (string | undefined)[] = [];
  while (reader.accept(SEMICOLON)) {
    const name = readUntil(reader, SEMICOLON, QUESTION_MARK, EQUALS);
    if (name === '' && reader.peek() !== EQUALS) {
      reader.liberties |= EMPTY_PARAM;
      continue;
    }
    if (name === '') return undefined;
    const hasValue = reader.accept(EQUALS);
    items.push(name, hasValue ? readUntil(reader, SEMICOLON, QUESTION_MARK, -1) : undefined);
  }
  return Params.fromItems(items);
}

function readUriHeaders(reader: ValueReader): Params | undefined {
  const items: string[] = [];
  do {
    reader.position++;
    const name = readUntil(reader, EQUALS, AMPERSAND, -1);
    if (name === '' || !reader.accept(EQUALS)) return undefined;
    items.push(name, readUntil(reader, AMPERSAND, -1, -1));
  } while (reader.peek() === AMPERSAND);
  return Params.fromItems(items);
}

/** Up to one of three delimiters or what no URI contains. */
function readUntil(reader: ValueReader, a: number, b: number, c: number): string {
  const start = reader.position;
  let i = start;
  for (; i < reader.end; i++) {
    const code = reader.text.charCodeAt(i);
    if (code === a || code === b || code === c || !isClass(code, URI_VISIBLE)) break;
  }
  reader.position = i;
  return reader.text.slice(start, i);
}

/** A host name or address; an IPv6 reference comes without its brackets. */
export function readHost(reader: ValueReader): string | undefined {
  return reader.peek() === BRACKET ? readIpv6Reference(reader) : reader.readClass(HOST);
}

/** `1*DIGIT` up to 65535. */
export function readPort(reader: ValueReader): number | undefined {
  const start = reader.position;
  let port = 0;
  for (; isClass(reader.peek(), DIGIT); reader.position++) port = port * 10 + reader.peek() - 0x30;
  const digits = reader.position - start;
  return digits >= 1 && digits <= 5 && port <= 0xffff ? port : undefined;
}

/**
 * `[address]`. The third colon that the grammar of RFC 3261 lets into an address with an IPv4 tail is
 * tolerated and dropped (RFC 5118 §4.10).
 */
function readIpv6Reference(reader: ValueReader): string | undefined {
  const start = reader.position + 1;
  let close = start;
  while (close < reader.end && isClass(reader.text.charCodeAt(close), IPV6)) close++;
  reader.position = close;
  if (!reader.accept(CLOSING_BRACKET)) return undefined;
  const address = reader.text.slice(start, close).replace(':::', '::');
  return address.length <= LONGEST_IPV6 && isIPv6(address) ? address : undefined;
}
