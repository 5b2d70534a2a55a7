import { type AudioQuality, audioQuality, type CallStatus } from '../agent';

/** What a call sounds like, in few numbers. Absent where nothing is known yet. */
export interface CallQuality extends Partial<AudioQuality> {
  readonly call: number;
  readonly durationS: number;
  readonly videoFrames?: number;
}

export function qualityOf({ call, durationS, media }: CallStatus): CallQuality {
  const { audio, video } = media ?? {};
  return {
    call,
    durationS,
    ...(audio && audioQuality(audio)),
    ...(video && { videoFrames: video.frames }),
  };
}
