import type { CallStatus } from '../agent';

/** What a call sounds like, in few numbers. Absent where nothing is known yet. */
export interface CallQuality {
  readonly call: number;
  readonly durationS: number;
  readonly codec?: string;
  /** Of what the far end sent, RFC 3550. */
  readonly lossPercent?: number;
  readonly jitterMs?: number;
  readonly bufferMs?: number;
  /** Of what was played. */
  readonly concealedPercent?: number;
  /** Deviation of our packets from their grid. */
  readonly pacingP99Ms?: number;
  readonly roundTripMs?: number;
  readonly mos?: number;
  readonly videoFrames?: number;
}

export function qualityOf({ call, durationS, media }: CallStatus): CallQuality {
  const { audio, video } = media ?? {};
  return {
    call,
    durationS,
    ...(audio && {
      codec: audio.codec,
      lossPercent: percent(audio.received.lost, audio.received.lost + audio.received.packets),
      jitterMs: tenths(audio.received.jitterMs),
      bufferMs: Math.round(audio.bufferMs),
      concealedPercent: percent(audio.concealedFrames, audio.playedFrames + audio.concealedFrames),
      pacingP99Ms: Math.round(audio.pacingP99Us) / 1000,
      ...(audio.roundTripMs !== undefined && { roundTripMs: tenths(audio.roundTripMs) }),
      ...(audio.mos !== undefined && { mos: Math.round(audio.mos * 100) / 100 }),
    }),
    ...(video && { videoFrames: video.frames }),
  };
}

function percent(part: number, whole: number): number {
  return whole > 0 ? Math.max(0, tenths((part / whole) * 100)) : 0;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
