/** One value of ITU-T X.690, as keys are written. */
export interface DerElement {
  /** Its tag and length, too. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;

/** Those that stand one behind the other. For what Node itself has written. */
export function derElements(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes.readUInt8(at + 1);
    const more = first < 0x80 ? 0 : first - 0x80;
    const begin = at + 2 + more;
    const end = begin + (more === 0 ? first : bytes.readUIntBE(at + 2, more));
    elements.push({ whole: bytes.subarray(at, end), content: bytes.subarray(begin, end) });
    at = end;
  }
  return elements;
}

export function derOf(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 0x80 ? Buffer.of(length) : Buffer.of(0x82, length >>> 8, length & 0xff);
  return Buffer.concat([Buffer.of(tag), size, content]);
}

/** Of a number that is not below zero, in as few bytes as it takes (§8.3.2). */
export function derNumber(number: bigint): Buffer {
  const digits = number.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return derOf(INTEGER, bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]));
}

export function bigInteger(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex') || '0'}`);
}
