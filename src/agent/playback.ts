import { type MediaEngine, MediaException, type PlaySettings, type ToneSettings } from '../media';
import type { Logger } from '../platform';

/** What can be heard: a tone, or a file. */
export type Sound = { readonly tone: ToneSettings } | { readonly file: string };

/** One thing that is heard at a time: what begins ends what was heard before. */
export class Playback {
  readonly #engine: MediaEngine;
  readonly #log: Logger;
  #present: Promise<number | undefined> | undefined;

  constructor(engine: MediaEngine, log: Logger) {
    this.#engine = engine;
    this.#log = log;
  }

  /** What cannot be played is told in the log. */
  begin(settings: PlaySettings): void {
    this.end();
    this.#present = this.#play(settings);
  }

  end(): void {
    const present = this.#present;
    this.#present = undefined;
    void present?.then((id) => {
      if (id !== undefined) this.#engine.stopPlaying(id);
    });
  }

  async #play(settings: PlaySettings): Promise<number | undefined> {
    try {
      return await this.#engine.play(settings);
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      this.#log.warn('not played', { reason: error.message });
      return undefined;
    }
  }
}
