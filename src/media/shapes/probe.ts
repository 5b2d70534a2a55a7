/** What an examination of the camera finds out. A plain `number` is a double. */

import type { Count, Uint8, Uint32 } from './values';

/** Round trips to the camera's RTOS, microseconds. */
export interface RpcLatency {
  readonly count: Uint32;
  readonly minUs: Uint32;
  readonly medianUs: Uint32;
  readonly maxUs: Uint32;
}

/** A clock of the camera held against CLOCK_MONOTONIC. */
export interface CameraClock {
  readonly seconds: number;
  /** Above 0: the camera's clock is fast. */
  readonly driftPpm: number;
  /** Standard deviation of single readings from a straight line. */
  readonly spreadUs: number;
}

export type FifoHandle = 'pointer' | 'number';

/** Layouts and numbers of the AmbaNetFifo.h that the addon was compiled with. */
export interface NetfifoHeader {
  readonly handle: FifoHandle;
  readonly handleBytes: Uint32;
  readonly entryBytes: Uint32;
  readonly trackBytes: Uint32;
  readonly configBytes: Uint32;
  readonly streamListBytes: Uint32;
  readonly opSetLiveBitrate: Uint32;
  readonly opReceiverReport: Uint32;
}

export type TrackKind = 'video' | 'audio' | 'text';
export type TrackCodec = 'H264' | 'H265' | 'AAC' | 'PCM' | 'OPUS' | 'MJPEG' | 'other';

/** A track as the camera describes it; what it left unsaid has the default that we assume. */
export interface TrackFormat {
  readonly kind: TrackKind;
  readonly codec: TrackCodec;
  readonly mediaId: Uint32;
  /** PTS ticks per second. */
  readonly timescale: Uint32;
  readonly ticksPerFrame: Uint32;
  readonly initDelayMs: Uint32;
  readonly width?: Uint32;
  readonly height?: Uint32;
  /** Pictures from one key frame to the next. */
  readonly gop?: Uint32;
  readonly sampleRate?: Uint32;
  readonly channels?: Uint32;
  readonly bits?: Uint32;
}

/** A track of the live stream, and what came of it while it was watched. */
export interface ProbedTrack extends TrackFormat {
  readonly id: Uint32;
  /** As the camera said it; 0 where a default took its place. */
  readonly toldTimescale: Uint32;
  readonly toldChannels?: Uint32;
  readonly ringBytes: Count;
  readonly frames: Uint32;
  readonly bytes: Count;
  readonly largestFrame: Uint32;
  readonly keyFrames?: Uint32;
  /** Types of NAL units seen, rising. */
  readonly nalTypes?: readonly Uint8[];
  /** Frames over the end of the ring. */
  readonly wraps: Uint32;
  /** Frames that do not lie in the ring, as we understand its limits. */
  readonly outsideRing: Uint32;
  readonly copiedBytes: Count;
  readonly copiedS: number;
  /** Times that SeqNum did not rise by one. */
  readonly sequenceGaps: Uint32;
  /** Times that PTS went back, or on by more than a second. */
  readonly ptsJumps: Uint32;
  readonly watchedS: number;
  /** CLOCK_MONOTONIC when its PTS was 0. */
  readonly ptsOriginS?: number;
  readonly clock?: CameraClock;
}

export type OverflowPolicy =
  /** Not tried, or the stream changed meanwhile. */
  | 'unknown'
  /** The queue was still growing when time was up. */
  | 'not-reached'
  | 'oldest'
  | 'newest';

/** What a reader met that did not read. */
export interface ProbedOverflow {
  readonly drops: OverflowPolicy;
  readonly track: Uint32;
  /** As the camera tells. */
  readonly totalEntries: Uint32;
  /** Most that waited at a time. */
  readonly heldEntries: Uint32;
  readonly seconds: number;
}

export type ProbedSpeaker =
  | { readonly present: false }
  | {
      readonly present: true;
      readonly format: TrackFormat;
      readonly bufferBytes: Uint32;
      /** Why it could not be tried; empty when it could. */
      readonly error: string;
      readonly clock?: CameraClock;
      /** Frames of the microphone that came while it played. */
      readonly microphoneFrames?: Uint32;
    };

/** How long calls to the camera take. */
export interface ProbedRpc {
  readonly trackTable: RpcLatency;
  readonly peek: RpcLatency;
  readonly remove: RpcLatency;
}

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
  readonly rpc: ProbedRpc;
  readonly overflow: ProbedOverflow;
  readonly speaker: ProbedSpeaker;
}
