/** A shared library for tests: its names, and how it was made. */
export interface ElfRecipe {
  readonly soname: string;
  readonly needed: readonly string[];
  readonly exported: readonly string[];
  readonly imported: readonly string[];
  readonly buildId: readonly number[];
  readonly compiler: string;
  readonly constants: string;
}

interface SectionRecipe {
  readonly name: string;
  readonly type: number;
  readonly link: number;
  readonly data: Buffer;
}

/** Writes a 64-bit little-endian ELF file with the sections that a linker gives a shared library. */
export function elfFile(recipe: ElfRecipe): Uint8Array {
  const strings = new Strings();
  const dynamic = [
    ...recipe.needed.map((name) => pair(1n, strings.at(name))),
    pair(14n, strings.at(recipe.soname)),
    pair(0n, 0),
  ];
  const symbols = [
    Buffer.alloc(24),
    ...recipe.imported.map((name) => symbol(strings.at(name), 0)),
    ...recipe.exported.map((name) => symbol(strings.at(name), 12)),
  ];
  const names = new Strings();
  const sections: SectionRecipe[] = [
    { name: '', type: 0, link: 0, data: Buffer.alloc(0) },
    { name: '.dynstr', type: 3, link: 0, data: strings.bytes() },
    { name: '.dynsym', type: 11, link: 1, data: Buffer.concat(symbols) },
    { name: '.dynamic', type: 6, link: 1, data: Buffer.concat(dynamic) },
    { name: '.note.gnu.build-id', type: 7, link: 0, data: note(recipe.buildId) },
    { name: '.rodata', type: 1, link: 0, data: Buffer.from(recipe.constants, 'latin1') },
    { name: '.comment', type: 1, link: 0, data: Buffer.from(`${recipe.compiler}\0`) },
  ];
  const nameOffsets = sections.map(({ name }) => names.at(name));
  const shstrtab = names.at('.shstrtab');
  sections.push({ name: '.shstrtab', type: 3, link: 0, data: names.bytes() });
  return assemble(sections, [...nameOffsets, shstrtab]);
}

function assemble(sections: readonly SectionRecipe[], names: readonly number[]): Uint8Array {
  let at = 64;
  const headers = sections.map(({ type, link, data }, i) => {
    const header = Buffer.alloc(64);
    header.writeUInt32LE(names[i] ?? 0, 0);
    header.writeUInt32LE(type, 4);
    header.writeBigUInt64LE(BigInt(at), 24);
    header.writeBigUInt64LE(BigInt(data.length), 32);
    header.writeUInt32LE(link, 40);
    at += data.length;
    return header;
  });
  const file = Buffer.alloc(64);
  file.write('\x7fELF', 'latin1');
  file[4] = 2;
  file[5] = 1;
  file.writeBigUInt64LE(BigInt(at), 40);
  file.writeUInt16LE(64, 58);
  file.writeUInt16LE(sections.length, 60);
  file.writeUInt16LE(sections.length - 1, 62);
  return Buffer.concat([file, ...sections.map(({ data }) => data), ...headers]);
}

class Strings {
  #text = '\0';

  at(name: string): number {
    if (name === '') return 0;
    const begin = this.#text.length;
    this.#text += `${name}\0`;
    return begin;
  }

  bytes(): Buffer {
    return Buffer.from(this.#text, 'latin1');
  }
}

function pair(tag: bigint, value: number): Buffer {
  const entry = Buffer.alloc(16);
  entry.writeBigInt64LE(tag, 0);
  entry.writeBigInt64LE(BigInt(value), 8);
  return entry;
}

function symbol(name: number, section: number): Buffer {
  const entry = Buffer.alloc(24);
  entry.writeUInt32LE(name, 0);
  entry.writeUInt16LE(section, 6);
  return entry;
}

function note(id: readonly number[]): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(id.length, 4);
  head.writeUInt32LE(3, 8);
  head.write('GNU\0', 12, 'latin1');
  return Buffer.concat([head, Buffer.from(id)]);
}
