import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, replaceFile } from '../platform';
import type { MuteKeeper, Mutes } from './muting';

/** What is muted, in `muted.json` of the state's directory. */
export class KeptMutes implements MuteKeeper {
  readonly #path: string;
  readonly #log: Logger;
  #written: Promise<void> = Promise.resolve();

  /** A file that cannot be understood mutes everything: somebody has once wished so. Never rejects. */
  static async open(directory: string, log: Logger): Promise<KeptMutes> {
    const path = join(directory, 'muted.json');
    const text = await readFile(path, 'utf8').catch(() => '{}');
    const mutes = mutesOf(text);
    if (mutes) return new KeptMutes(path, log, mutes);
    log.warn('microphone and picture are muted: what was kept of it cannot be read', { path });
    return new KeptMutes(path, log, { microphoneMuted: true, pictureMuted: true });
  }

  private constructor(
    path: string,
    log: Logger,
    readonly mutes: Mutes,
  ) {
    this.#path = path;
    this.#log = log;
  }

  /** What cannot be written is told: it is not so any more after a restart. */
  keep(mutes: Mutes): void {
    this.#written = this.#written
      .then(() => replaceFile(this.#path, `${JSON.stringify(mutes)}\n`))
      .catch((error: unknown) =>
        this.#log.warn('what is muted is not kept', { reason: String(error) }),
      );
  }

  /** Resolves when all that can be written is. */
  settled(): Promise<void> {
    return this.#written;
  }
}

/** What is absent is not muted; undefined for what is no such file. */
function mutesOf(text: string): Mutes | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { microphoneMuted = false, pictureMuted = false } = value as Record<string, unknown>;
    if (typeof microphoneMuted !== 'boolean' || typeof pictureMuted !== 'boolean') return undefined;
    return { microphoneMuted, pictureMuted };
  } catch {
    return undefined;
  }
}
