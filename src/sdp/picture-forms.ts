import { H264 } from './h264';
import type { PictureCodec, PictureForm } from './types';

/** How pictures are described, by codec. That of H.265 is loaded when a camera sends it. */
export class PictureForms {
  #h265: PictureForm | undefined;

  /** undefined while it is not loaded. */
  of(codec: PictureCodec): PictureForm | undefined {
    return codec === 'H264' ? H264 : this.#h265;
  }

  /** Resolves when `of` has it; undefined when it has it already. */
  load(codec: PictureCodec): Promise<void> | undefined {
    return this.of(codec) ? undefined : this.#load();
  }

  async #load(): Promise<void> {
    this.#h265 = (await import('./h265')).H265;
  }
}
