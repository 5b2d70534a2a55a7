import { skipClass, skipSpace, skipSpaceBack, TOKEN } from './chars';
import { type Core, isComplete, nameOfMissing, readCore } from './core-fields';
import { HeaderField } from './header-field';
import { canonicalName, findName } from './header-name';
import { type Liberties, libertyOf } from './leniency';
import { LineReader } from './line-reader';
import { UNREADABLE_URI } from './name-addr';
import { ParseFailure } from './parse-failure';
import { readNumber } from './readers';
import { SipRequest } from './request';
import { SipResponse } from './response';
import { readStartLine, type StartLine } from './start-line';
import { decodeText } from './text';

export type SipMessage = SipRequest | SipResponse;

const COLON = 0x3a;
const NO_START_LINE = {
  kind: 'bad',
  problem: 'expected a SIP message, found no line',
  method: undefined,
  version: undefined,
} as const satisfies StartLine;
const NO_HEAD: Head = {
  startLine: NO_START_LINE,
  fields: [],
  end: 0,
  problem: NO_START_LINE.problem,
  liberties: 0,
};
const NO_FIELD = libertyOf('a line that is no header field');
const NO_BLANK_LINE = libertyOf('no blank line behind the fields');

/**
 * Reads one datagram (RFC 3261 §7, §18.3). Never throws: what cannot be represented comes back as a
 * failure that says what is owed. Whether a message may be acted upon is for the validator to say.
 * The message keeps views of `bytes`, which must not be changed afterwards.
 */
export function parseMessage(bytes: Uint8Array): SipMessage | ParseFailure {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = readHead(buffer);
  const core = readCore(head.fields);
  const { startLine: line, problem } = head;
  if (!isComplete(core)) {
    return failureOf(head, problem ?? `expected a well-formed ${nameOfMissing(core)}, found none`);
  }
  const all = head.liberties === 0 ? core : { ...core, liberties: core.liberties | head.liberties };
  if (line.kind !== 'bad' && problem === undefined) {
    return makeMessage(line, head.fields, cutBody(buffer, head), all);
  }
  return heedFlawed(head, cutBody(buffer, head), all) ?? failureOf(head, problem ?? '');
}

/** What these tell is true whatever is wrong with them: somebody has left, or has heard our answer. */
const HEEDED: readonly string[] = ['BYE', 'CANCEL', 'ACK'];

/** A request that is owed a refusal and yet has to reach its dialog. */
function heedFlawed(head: Head, body: Uint8Array, core: Core): SipRequest | undefined {
  const { startLine: line, problem, fields } = head;
  if (line.kind === 'response' || line.method === undefined) return undefined;
  if (!HEEDED.includes(line.method)) return undefined;
  const uri = line.kind === 'request' ? line.uri : UNREADABLE_URI;
  return new SipRequest(line.method, uri, fields, body, core, line.version, problem);
}

function makeMessage(
  line: Exclude<StartLine, { kind: 'bad' }>,
  fields: HeaderField[],
  body: Uint8Array,
  core: Core,
): SipMessage {
  switch (line.kind) {
    case 'request':
      return new SipRequest(line.method, line.uri, fields, body, core, line.version);
    case 'response':
      return new SipResponse(line.status, line.reason, fields, body, core, line.version);
  }
}

function failureOf(head: Head, problem: string): ParseFailure {
  const line = head.startLine;
  if (line.kind === 'response' || line.method === undefined) {
    return new ParseFailure(problem, undefined, undefined, head.fields);
  }
  // RFC 3261 §8.2.6 owes no answer to an ACK; the protocol's version comes before its contents.
  const isOther = line.version !== undefined && line.version !== 'SIP/2.0';
  const status = line.method === 'ACK' ? undefined : isOther ? 505 : 400;
  return new ParseFailure(problem, status, line.method, head.fields);
}

/** RFC 3261 §18.3: octets beyond Content-Length are discarded; without it all of the rest is body. */
function cutBody(buffer: Buffer, head: Head): Uint8Array {
  for (const field of head.fields) {
    if (field.name !== 'Content-Length') continue;
    const length = readNumber(field.text, field.start, field.end);
    return buffer.subarray(head.end, length === undefined ? buffer.length : head.end + length);
  }
  return buffer.subarray(head.end);
}

/**
 * Octets of the body that follows this head in a stream, RFC 3261 §18.3: none unless Content-Length says
 * so. Undefined when it says nothing that can be read, or two things.
 */
