import type { BridgeSnapshot } from './shapes';

/** What the addon gives: native/src/addon/bridge_wrap.h. */
export interface NativeBridge {
  snapshot(): BridgeSnapshot;
  close(): Promise<void>;
}

/** A running virtual sound card. */
export class AudioBridge {
  readonly #native: NativeBridge;
  #closed: Promise<void> | undefined;

  constructor(native: NativeBridge) {
    this.#native = native;
  }

  /** Takes the peaks: each tells of the time since the last snapshot. */
  snapshot(): BridgeSnapshot {
    return this.#native.snapshot();
  }

  /** Resolves when all threads ended and the camera is left in order. */
  close(): Promise<void> {
    this.#closed ??= this.#native.close();
    return this.#closed;
  }
}
