import { DIGIT, skipClass, skipSpace, skipSpaceBack, TOKEN } from './chars';
import { excerpt } from './escaping';
import { type Liberties, libertyOf } from './leniency';
import { readNumber } from './readers';
import type { Uri } from './uri';
import { readUri } from './uri-parser';
import { ValueReader } from './value-reader';

const SPACE = 0x20;
const BLANKS = libertyOf('blanks in the start line');

interface RequestLine {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: Uri;
  readonly version: string;
  readonly liberties: Liberties;
}
interface StatusLine {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly liberties: Liberties;
}
/** A line that is neither; what could be read of a request line tells what is owed. */
interface BadStartLine {
  readonly kind: 'bad';
  readonly problem: string;
  readonly method: string | undefined;
  readonly version: string | undefined;
}
export type StartLine = RequestLine | StatusLine | BadStartLine;

/** The start line (RFC 3261 §7.1, §7.2), in `text` from `start` to `end`. */
export function readStartLine(text: string, start: number, end: number): StartLine {
  const tokenEnd = skipClass(text, start, end, TOKEN);
  if (text.charCodeAt(tokenEnd) === 0x2f) return readStatusLine(text, start, end);
  if (tokenEnd === start || text.charCodeAt(tokenEnd) !== SPACE) {
    return bad(text, start, end, undefined, undefined);
  }
  return readRequestLine(text, start, tokenEnd, end);
}

/** Single spaces: RFC 4475 §3.1.2.8, §3.1.2.9. Those behind the version leave no doubt (§3.1.2.10). */
function readRequestLine(text: string, start: number, methodEnd: number, end: number): StartLine {
  const method = text.slice(start, methodEnd);
  const reader = new ValueReader(text, methodEnd + 1, end);
  const uri = readUri(reader);
  const lastEnd = skipSpaceBack(text, methodEnd, end);
  const version =
    uri && reader.accept(SPACE) ? readVersion(text, reader.position, lastEnd) : undefined;
  if (uri && version !== undefined) {
    const liberties = reader.liberties | (lastEnd < end ? BLANKS : 0);
    return { kind: 'request', method, uri, version, liberties };
  }
  // Only what names the protocol was meant for us and can be owed an answer.
  const named = /SIP\/\d+\.\d+/i.exec(text.slice(start, end))?.[0].toUpperCase();
  return bad(text, start, end, named === undefined ? undefined : method, named);
}

function readStatusLine(text: string, start: number, end: number): StartLine {
  let versionEnd = start;
  while (versionEnd < end && text.charCodeAt(versionEnd) !== SPACE) versionEnd++;
  const version = readVersion(text, start, versionEnd);
  const digits = skipSpace(text, versionEnd, end);
  const digitsEnd = skipClass(text, digits, end, DIGIT);
  const status = readNumber(text, digits, digitsEnd);
  const isDelimited = digitsEnd >= end || text.charCodeAt(digitsEnd) === SPACE;
  const liberties = digits > versionEnd + 1 ? BLANKS : 0;
  if (version === undefined || status === undefined || !isDelimited) {
    return bad(text, start, end, undefined, undefined);
  }
  return { kind: 'response', status, reason: text.slice(digitsEnd + 1, end), version, liberties };
}

/** `SIP/` and two numbers; the name is compared without case. */
function readVersion(text: string, start: number, end: number): string | undefined {
  if (end - start === 7 && text.startsWith('SIP/2.0', start)) return 'SIP/2.0';
  const version = text.slice(start, end).toUpperCase();
  return /^SIP\/\d+\.\d+$/.test(version) ? version : undefined;
}

function bad(
  text: string,
  start: number,
  end: number,
  method: string | undefined,
  version: string | undefined,
): BadStartLine {
  const problem = `expected a request or status line, found ${excerpt(text.slice(start, end))}`;
  return { kind: 'bad', problem, method, version };
}
