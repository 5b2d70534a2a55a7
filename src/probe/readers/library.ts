import { ElfException, type ElfFacts, readElf } from './elf';
import type { Machine } from './machine';

/** How libnetfifo reaches the RTOS, judged by what it uses of other libraries. */
export type LibraryStyle =
  /** By AmbaIPC itself: one client process at a time. */
  | 'direct'
  /** By the vendor's AmbaNetFifoDaemon: several clients. */
  | 'daemon'
  | 'unknown';

export interface LibraryFacts {
  readonly path: string;
  /** Whether this process uses this very file. */
  readonly mapped: boolean;
  readonly bytes: number;
  readonly style: LibraryStyle;
  readonly soname: string | undefined;
  readonly needed: readonly string[];
  readonly buildId: string | undefined;
  readonly compiler: string | undefined;
  /** Texts in it that look like a version. */
  readonly versions: readonly string[];
  /** Exported names of NetFIFO. */
  readonly symbols: readonly string[];
  /** Of the calls that we use, those that it does not have. */
  readonly missing: readonly string[];
  /** Names of the RPC that it uses. */
  readonly rpc: readonly string[];
  /** Why it could not be looked into. */
  readonly error: string | undefined;
}

const PLACES = ['/usr/lib', '/lib', '/usr/local/lib', '/usr/lib64'];
const NAME = 'libnetfifo.so';
const CALLS = [
  ...['init', 'release', 'Reg_cbFifoEvent', 'Reg_cbControlEvent', 'ExecEventProcess'],
  ...['StopEventProcess', 'ReportStatus', 'GetMediaStreamIDList', 'GetMediaInfo'],
  ...['GetDefaultCFG', 'Create', 'Delete', 'PeekEntry', 'RevPeekEntry', 'RemoveEnrty', 'GetInfo'],
  ...['EraseAll', 'PrepareEntry', 'WriteEntry', 'StreamIn_MSG', 'PlayBack_OP'],
].map((name) => `AmbaNetFifo_${name}`);

/** The libnetfifo that this process uses, or else one that lies where libraries do. */
export function libraryFacts(machine: Machine): LibraryFacts | undefined {
  const inUse = mappedLibrary(machine.text('/proc/self/maps'));
  for (const path of [inUse, ...PLACES.map((place) => `${place}/${NAME}`)]) {
    const file = path === undefined ? undefined : machine.bytes(path);
    if (path !== undefined && file) return lookInto(path, path === inUse, file);
  }
  return undefined;
}

/** Path of libnetfifo in the list of what a process has mapped. */
export function mappedLibrary(maps: string | undefined): string | undefined {
  // Not split into lines: those of a process can be a thousand.
  return /\/(?:[^\n]*\/)?libnetfifo\.so[.\d]*$/m.exec(maps ?? '')?.[0];
}

function lookInto(path: string, mapped: boolean, file: Uint8Array): LibraryFacts {
  const base = { path, mapped, bytes: file.length };
  try {
    return { ...base, ...inWords(readElf(file)), error: undefined };
  } catch (error) {
    if (!(error instanceof ElfException)) throw error;
    const nothing = { needed: [], exported: [], imported: [], constants: new Uint8Array() };
    const unknown = { soname: undefined, buildId: undefined, compiler: undefined };
    return { ...base, ...inWords({ ...nothing, ...unknown }), missing: [], error: error.message };
  }
}

function inWords(elf: ElfFacts): Omit<LibraryFacts, 'path' | 'mapped' | 'bytes' | 'error'> {
  const rpc = elf.imported.filter((name) => /^(ambaipc_|clnt|svc|xdr_)/.test(name));
  return {
    style: rpc.some((name) => name.startsWith('ambaipc_'))
      ? 'direct'
      : rpc.some((name) => name.startsWith('clnt'))
        ? 'daemon'
        : 'unknown',
    soname: elf.soname,
    needed: elf.needed,
    buildId: elf.buildId,
    compiler: elf.compiler,
    versions: versionsIn(elf.constants),
    symbols: elf.exported.filter((name) => /netfifo/i.test(name) && !name.startsWith('_Z')),
    missing: CALLS.filter((name) => !elf.exported.includes(name)),
    rpc,
  };
}

const MAX_VERSIONS = 12;

/** Short texts with a number that speak of a version; none with a path, a host or an address. */
function versionsIn(constants: Uint8Array): string[] {
  const texts =
    Buffer.from(constants)
      .toString('latin1')
      .match(/[\x20-\x7e]{5,80}/g) ?? [];
  const versions = texts.filter(
    (text) =>
      /\d/.test(text) && !/[/\\@%]/.test(text) && /version|\bver\b|\brev\b|\bv\d+\.\d/i.test(text),
  );
  return [...new Set(versions)].slice(0, MAX_VERSIONS);
}
