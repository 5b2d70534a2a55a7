import type { BridgeSnapshot } from './shapes';
import type { EngineSettings, MicrophoneSettings, SpeakerSettings } from './types';

type Other<Device> = Exclude<Device, { readonly kind: 'camera' }>;

/** The virtual sound card: which camera, and our ends of two cables of snd-aloop. */
export interface BridgeSettings {
  readonly cameraLink: EngineSettings['cameraLink'];
  readonly rtspUrl?: string;
  /** Gives what programs play; it goes to the camera's speaker. */
  readonly capture: Other<MicrophoneSettings>;
  /** Takes the camera's microphone; programs record it. */
  readonly playback: Other<SpeakerSettings>;
  /** SCHED_FIFO priority of the thread that moves the sound, 1..99; 0 keeps the ordinary one. */
  readonly realtimePriority: number;
}

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
