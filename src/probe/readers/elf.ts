/** What a shared library says of itself. */
export interface ElfFacts {
  readonly soname: string | undefined;
  readonly needed: readonly string[];
  /** Names that others can use, sorted. */
  readonly exported: readonly string[];
  /** Names that it uses of others, sorted. */
  readonly imported: readonly string[];
  /** Hexadecimal, of the linker's note. */
  readonly buildId: string | undefined;
  readonly compiler: string | undefined;
  /** Bytes of its constants, in which texts can be looked for. */
  readonly constants: Uint8Array;
}

/** Bytes that are no 64-bit little-endian ELF file, or a damaged one. */
export class ElfException extends Error {
  override readonly name = 'ElfException';
}

/** Section types of the generic ABI, chapter 4. */
const SHT = { dynamic: 6, note: 7, nobits: 8, dynsym: 11 } as const;
const DT = { null: 0n, needed: 1n, soname: 14n } as const;
const NT_GNU_BUILD_ID = 3;
const SECTION_BYTES = 64;
const SYMBOL_BYTES = 24;
const DYNAMIC_BYTES = 16;
const MAX_SYMBOLS = 100_000;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly link: number;
  readonly data: DataView;
}

/**
 * Reads the section headers of a 64-bit little-endian ELF file.
 * @throws ElfException for anything else; no input does more harm than that.
 */
export function readElf(file: Uint8Array): ElfFacts {
  try {
    return factsOf(sectionsOf(new DataView(file.buffer, file.byteOffset, file.byteLength)));
  } catch (error) {
    // A DataView throws RangeError for what points outside.
    if (error instanceof RangeError) throw new ElfException('the ELF file is cut short or damaged');
    throw error;
  }
}

function sectionsOf(file: DataView): Section[] {
  if (file.byteLength < SECTION_BYTES || file.getUint32(0) !== 0x7f454c46) {
    throw new ElfException('expected an ELF file');
  }
  if (file.getUint8(4) !== 2 || file.getUint8(5) !== 1) {
    throw new ElfException('expected a 64-bit little-endian ELF file');
  }
  const table = offset(file, 40);
  const count = file.getUint16(60, true);
  const headers = Array.from({ length: count }, (_, i) =>
    part(file, table + i * SECTION_BYTES, SECTION_BYTES),
  );
  const sections = headers.map((header) => ({
    nameAt: header.getUint32(0, true),
    type: header.getUint32(4, true),
    link: header.getUint32(40, true),
    data: bytesOf(file, header),
  }));
  const names = sections[file.getUint16(62, true)]?.data;
  return sections.map(({ nameAt, ...section }) => ({ ...section, name: textAt(names, nameAt) }));
}

function bytesOf(file: DataView, header: DataView): DataView {
  const isEmpty = header.getUint32(4, true) === SHT.nobits;
  return part(file, offset(header, 24), isEmpty ? 0 : offset(header, 32));
}

/** The file may lie in a larger buffer, of which nothing else is to be read. */
function part(file: DataView, begin: number, size: number): DataView {
  if (begin + size > file.byteLength) throw new RangeError('outside of the file');
  return new DataView(file.buffer, file.byteOffset + begin, size);
}

function factsOf(sections: readonly Section[]): ElfFacts {
  const named = (name: string): DataView | undefined =>
    sections.find((section) => section.name === name)?.data;
  const constants = named('.rodata');
  return {
    ...dynamicFacts(sections),
    ...symbols(sections),
    buildId: sections.map(buildIdIn).find((id) => id !== undefined),
    compiler: textAt(named('.comment'), 0) || undefined,
    constants: constants
      ? new Uint8Array(constants.buffer, constants.byteOffset, constants.byteLength)
      : new Uint8Array(),
  };
}

function dynamicFacts(sections: readonly Section[]): Pick<ElfFacts, 'soname' | 'needed'> {
  const dynamic = sections.find(({ type }) => type === SHT.dynamic);
  const strings = dynamic && sections[dynamic.link]?.data;
  const needed: string[] = [];
  let soname: string | undefined;
  for (let at = 0; dynamic && at + DYNAMIC_BYTES <= dynamic.data.byteLength; at += DYNAMIC_BYTES) {
    const tag = dynamic.data.getBigInt64(at, true);
    if (tag === DT.null) break;
    if (tag !== DT.needed && tag !== DT.soname) continue;
    const text = textAt(strings, offset(dynamic.data, at + 8));
    if (tag === DT.soname) soname = text;
    else needed.push(text);
  }
  return { soname, needed };
}

function symbols(sections: readonly Section[]): Pick<ElfFacts, 'exported' | 'imported'> {
  const table = sections.find(({ type }) => type === SHT.dynsym);
  const strings = table && sections[table.link]?.data;
  const exported: string[] = [];
  const imported: string[] = [];
  const count = Math.min(MAX_SYMBOLS, Math.floor((table?.data.byteLength ?? 0) / SYMBOL_BYTES));
  for (let i = 1; table && i < count; ++i) {
    const at = i * SYMBOL_BYTES;
    const name = textAt(strings, table.data.getUint32(at, true));
    const inSection = table.data.getUint16(at + 6, true);
    if (name !== '') (inSection === 0 ? imported : exported).push(name);
  }
  return { exported: exported.sort(), imported: imported.sort() };
}

/** A note: sizes of name and description, type, name, description. */
function buildIdIn({ type, data }: Section): string | undefined {
  if (type !== SHT.note || data.byteLength < 16 || data.getUint32(8, true) !== NT_GNU_BUILD_ID) {
    return undefined;
  }
  const begin = 12 + ((data.getUint32(0, true) + 3) & ~3);
  const length = Math.min(data.getUint32(4, true), 64);
  return Array.from({ length }, (_, i) =>
    data
      .getUint8(begin + i)
      .toString(16)
      .padStart(2, '0'),
  ).join('');
}

/** A text that ends with a zero byte; empty where there is none. */
function textAt(strings: DataView | undefined, begin: number): string {
  if (!strings || begin >= strings.byteLength) return '';
  const bytes = new Uint8Array(strings.buffer, strings.byteOffset, strings.byteLength);
  const end = bytes.indexOf(0, begin);
  return Buffer.from(bytes.subarray(begin, end < 0 ? undefined : end)).toString('latin1');
}

/** A 64-bit offset or size; what is too large for a number lies outside of any file. */
function offset(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
