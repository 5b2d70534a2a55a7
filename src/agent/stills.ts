import { type CameraSnapshot, type MediaEngine, MediaException, type Still } from '../media';
import type { Clock, Timer } from '../platform';
import { AgentException } from './exception';

/** How long a still, or why there is none, is the answer to whoever else asks, ms. */
const KEPT_MS = 1000;

/** Stills of the camera's picture: made one at a time and one a second at most, whoever asks. */
export class Stills {
  readonly #engine: MediaEngine;
  readonly #pictureWanted: boolean;
  readonly #clock: Clock;
  /** The one that is being made, or was within the last second. */
  #last: Promise<Still> | undefined;
  #expiry: Timer | undefined;
  #isClosed = false;

  constructor(engine: MediaEngine, pictureWanted: boolean, clock: Clock) {
    this.#engine = engine;
    this.#pictureWanted = pictureWanted;
    this.#clock = clock;
  }

  /** @throws AgentException */
  async take(): Promise<Still> {
    if (this.#last) return await this.#last;
    const refusal = this.#refusal();
    if (refusal) throw refusal;
    this.#last = this.#make();
    return await this.#last;
  }

  close(): void {
    this.#isClosed = true;
    this.#expiry?.cancel();
    this.#last = undefined;
  }

  async #make(): Promise<Still> {
    try {
      return await this.#engine.still();
    } catch (error) {
      throw asRefusal(error);
    } finally {
      if (!this.#isClosed) this.#expiry = this.#clock.setTimer(KEPT_MS, () => this.#forget());
    }
  }

  #forget(): void {
    this.#last = undefined;
  }

  #refusal(): AgentException | undefined {
    if (!this.#pictureWanted) {
      const words = 'the camera’s picture is switched off (media.video, camera.link)';
      return new AgentException('wrong-state', words);
    }
    return noPicture(this.#engine.snapshot().camera);
  }
}

/** Why a camera has no picture to give; undefined when it should have one. */
function noPicture({ state, hasVideo, error }: CameraSnapshot): AgentException | undefined {
  switch (state) {
    case 'none':
      return new AgentException('wrong-state', error ? `no camera: ${error}` : 'no camera');
    case 'absent':
      return new AgentException('no-resource', `no picture: ${error || 'no camera answers'}`);
    case 'idle':
      return new AgentException('no-resource', `no picture: ${error || 'nothing is encoded'}`);
    case 'streaming':
      return hasVideo
        ? undefined
        : new AgentException('no-resource', 'no picture: the camera sends none in H.264');
  }
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof MediaException)) return error;
  const { code, message } = error;
  return new AgentException(code === 'closed' ? 'not-ready' : 'no-resource', message);
}
