import { writeFile } from 'node:fs/promises';
import type { MediaEngine } from '../media';
import type { Logger } from '../platform';
import { Playback } from './playback';
import type { LivePolicy } from './policy';
import { soundOf } from './tones';

/** Tells the cabin whether it is heard or seen outside: by a sound when that begins, and by a file as a lamp has it. */
export class LiveSign {
  readonly #playback: Playback;
  readonly #log: Logger;
  #written: Promise<void> = Promise.resolve();

  constructor(engine: MediaEngine, log: Logger) {
    this.#log = log.area('live');
    this.#playback = new Playback(engine, this.#log);
  }

  /** Resolves when it is written, or cannot be. */
  tell(isLive: boolean, { liveNotice, liveIndicator }: LivePolicy): Promise<void> {
    const sound = soundOf(liveNotice, 'live');
    if (isLive && sound) this.#playback.begin({ ...sound, repeats: false });
    if (liveIndicator !== undefined) this.#write(liveIndicator, isLive);
    return this.#written;
  }

  #write(path: string, isLive: boolean): void {
    this.#written = this.#written
      .then(() => writeFile(path, isLive ? '1\n' : '0\n', { flag: 'r+' }))
      .catch((error: unknown) =>
        this.#log.warn('the indicator is not set', { path, reason: String(error) }),
      );
  }
}
