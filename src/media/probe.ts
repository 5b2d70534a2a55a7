/** Round trips to the camera's RTOS, microseconds. */
export interface RpcLatency {
  readonly count: number;
  readonly minUs: number;
  readonly medianUs: number;
  readonly maxUs: number;
}

/** A clock of the camera held against CLOCK_MONOTONIC. */
export interface CameraClock {
  readonly seconds: number;
  /** Above 0: the camera's clock is fast. */
  readonly driftPpm: number;
  /** Standard deviation of single readings from a straight line. */
  readonly spreadUs: number;
}

/** Layouts and numbers of the AmbaNetFifo.h that the addon was compiled with. */
export interface NetfifoHeader {
  readonly handle: 'pointer' | 'number';
  readonly handleBytes: number;
  readonly entryBytes: number;
  readonly trackBytes: number;
  readonly configBytes: number;
  readonly streamListBytes: number;
  readonly opSetLiveBitrate: number;
  readonly opReceiverReport: number;
}

/** A track as the camera describes it; what it left unsaid has the default that we assume. */
export interface TrackFormat {
  readonly kind: 'video' | 'audio' | 'text';
  readonly codec: 'H264' | 'H265' | 'AAC' | 'PCM' | 'OPUS' | 'MJPEG' | 'other';
  readonly mediaId: number;
  /** PTS ticks per second. */
  readonly timescale: number;
  readonly ticksPerFrame: number;
  readonly initDelayMs: number;
  readonly width?: number;
  readonly height?: number;
  /** Pictures from one key frame to the next. */
  readonly gop?: number;
  readonly sampleRate?: number;
  readonly channels?: number;
  readonly bits?: number;
}

/** A track of the live stream, and what came of it while it was watched. */
export interface ProbedTrack extends TrackFormat {
  readonly id: number;
  /** As the camera said it; 0 where a default took its place. */
  readonly toldTimescale: number;
  readonly toldChannels?: number;
  readonly ringBytes: number;
  readonly frames: number;
  readonly bytes: number;
  readonly largestFrame: number;
  readonly keyFrames?: number;
  readonly nalTypes?: readonly number[];
  /** Frames over the end of the ring. */
  readonly wraps: number;
  /** Frames that do not lie in the ring, as we understand its limits. */
  readonly outsideRing: number;
  readonly copiedBytes: number;
  readonly copiedS: number;
  /** Times that SeqNum did not rise by one. */
  readonly sequenceGaps: number;
  /** Times that PTS went back, or on by more than a second. */
  readonly ptsJumps: number;
  readonly watchedS: number;
  /** CLOCK_MONOTONIC when its PTS was 0. */
  readonly ptsOriginS?: number;
  readonly clock?: CameraClock;
}

/** What a reader met that did not read. */
export interface ProbedOverflow {
  readonly drops: 'unknown' | 'not-reached' | 'oldest' | 'newest';
  readonly track: number;
  readonly totalEntries: number;
  readonly heldEntries: number;
  readonly seconds: number;
}

export type ProbedSpeaker =
  | { readonly present: false }
  | {
      readonly present: true;
      readonly format: TrackFormat;
      readonly bufferBytes: number;
      /** Why it could not be tried; empty when it could. */
      readonly error: string;
      readonly clock?: CameraClock;
      /** Frames of the microphone that came while it played. */
      readonly microphoneFrames?: number;
    };

/** What is known of the camera so far. */
export interface CameraReport {
  readonly done: boolean;
  /** What it does now, or where it hangs. */
  readonly stage: string;
  readonly connected: boolean;
  /** Why there is not more; empty when there is all. */
  readonly error: string;
  readonly header?: NetfifoHeader;
  readonly encoding: boolean;
  readonly tracks: readonly ProbedTrack[];
  readonly rpc: {
    readonly trackTable: RpcLatency;
    readonly peek: RpcLatency;
    readonly remove: RpcLatency;
  };
  readonly overflow: ProbedOverflow;
  readonly speaker: ProbedSpeaker;
}

/** A running examination: native/src/addon/probe_wrap.h. */
export interface CameraProbe {
  /** At any time, also after `close`. */
  report(): CameraReport;
  /** Ends it and leaves the camera in order; waits up to a second for a call that does not return. */
  close(): void;
}
