import { isSpace, skipClass, skipSpace, TOKEN } from './chars';
import { type Core, isComplete, nameOfMissing, readCore } from './core-fields';
import { HeaderField } from './header-field';
import { canonicalName, findName } from './header-name';
import { LineReader } from './line-reader';
import { ParseFailure } from './parse-failure';
import { readNumber } from './readers';
import { SipRequest } from './request';
import { SipResponse } from './response';
import { readStartLine, type StartLine } from './start-line';
import { decodeText } from './text';

export type SipMessage = SipRequest | SipResponse;

const COLON = 0x3a;
const NO_START_LINE: StartLine = {
  kind: 'bad',
  problem: 'expected a SIP message, found no line',
  method: undefined,
  version: undefined,
};

/**
 * Reads one datagram (RFC 3261 §7, §18.3). Never throws: what cannot be represented comes back as a
 * failure that says what is owed. Whether a message may be acted upon is for the validator to say.
 * The message keeps views of `bytes`, which must not be changed afterwards.
 */
export function parseMessage(bytes: Uint8Array): SipMessage | ParseFailure {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const source = decodeHead(buffer);
  const head = readHead(source.text);
  const core = readCore(head.fields);
  if (head.problem !== undefined || head.startLine.kind === 'bad' || !isComplete(core)) {
    return failureOf(head, nameOfMissing(core));
  }
  const body = cutBody(buffer, source.bodyStart ?? head.end, head.fields);
  return makeMessage(head.startLine, head.fields, body, core);
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

function failureOf(head: Head, missing: string | undefined): ParseFailure {
  const line = head.startLine;
  const problem =
    head.problem ??
    (line.kind === 'bad' ? line.problem : `expected a well-formed ${missing}, found none`);
  if (line.kind === 'response' || line.method === undefined) {
    return new ParseFailure(problem, undefined, undefined, head.fields);
  }
  // RFC 3261 §8.2.6 owes no answer to an ACK; the protocol's version comes before its contents.
  const isOther = line.version !== undefined && line.version !== 'SIP/2.0';
  const status = line.method === 'ACK' ? undefined : isOther ? 505 : 400;
  return new ParseFailure(problem, status, line.method, head.fields);
}

/**
 * Text of the head. ASCII datagrams, nearly all, are decoded whole, and places in the text are places
 * in the bytes; otherwise only the head is decoded and `bodyStart` says where it ends in the bytes.
 */
function decodeHead(buffer: Buffer): { text: string; bodyStart: number | undefined } {
  const text = buffer.toString();
  if (text.length === buffer.length && !text.includes('\ufffd')) {
    return { text, bodyStart: undefined };
  }
  const octets = buffer.toString('latin1');
  const blankLine = /\n\r?\n/.exec(octets.replace(/^[\r\n]+/, (lead) => ' '.repeat(lead.length)));
  const bodyStart = blankLine ? blankLine.index + blankLine[0].length : buffer.length;
  return { text: decodeText(buffer.subarray(0, bodyStart)), bodyStart };
}

/** RFC 3261 §18.3: octets beyond Content-Length are discarded; without it all of the rest is body. */
function cutBody(buffer: Buffer, start: number, fields: readonly HeaderField[]): Uint8Array {
  for (const field of fields) {
    if (field.name !== 'Content-Length') continue;
    const length = readNumber(field.text, field.start, field.end);
    return length === undefined ? buffer.subarray(start) : buffer.subarray(start, start + length);
  }
  return buffer.subarray(start);
}

interface Head {
  readonly startLine: StartLine;
  readonly fields: HeaderField[];
  /** Behind the blank line. */
  readonly end: number;
  /** The first thing that was wrong. */
  readonly problem: string | undefined;
}

function readHead(text: string): Head {
  let first = 0;
  // RFC 3261 §7.5: line breaks before the start line are ignored.
  while (isLineBreak(text.charCodeAt(first))) first++;
  const lines = new LineReader(text, first);
  const fields: HeaderField[] = [];
  if (!lines.advance()) return { startLine: NO_START_LINE, fields, end: 0, problem: undefined };
  const startLine = readStartLine(text, lines.start, lines.end);
  let problem: string | undefined;
  for (;;) {
    if (!lines.advance()) {
      problem ??= 'expected a blank line behind the header fields, found the end';
      break;
    }
    if (lines.start === lines.end) break;
    const field = lines.isFolded
      ? readFolded(text, lines)
      : readField(text, lines.start, lines.end);
    if (field) fields.push(field);
    else problem ??= `expected a header field, found ${excerpt(text, lines.start, lines.end)}`;
  }
  if (lines.hasStrayReturn) problem ??= 'expected no carriage return within a line, found one';
  return { startLine, fields, end: lines.next, problem };
}

/** `field-name HCOLON value` (RFC 3261 §25.1), on one line. */
function readField(text: string, start: number, end: number): HeaderField | undefined {
  const nameEnd = skipClass(text, start, end, TOKEN);
  if (nameEnd === start) return undefined;
  const colon = skipSpace(text, nameEnd, end);
  if (colon >= end || text.charCodeAt(colon) !== COLON) return undefined;
  const valueStart = skipSpace(text, colon + 1, end);
  let valueEnd = end;
  while (valueEnd > valueStart && isSpace(text.charCodeAt(valueEnd - 1))) valueEnd--;
  const known = findName(text, start, nameEnd);
  if (known !== undefined) return new HeaderField(known, known, text, valueStart, valueEnd);
  const spelling = text.slice(start, nameEnd);
  return new HeaderField(canonicalName(spelling), spelling, text, valueStart, valueEnd);
}

/** A field over several lines: a line break with the blanks around it is one blank. */
function readFolded(text: string, lines: LineReader): HeaderField | undefined {
  const parts = [text.slice(lines.start, lines.end).trimEnd()];
  while (lines.isFolded && lines.advance()) {
    const start = skipSpace(text, lines.start, lines.end);
    parts.push(text.slice(start, lines.end).trimEnd());
  }
  const unfolded = parts.join(' ');
  return readField(unfolded, 0, unfolded.length);
}

function isLineBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

function excerpt(text: string, start: number, end: number): string {
  return JSON.stringify(text.slice(start, Math.min(end, start + 80)));
}
