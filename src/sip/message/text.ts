/**
 * Text of a message head. SIP is UTF-8 (RFC 3261 §7), yet peers send other octets: each octet that is
 * no UTF-8 stands as a lone surrogate U+DC80..U+DCFF, so that it leaves again as it came.
 */
const ESCAPE_BASE = 0xdc00;
const REPLACEMENT = '\ufffd';
/** UTF-8 of one code unit of UTF-16. */
const MAX_OCTETS_PER_UNIT = 3;

/** A copy for long keeping: a slice keeps all of the text alive that it was cut from. */
export function ownText(text: string): string {
  // Joining makes a new text, and what is then cut off is one blank.
  return ` ${text}`.slice(1);
}

/** Octets to text, exactly reversible by `encodeText`. */
export function decodeText(bytes: Buffer): string {
  const text = bytes.toString();
  return text.includes(REPLACEMENT) ? decodeWithEscapes(bytes) : text;
}

/** Text to octets. */
export function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return bytes.length === text.length || !LONE_ESCAPE.test(text) ? bytes : encodeWithEscapes(text);
}

/** With the `u` flag a surrogate matches only where it is not half of a pair. */
const LONE_ESCAPE = /[\udc80-\udcff]/u;

function decodeWithEscapes(bytes: Buffer): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  let start = 0;
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length > 0) {
      i += length;
      continue;
    }
    if (i > start) text += decoder.decode(bytes.subarray(start, i));
    text += String.fromCharCode(ESCAPE_BASE + (bytes[i] ?? 0));
    start = ++i;
  }
  return text + decoder.decode(bytes.subarray(start));
}

/** Octets of the well-formed UTF-8 sequence at `i`; 0 when there is none (Unicode, table 3-7). */
function sequenceLength(bytes: Buffer, i: number): number {
  const lead = bytes[i] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const [low, high] = SECOND_OCTET.get(lead) ?? [0x80, 0xbf];
  const second = bytes[i + 1] ?? 0;
  if (second < low || second > high) return 0;
  for (let tail = i + 2; tail < i + length; tail++) {
    if (((bytes[tail] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Lead octets that narrow the second: no overlong form, no surrogate, nothing above U+10FFFF. */
const SECOND_OCTET = new Map([
  [0xe0, [0xa0, 0xbf] as const],
  [0xed, [0x80, 0x9f] as const],
  [0xf0, [0x90, 0xbf] as const],
  [0xf4, [0x80, 0x8f] as const],
]);

/** Into one buffer: a part for each octet would keep the collector busy with a text full of them. */
function encodeWithEscapes(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length * MAX_OCTETS_PER_UNIT);
  let end = 0;
  let start = 0;
  for (const { 0: octet, index } of text.matchAll(/[\udc80-\udcff]/gu)) {
    if (index > start) end += bytes.write(text.slice(start, index), end);
    end = bytes.writeUInt8(octet.charCodeAt(0) - ESCAPE_BASE, end);
    start = index + 1;
  }
  end += bytes.write(text.slice(start), end);
  return Buffer.from(bytes.subarray(0, end));
}
