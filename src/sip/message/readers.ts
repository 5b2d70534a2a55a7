import { DIGIT, isSpace, skipClass, skipSpace, TOKEN } from './chars';
import { unquote } from './escaping';
import { AuthValue, CSeq, TypedValue } from './field-values';
import { readLooseNameAddr } from './loose-name-addr';
import { NameAddr } from './name-addr';
import { Params } from './params';
import { readHost, readPort, readUri } from './uri-parser';
import { COMMA, EQUALS, LESS_THAN, QUOTE, SEMICOLON, ValueReader } from './value-reader';
import { Via } from './via';

const GREATER_THAN = 0x3e;
const COLON = 0x3a;
const SLASH = 0x2f;

/** An address and its parameters, up to the end of the field or a comma. */
export function readNameAddr(reader: ValueReader): NameAddr | undefined {
  const { position } = reader;
  const strict = readStrictNameAddr(reader);
  if (strict && (reader.atEnd || reader.peek() === COMMA)) return strict;
  reader.position = position;
  return readLooseNameAddr(reader);
}

/** `( name-addr / addr-spec ) *( SEMI generic-param )` (RFC 3261 §25.1). */
function readStrictNameAddr(reader: ValueReader): NameAddr | undefined {
  let displayName: string | undefined;
  if (reader.peek() === QUOTE) {
    const quoted = reader.readQuoted();
    if (quoted === undefined) return undefined;
    displayName = unquote(quoted);
    reader.skipSpace();
  } else if (reader.peek() !== LESS_THAN) {
    const bracket = findBracket(reader);
    if (bracket < 0) return readAddrSpec(reader);
    displayName = reader.text.slice(reader.position, bracket).trimEnd();
    reader.position = bracket;
  }
  return reader.accept(LESS_THAN) ? readBracketed(reader, displayName) : undefined;
}

/** Position of the `<` that a display name of tokens leads to; -1 when there is none. */
function findBracket(reader: ValueReader): number {
  for (let i = reader.position; i < reader.end; i++) {
    const code = reader.text.charCodeAt(i);
    if (code === LESS_THAN) return i;
    if (!isSpace(code) && skipClass(reader.text, i, i + 1, TOKEN) === i) return -1;
  }
  return -1;
}

function readBracketed(reader: ValueReader, name: string | undefined): NameAddr | undefined {
  const uri = readUri(reader);
  if (!uri || !reader.accept(GREATER_THAN)) return undefined;
  const params = reader.readParams();
  return params && new NameAddr(name, uri, params);
}

/**
 * Without brackets what follows `;` belongs to the header, and the URI may hold neither a comma
 * nor a question mark (RFC 3261 §20.10).
 */
function readAddrSpec(reader: ValueReader): NameAddr | undefined {
  let end = reader.position;
  for (; end < reader.end; end++) {
    const code = reader.text.charCodeAt(end);
    if (code === SEMICOLON || code === COMMA || isSpace(code)) break;
  }
  const inner = new ValueReader(reader.text, reader.position, end);
  const uri = readUri(inner);
  if (!uri || !inner.atEnd || (uri.kind === 'sip' && uri.headers.size > 0)) return undefined;
  reader.position = end;
  const params = reader.readParams();
  return params && new NameAddr(undefined, uri, params);
}

const USUAL_PROTOCOL = 'SIP/2.0/UDP ';

/** `via-parm` (RFC 3261 §25.1); blanks may stand around every slash and colon. */
export function readVia(reader: ValueReader): Via | undefined {
  let protocol = 'SIP/2.0';
  let transport = 'UDP';
  if (reader.text.startsWith(USUAL_PROTOCOL, reader.position)) {
    reader.position += USUAL_PROTOCOL.length;
  } else {
    const read = readSentProtocol(reader);
    if (!read) return undefined;
    [protocol, transport] = read;
  }
  reader.skipSpace();
  const host = readHost(reader);
  if (host === undefined) return undefined;
  reader.skipSpace();
  let port: number | undefined;
  if (reader.accept(COLON)) {
    reader.skipSpace();
    port = readPort(reader);
    if (port === undefined) return undefined;
  }
  const params = reader.readParams();
  return params && new Via(transport, host, port, params, protocol);
}

function readSentProtocol(reader: ValueReader): [protocol: string, transport: string] | undefined {
  const name = reader.readToken();
  reader.skipSpace();
  if (!reader.accept(SLASH)) return undefined;
  reader.skipSpace();
  const version = reader.readToken();
  reader.skipSpace();
  if (!reader.accept(SLASH)) return undefined;
  reader.skipSpace();
  const transport = reader.readToken();
  if (name === undefined || version === undefined || transport === undefined) return undefined;
  if (!isSpace(reader.peek())) return undefined;
  return [`${name}/${version}`, transport.toUpperCase()];
}

/** `1*DIGIT LWS Method`; the value is the text from `start` to `end`. */
export function readCSeq(text: string, start: number, end: number): CSeq | undefined {
  const digits = skipClass(text, start, end, DIGIT);
  const sequence = readNumber(text, start, digits);
  const methodStart = skipSpace(text, digits, end);
  // A method that is missing or malformed is unlike that of the start line: the validator's affair.
  if (sequence === undefined || (methodStart === digits && digits < end)) return undefined;
  return new CSeq(sequence, text.slice(methodStart, end));
}

/** `1*DIGIT`; what is too large for an exact number is read as Number.MAX_SAFE_INTEGER. */
export function readNumber(text: string, start: number, end: number): number | undefined {
  if (start === end) return undefined;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

/** `type *( SEMI param )` where the type is a token or two with a slash: Event, Reason, Accept, ... */
export function readTypedValue(reader: ValueReader): TypedValue | undefined {
  let type = reader.readToken();
  if (type === undefined) return undefined;
  reader.skipSpace();
  if (reader.accept(SLASH)) {
    reader.skipSpace();
    const subtype = reader.readToken();
    if (subtype === undefined) return undefined;
    type = `${type}/${subtype}`;
  }
  const params = reader.readParams();
  return params && new TypedValue(type, params);
}

/**
 * Challenges or credentials of one field (RFC 3261 §7.3.1): `scheme LWS name=value *(COMMA name=value)`.
 * The grammar has one to a field, since the comma separates parameters; servers of the web write
 * several, so a name without `=` behind it begins the next one (RFC 9110 §11.6.1). What cannot be read
 * is left out up to the next comma: another challenge may do.
 */
export function readAuthValues(reader: ValueReader, values: AuthValue[]): void {
  let scheme: string | undefined;
  let items: string[] = [];
  const finish = (): void => {
    if (scheme !== undefined && items.length > 0) {
      values.push(new AuthValue(scheme, Params.fromItems(items)));
    }
    items = [];
  };
  for (; !reader.atEnd; reader.skipElement()) {
    reader.skipSpace();
    let name = reader.readToken();
    if (name === undefined) continue;
    reader.skipSpace();
    if (reader.peek() !== EQUALS) {
      finish();
      scheme = name;
      name = reader.readToken();
      reader.skipSpace();
    }
    if (name === undefined || !reader.accept(EQUALS)) continue;
    reader.skipSpace();
    const value = reader.readParamValue();
    if (value !== undefined) items.push(name, value);
  }
  finish();
}
