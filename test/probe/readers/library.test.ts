import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ElfException, readElf } from '../../../src/probe/readers/elf';
import { libraryFacts } from '../../../src/probe/readers/library';
import { type ElfRecipe, elfFile } from '../support/elf-file';
import { FakeMachine } from '../support/fake-machine';

const CALLS =
  'init release Reg_cbFifoEvent Reg_cbControlEvent ExecEventProcess StopEventProcess ReportStatus GetMediaStreamIDList GetMediaInfo GetDefaultCFG Create Delete PeekEntry RevPeekEntry RemoveEnrty GetInfo EraseAll PrepareEntry WriteEntry StreamIn_MSG PlayBack_OP'
    .split(' ')
    .map((name) => `AmbaNetFifo_${name}`);

const RECIPE: ElfRecipe = {
  soname: 'libnetfifo.so.1',
  needed: ['libambaipc.so', 'libc.so.6'],
  exported: [...CALLS, 'unrelated', '_ZN7NetFifo3RunEv'],
  imported: ['ambaipc_clnt_create', 'ambaipc_clnt_call', 'memcpy'],
  buildId: [0xde, 0xad, 0xbe, 0xef],
  compiler: 'GCC: (Buildroot 2016.08) 5.3.0',
  constants:
    'libnetfifo version 1.2.3\0/home/joe/sdk version 4\0joe@build v1.0\0%s version %d\0nothing 5\0ver 7\0',
};

const mapped = (path: string): string =>
  `7f8000-7f9000 r-xp 00000000 1f:03 102                        ${path}\n`;

describe('an ELF file', () => {
  it('tells names, needs, build and compiler', () => {
    const facts = readElf(elfFile(RECIPE));
    expect(facts).toMatchObject({
      soname: RECIPE.soname,
      needed: RECIPE.needed,
      imported: [...RECIPE.imported].sort(),
      exported: [...RECIPE.exported].sort(),
      buildId: 'deadbeef',
      compiler: RECIPE.compiler,
    });
  });

  it('may lie anywhere in a larger buffer', () => {
    const file = elfFile(RECIPE);
    const larger = new Uint8Array(file.length + 200).fill(0x41);
    larger.set(file, 100);
    expect(readElf(larger.subarray(100, 100 + file.length)).soname).toBe(RECIPE.soname);
    expect(() => readElf(larger.subarray(100, 100 + file.length - 1))).toThrow(ElfException);
  });

  it.each([
    ['nothing', new Uint8Array(), 'expected an ELF file'],
    ['a text', Buffer.alloc(100, 'x'), 'expected an ELF file'],
    ['32 bits', elfFile(RECIPE).with(4, 1), 'expected a 64-bit little-endian ELF file'],
    ['big endian', elfFile(RECIPE).with(5, 2), 'expected a 64-bit little-endian ELF file'],
  ])('is refused: %s', (_, bytes, message) => {
    expect(() => readElf(bytes)).toThrow(new ElfException(message));
  });

  it('may be damaged anywhere: it is read or refused, and nothing else', () => {
    const file = elfFile(RECIPE);
    const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.nat(file.length), (changes, length) => {
        const damaged = Uint8Array.from(file);
        for (const [at, value] of changes) damaged[at] = value;
        try {
          expect(readElf(damaged.subarray(0, length)).exported).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(ElfException);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('libnetfifo', () => {
  const path = '/usr/lib/libnetfifo.so';
  const withLibrary = (file: Uint8Array, maps = mapped(path)) =>
    libraryFacts(
      new FakeMachine({ texts: { '/proc/self/maps': maps }, binaries: { [path]: file } }),
    );

  it('is the one that is in use', () => {
    expect(withLibrary(elfFile(RECIPE))).toEqual({
      path,
      mapped: true,
      bytes: elfFile(RECIPE).length,
      style: 'direct',
      soname: 'libnetfifo.so.1',
      needed: RECIPE.needed,
      buildId: 'deadbeef',
      compiler: RECIPE.compiler,
      // Without the texts that have a path, a host or a format in them.
      versions: ['libnetfifo version 1.2.3', 'ver 7'],
      symbols: [...CALLS].sort(),
      missing: [],
      rpc: ['ambaipc_clnt_call', 'ambaipc_clnt_create'],
      error: undefined,
    });
  });

  it('is looked for where libraries lie if none is in use', () => {
    expect(withLibrary(elfFile(RECIPE), mapped('/usr/lib/libnetfifo_other.so'))).toMatchObject({
      path,
      mapped: false,
    });
    expect(libraryFacts(new FakeMachine({}))).toBeUndefined();
  });

  it.each([
    [['clnt_create', 'xdr_int'], 'daemon'],
    [['ambaipc_svc_register', 'clnt_create'], 'direct'],
    [['memcpy'], 'unknown'],
  ] as const)('with %j is of style %s', (imported, style) => {
    expect(withLibrary(elfFile({ ...RECIPE, imported }))?.style).toBe(style);
  });

  it('may lack calls', () => {
    const exported = CALLS.filter((name) => !name.endsWith('RevPeekEntry'));
    expect(withLibrary(elfFile({ ...RECIPE, exported }))?.missing).toEqual([
      'AmbaNetFifo_RevPeekEntry',
    ]);
  });

  it('may be unreadable', () => {
    expect(withLibrary(Buffer.from('#!/bin/sh'))).toMatchObject({
      error: 'expected an ELF file',
      symbols: [],
      missing: [],
    });
  });
});
