import type { CameraSnapshot, CameraState, MediaEngine, VideoParameters } from '../media';
import { type Clock, Emitter, type Logger, type Timer } from '../platform';

export interface CameraEvents {
  state: [state: CameraState];
  /** The picture can be offered from now on, or no longer. */
  picture: [available: boolean];
}

/** How often a streaming camera is asked for its parameter sets until the first ones came, ms. */
const PARAMETER_POLL_MS = 100;

/**
 * The camera as the agent sees it: whether it is there, and whether it has a picture to offer.
 * Parameter sets come with the first key frame, some time after the stream began.
 */
export class Camera {
  readonly events: Emitter<CameraEvents>;
  readonly #engine: MediaEngine;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #unsubscribe: () => void;
  #pictureWanted: boolean;
  #state: CameraState;
  #picture: VideoParameters | undefined;
  #poll: Timer | undefined;
  readonly #prepare: ((picture: VideoParameters) => Promise<void> | undefined) | undefined;

  /** @param prepare what a picture takes to be offered; undefined where all is there already. */
  constructor(
    engine: MediaEngine,
    pictureWanted: boolean,
    clock: Clock,
    log: Logger,
    prepare?: (picture: VideoParameters) => Promise<void> | undefined,
  ) {
    this.#prepare = prepare;
    this.#engine = engine;
    this.#pictureWanted = pictureWanted;
    this.#clock = clock;
    this.#log = log.area('camera');
    this.events = new Emitter((error) => this.#log.error(`listener failed: ${String(error)}`));
    this.#unsubscribe = engine.events.on('camera', (state) => this.#onState(state));
    this.#state = engine.snapshot().camera.state;
    this.#lookForPicture();
  }

  get state(): CameraState {
    return this.#state;
  }

  /** Parameters of the picture while there is one to offer. */
  get picture(): VideoParameters | undefined {
    return this.#picture;
  }

  snapshot(): CameraSnapshot {
    return this.#engine.snapshot().camera;
  }

  close(): void {
    this.#unsubscribe();
    this.#poll?.cancel();
    this.#pictureWanted = false;
  }

  #onState(state: CameraState): void {
    if (state !== this.#state) this.#log.info('state changed', { from: this.#state, to: state });
    this.#state = state;
    this.events.emit('state', state);
    this.#lookForPicture();
  }

  #lookForPicture(): void {
    this.#poll?.cancel();
    this.#poll = undefined;
    if (!this.#pictureWanted) return;
    const streaming = this.#state === 'streaming';
    const found = streaming ? this.#engine.videoParameters() : undefined;
    const preparation = found && this.#prepare?.(found);
    this.#setPicture(preparation ? undefined : found);
    if (preparation) {
      preparation.then(
        () => this.#lookForPicture(),
        (error) => this.#log.error('no picture can be offered', { error: String(error) }),
      );
    } else if (streaming && !found) {
      this.#poll = this.#clock.setTimer(PARAMETER_POLL_MS, () => this.#lookForPicture());
    }
  }

  #setPicture(picture: VideoParameters | undefined): void {
    const changed = (picture === undefined) !== (this.#picture === undefined);
    this.#picture = picture;
    if (!changed) return;
    if (picture) {
      const { codec, width, height, profileLevelId } = picture;
      this.#log.info('picture', { codec, width, height, profileLevelId });
    }
    this.events.emit('picture', picture !== undefined);
  }
}
