import {
  closeSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { networkInterfaces } from 'node:os';

/** An address of a network interface; the interface's MAC address is not among what can be asked. */
export interface InterfaceAddress {
  readonly name: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly address: string;
}

export interface Space {
  readonly totalKb: number;
  readonly freeKb: number;
}

/**
 * The reading of a machine, injected so that tests can be another one. What is not there or cannot
 * be read is undefined, or an empty list; `unread` tells the difference.
 */
export interface Machine {
  /** A text file of at most 1 MiB. */
  text(path: string): string | undefined;
  /** A file of at most 16 MiB. */
  bytes(path: string): Uint8Array | undefined;
  /** Names in a folder. */
  names(path: string): readonly string[];
  /** Where a symbolic link points. */
  link(path: string): string | undefined;
  /** Of the file system at this path. */
  space(path: string): Space | undefined;
  addresses(): readonly InterfaceAddress[];
  /** What is there and could not be read so far: path and error code. */
  unread(): readonly Unread[];
}

export interface Unread {
  readonly path: string;
  readonly why: string;
}

const TEXT_LIMIT = 1 << 20;
const BYTES_LIMIT = 16 << 20;
const SCRATCH_BYTES = 1 << 16;
const MAX_UNREAD = 64;
/** Processes come and go, and those of others are closed to us: users.ts counts them. */
const OF_A_PROCESS = /^\/proc\/\d+\//;
const NOT_THERE = ['ENOENT', 'ENOTDIR', 'ESRCH', 'ENODEV', 'ENXIO'];

/** The machine we run on. */
export class HostMachine implements Machine {
  readonly #unread = new Map<string, string>();
  /** One for all: hundreds of files are read, and a small board has no memory to spare. */
  readonly #scratch = Buffer.alloc(SCRATCH_BYTES);

  text(path: string): string | undefined {
    return this.#read(path, TEXT_LIMIT)?.toString('utf8');
  }

  bytes(path: string): Uint8Array | undefined {
    return this.#read(path, BYTES_LIMIT);
  }

  names(path: string): readonly string[] {
    return this.#try(path, () => readdirSync(path)) ?? [];
  }

  link(path: string): string | undefined {
    return this.#try(path, () => readlinkSync(path));
  }

  space(path: string): Space | undefined {
    // Node 16 does not have it.
    if (typeof statfsSync !== 'function') return undefined;
    const found = this.#try(path, () => statfsSync(path));
    return (
      found && {
        totalKb: Math.round((found.blocks * found.bsize) / 1024),
        freeKb: Math.round((found.bavail * found.bsize) / 1024),
      }
    );
  }

  addresses(): readonly InterfaceAddress[] {
    const found = this.#try('network interfaces', networkInterfaces) ?? {};
    return Object.entries(found).flatMap(([name, addresses = []]) =>
      addresses.map(({ family, address }) => ({ name, family, address })),
    );
  }

  unread(): readonly Unread[] {
    return [...this.#unread].map(([path, why]) => ({ path, why }));
  }

  /** Files of /proc have no size: they are read until they end. Devices are not opened. */
  #read(path: string, limit: number): Buffer | undefined {
    return this.#try(path, () => {
      if (!statSync(path).isFile()) return undefined;
      const file = openSync(path, 'r');
      try {
        const pieces: Buffer[] = [];
        for (let left = limit; left > 0; ) {
          const length = readSync(file, this.#scratch, 0, Math.min(left, SCRATCH_BYTES), null);
          if (length === 0) break;
          pieces.push(Buffer.from(this.#scratch.subarray(0, length)));
          left -= length;
        }
        return Buffer.concat(pieces);
      } finally {
        closeSync(file);
      }
    });
  }

  #try<Result>(path: string, read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      const worthTelling = !NOT_THERE.includes(why) && !OF_A_PROCESS.test(path);
      if (worthTelling && this.#unread.size < MAX_UNREAD) this.#unread.set(path, why);
      return undefined;
    }
  }
}
