import type { InterfaceAddress, Machine, Space, Unread } from '../../../src/probe/readers/machine';

export interface FakeFiles {
  /** Text by path; folders follow from the paths. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly binaries?: Readonly<Record<string, Uint8Array>>;
  readonly links?: Readonly<Record<string, string>>;
  /** Free kilobytes by mount point, of 100,000 in all. */
  readonly free?: Readonly<Record<string, number>>;
  readonly addresses?: readonly InterfaceAddress[];
}

/** A machine that is nothing but a table. */
export class FakeMachine implements Machine {
  readonly #files: FakeFiles;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  text(path: string): string | undefined {
    return this.#files.texts?.[path];
  }

  bytes(path: string): Uint8Array | undefined {
    return this.#files.binaries?.[path];
  }

  names(path: string): readonly string[] {
    const { texts = {}, binaries = {}, links = {} } = this.#files;
    const all = [texts, binaries, links].flatMap((table) => Object.keys(table));
    const inside = all.filter((each) => each.startsWith(`${path}/`));
    return [...new Set(inside.map((each) => each.slice(path.length + 1).split('/')[0] ?? ''))];
  }

  link(path: string): string | undefined {
    return this.#files.links?.[path];
  }

  space(path: string): Space | undefined {
    const freeKb = this.#files.free?.[path];
    return freeKb === undefined ? undefined : { totalKb: 100_000, freeKb };
  }

  addresses(): readonly InterfaceAddress[] {
    return this.#files.addresses ?? [];
  }

  unread(): readonly Unread[] {
    return [];
  }
}
