import { canonicalName } from './header-name';
import { LineReader } from './line-reader';

/** RFC 2046 §5.1.1. */
const MAX_BOUNDARY = 70;
/** Bounds of what is looked at; parts behind it are as if they were not there. */
const MAX_PARTS = 16;

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const HYPHEN = 0x2d;
const BLANKS: readonly (number | undefined)[] = [0x20, 0x09];

/** A part as it came: its header fields by canonical name, and what follows the blank line. */
export interface RawPart {
  readonly fields: ReadonlyMap<string, string>;
  readonly content: Buffer;
}

/**
 * The parts of a multipart body (RFC 2046 §5.1) without preamble and epilogue; undefined when the
 * boundary is none. A body that ends before its last delimiter is read to its end.
 */
export function splitMultipart(body: Buffer, boundary: string | undefined): RawPart[] | undefined {
  if (boundary === undefined || boundary === '' || boundary.length > MAX_BOUNDARY) return undefined;
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: RawPart[] = [];
  let start = -1;
  let position = 0;
  while (parts.length < MAX_PARTS) {
    const found = body.indexOf(delimiter, position);
    if (found < 0) {
      if (start >= 0) parts.push(readPart(body.subarray(start)));
      break;
    }
    position = found + delimiter.length;
    const next = endOfDelimiter(body, found, position);
    if (next === undefined) continue;
    if (start >= 0) parts.push(readPart(body.subarray(start, endOfContent(body, start, found))));
    if (next < 0) break;
    start = next;
    position = next;
  }
  return parts;
}

/** Where the part behind the delimiter starts; -1 behind the last one, undefined when it is none. */
function endOfDelimiter(body: Buffer, found: number, end: number): number | undefined {
  if (found > 0 && body[found - 1] !== LINE_FEED) return undefined;
  const isLast = body[end] === HYPHEN && body[end + 1] === HYPHEN;
  let i = isLast ? end + 2 : end;
  while (BLANKS.includes(body[i])) i++;
  if (body[i] === RETURN) i++;
  if (i < body.length && body[i] !== LINE_FEED) return undefined;
  return isLast ? -1 : i + 1;
}

/** The line break before a delimiter belongs to it. */
function endOfContent(body: Buffer, start: number, delimiter: number): number {
  const lineFeed = delimiter - 1;
  const end = body[lineFeed - 1] === RETURN ? lineFeed - 1 : lineFeed;
  return Math.max(start, end);
}

function readPart(part: Buffer): RawPart {
  const text = part.toString('latin1');
  const lines = new LineReader(text, 0);
  const fields = new Map<string, string>();
  while (lines.advance() && lines.end > lines.start) {
    let line = text.slice(lines.start, lines.end);
    while (lines.isFolded && lines.advance()) line += text.slice(lines.start, lines.end);
    const colon = line.indexOf(':');
    if (colon > 0)
      fields.set(canonicalName(line.slice(0, colon).trim()), line.slice(colon + 1).trim());
  }
  return { fields, content: part.subarray(lines.next) };
}
