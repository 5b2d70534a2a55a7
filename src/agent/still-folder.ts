import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PictureSize, Still } from '../media';
import { replaceFile } from '../platform';
import { AgentException } from './exception';

/** How many stills are kept; the oldest gives way. */
export const STILL_LIMIT = 20;
/** What a still may be called: nothing that leads out of the folder. */
export const STILL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A still in a file. */
export interface KeptStill extends PictureSize {
  readonly path: string;
  readonly bytes: number;
}

/** Where stills are kept that somebody asked for by name. */
export interface StillKeeper {
  /** @throws AgentException */
  keep(name: string, still: Still): Promise<KeptStill>;
}

/** A folder with a file for each name. */
export class StillFolder implements StillKeeper {
  readonly #directory: string;
  /** One is written at a time: two of one name have one draft. */
  #written: Promise<unknown> = Promise.resolve();

  /** @param directory absolute; made when it is not there. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async keep(name: string, still: Still): Promise<KeptStill> {
    if (!STILL_NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a still`);
    const kept = this.#written.then(() => this.#write(name, still));
    this.#written = kept.catch(() => undefined);
    return await kept;
  }

  async #write(name: string, { jpeg, width, height }: Still): Promise<KeptStill> {
    const path = join(this.#directory, `${name}.jpg`);
    try {
      await replaceFile(path, jpeg);
      await this.#removeOldest();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AgentException('no-resource', `cannot write ${path}: ${reason}`);
    }
    return { path, bytes: jpeg.length, width, height };
  }

  async #removeOldest(): Promise<void> {
    // Drafts that an end of the process has left among them.
    const names = (await readdir(this.#directory)).filter((name) => /\.jpg(\.new)?$/.test(name));
    if (names.length <= STILL_LIMIT) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#directory, name);
        return { path, writtenAt: (await stat(path)).mtimeMs };
      }),
    );
    files.sort((one, other) => other.writtenAt - one.writtenAt);
    await Promise.all(files.slice(STILL_LIMIT).map(({ path }) => rm(path, { force: true })));
  }
}
