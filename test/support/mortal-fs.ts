import type * as Fs from 'node:fs';
import type * as FsPromises from 'node:fs/promises';

type Call = (...args: unknown[]) => unknown;

/** Of the process, as its file system sees it: for tests that put `mortalFs` in the place of `node:fs`. */
class Life {
  /** Calls of the file system until the process is killed, before the last of them is done. */
  #left = Number.POSITIVE_INFINITY;
  /** How much of what that call writes arrives, from 0 to 1. */
  #arrives = 0;
  #died: () => void = () => undefined;
  /** Resolves when it is killed. */
  death: Promise<void> = new Promise(() => undefined);
  /** Nothing can be written, as with a root that is mounted read-only. */
  isReadOnly = false;

  /** Begins anew, without an end unless one is given. */
  begin(calls = Number.POSITIVE_INFINITY, arrives = 0): void {
    this.#left = calls;
    this.#arrives = arrives;
    this.isReadOnly = false;
    this.death = new Promise((resolve) => {
      this.#died = resolve;
    });
  }

  get isOver(): boolean {
    return this.#left < 0;
  }

  /** One call; at the last one `part` of its effect is all that is left. */
  spend(part: (arrives: number) => void): 'alive' | 'dead' {
    if (this.isOver) return 'dead';
    this.#left -= 1;
    if (!this.isOver) return 'alive';
    part(this.#arrives);
    this.#died();
    return 'dead';
  }
}

export const life = new Life();

const WRITES = /^(mkdir|rename|appendFile|write|copyFile|link|unlink|truncate)/;

/** A file system that fails where `life` says so: what is synchronous throws, a promise never settles. */
export function mortalFs(real: typeof Fs): typeof Fs {
  return Object.assign(
    { ...real },
    wrapped(real, (name) => name.endsWith('Sync'), {
      part: (name, args, arrives) => {
        const [file, content] = args;
        if (name !== 'writeFileSync' || typeof file !== 'number') return;
        real.writeSync(file, cut(content, arrives));
      },
      refuse: (error) => {
        throw error;
      },
      afterDeath: () => {
        throw new Error('killed');
      },
    }),
  );
}

export function mortalPromises(real: typeof FsPromises, sync: typeof Fs): typeof FsPromises {
  const never = (): Promise<never> => new Promise(() => undefined);
  const open: Call = async (...args) => {
    const [path, flags, mode] = args;
    const handle = await real.open(String(path), String(flags), Number(mode));
    const bound = Object.fromEntries(
      ['writeFile', 'sync', 'close'].map((name) => [name, Reflect.get(handle, name).bind(handle)]),
    );
    return wrapped(bound, () => true, {
      part: (name, [content], arrives) => {
        if (name === 'writeFile') sync.writeSync(handle.fd, cut(content, arrives));
        // A handle that is forgotten is closed by the collector, with a warning.
        void handle.close();
      },
      afterDeath: never,
      refuse: (error) => Promise.reject(error),
    });
  };
  return Object.assign(
    { ...real },
    wrapped({ ...real, open }, () => true, {
      part: (name, [path, content], arrives) => {
        if (name === 'appendFile') sync.appendFileSync(String(path), cut(content, arrives));
      },
      afterDeath: never,
      refuse: (error) => Promise.reject(error),
    }),
  );
}

function wrapped(
  calls: object,
  isWrapped: (name: string) => boolean,
  death: {
    readonly part: (name: string, args: readonly unknown[], arrives: number) => void;
    readonly afterDeath: () => unknown;
    readonly refuse: (error: Error) => unknown;
  },
): object {
  const wrap = (name: string, call: Call): Call => {
    return (...args) => {
      if (life.spend((arrives) => death.part(name, args, arrives)) === 'dead') {
        return death.afterDeath();
      }
      const isOpenedForWriting = /^open/.test(name) && args[1] !== 'r';
      if (life.isReadOnly && (WRITES.test(name) || isOpenedForWriting)) {
        const error = new Error(`EROFS: read-only file system, ${name} '${args[0]}'`);
        return death.refuse(Object.assign(error, { code: 'EROFS' }));
      }
      // A kill loses nothing that the kernel has; a disk that is waited for only takes time.
      return /sync$/.test(name) || name === 'fsyncSync' ? undefined : call(...args);
    };
  };
  return Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [
      name,
      typeof call === 'function' && isWrapped(name) ? wrap(name, call) : call,
    ]),
  );
}

function cut(content: unknown, arrives: number): Uint8Array {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(String(content));
  return bytes.subarray(0, Math.round(bytes.length * arrives));
}