export function announcedLength(head: Uint8Array): number | undefined {
  const { fields } = readHead(Buffer.from(head.buffer, head.byteOffset, head.byteLength));
  const lengths = fields
    .filter(({ name }) => name === 'Content-Length')
    .map(({ text, start, end }) => readNumber(text, start, end));
  if (lengths.length === 0) return 0;
  return new Set(lengths).size === 1 ? lengths[0] : undefined;
}

interface Head {
  readonly startLine: StartLine;
  readonly fields: HeaderField[];
  /** Behind the blank line. */
  readonly end: number;
  /** The first thing that was wrong beyond what is let pass. */
  readonly problem: string | undefined;
  readonly liberties: Liberties;
}

function readHead(buffer: Buffer): Head {
  const decoded = buffer.toString();
  const isAscii = decoded.length === buffer.length && !decoded.includes('\ufffd');
  // One character for each octet: places in the text are places in the datagram.
  const text = isAscii ? decoded : buffer.toString('latin1');
  const lines = new LineReader(text, skipLineBreaks(text));
  const fields: HeaderField[] = [];
  if (!lines.advance()) return NO_HEAD;
  const startLine = isAscii
    ? readStartLine(text, lines.start, lines.end)
    : readUtf8StartLine(buffer, lines);
  let liberties = startLine.kind === 'bad' ? 0 : startLine.liberties;
  let problem = startLine.kind === 'bad' ? startLine.problem : undefined;
  for (;;) {
    if (!lines.advance()) {
      if (lines.next === text.length) liberties |= NO_BLANK_LINE;
      else problem ??= 'expected a blank line behind the header fields, found the end';
      break;
    }
    const { start, end } = lines;
    if (start === end) break;
    const field =
      isAscii && !lines.isFolded && !lines.hasStrayReturn
        ? readField(buffer, text, start, end)
        : readUnusualField(buffer, lines);
    if (field) fields.push(field);
    else liberties |= NO_FIELD;
  }
  if (lines.hasStrayReturn) problem ??= 'expected no carriage return within a line, found one';
  return { startLine, fields, end: lines.next, problem, liberties };
}

/** RFC 3261 §7.5: line breaks before the start line are ignored. */
function skipLineBreaks(text: string): number {
  let position = 0;
  while (isLineBreak(text.charCodeAt(position))) position++;
  return position;
}

function isLineBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

function readUtf8StartLine(buffer: Buffer, lines: LineReader): StartLine {
  const line = decodeText(buffer.subarray(lines.start, lines.end));
  return readStartLine(line, 0, line.length);
}

/** `field-name HCOLON value` (RFC 3261 §25.1), on one line of ASCII. */
function readField(
  buffer: Buffer,
  text: string,
  start: number,
  end: number,
): HeaderField | undefined {
  const known = findName(buffer, start);
  if (known === undefined) return readSpelledField(text, start, end);
  return viewField(known, known, text, start + known.length + 1, end);
}

/** A field whose name is unknown here, or not in its registered spelling. */
function readSpelledField(text: string, start: number, end: number): HeaderField | undefined {
  const nameEnd = skipClass(text, start, end, TOKEN);
  const colon = skipSpace(text, nameEnd, end);
  if (nameEnd === start || colon >= end || text.charCodeAt(colon) !== COLON) return undefined;
  const spelling = text.slice(start, nameEnd);
  return viewField(canonicalName(spelling), spelling, text, colon + 1, end);
}

function viewField(
  name: string,
  spelling: string,
  text: string,
  start: number,
  end: number,
): HeaderField {
  const valueStart = skipSpace(text, start, end);
  return new HeaderField(name, spelling, text, valueStart, skipSpaceBack(text, valueStart, end));
}

/** A field in UTF-8, or over several lines: a line break with the blanks around it is one blank. */
function readUnusualField(buffer: Buffer, lines: LineReader): HeaderField | undefined {
  let unfolded = readTrimmedLine(buffer, lines);
  while (lines.isFolded && lines.advance()) unfolded += ` ${readTrimmedLine(buffer, lines)}`;
  return readSpelledField(unfolded, 0, unfolded.length);
}

/** A stray carriage return is refused, and what the refusal repeats has none. */
function readTrimmedLine(buffer: Buffer, lines: LineReader): string {
  const line = decodeText(buffer.subarray(lines.start, lines.end)).replaceAll('\r', ' ');
  const start = skipSpace(line, 0, line.length);
  return line.slice(start, skipSpaceBack(line, start, line.length));
}
