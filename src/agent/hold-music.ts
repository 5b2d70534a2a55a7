import { type MediaEngine, MediaException, type ToneSettings } from '../media';
import type { Logger } from '../platform';

/** What a far end hears that is held: a tone, or a file. */
export type HoldSound = { readonly tone: ToneSettings } | { readonly file: string };

/** Music on hold of one call: again and again in place of the microphone, until it is resumed. */
export class HoldMusic {
  readonly #engine: MediaEngine;
  readonly #log: Logger;
  #playback: Promise<number | undefined> | undefined;

  constructor(engine: MediaEngine, log: Logger) {
    this.#engine = engine;
    this.#log = log;
  }

  begin(session: number, sound: HoldSound): void {
    this.end();
    this.#playback = this.#play(session, sound);
  }

  end(): void {
    const playback = this.#playback;
    this.#playback = undefined;
    void playback?.then((id) => {
      if (id !== undefined) this.#engine.stopPlaying(id);
    });
  }

  async #play(session: number, sound: HoldSound): Promise<number | undefined> {
    try {
      return await this.#engine.play({ session, ...sound, repeats: true });
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      this.#log.warn('no music on hold', { reason: error.message });
      return undefined;
    }
  }
}
