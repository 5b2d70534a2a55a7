import type { MediaDescription } from 'sdp-transform';
import { type AudioFormat, STATIC_PAYLOAD_TYPE } from './audio';
import { type H264Format, h264Parameters } from './h264';
import type { Direction, LocalMedia } from './types';

/**
 * One media line of the session as this end will describe it. Lines keep their place for the life
 * of the session (RFC 3264 §8), refused ones included.
 */
export type LinePlan = AudioPlan | VideoPlan | RefusedPlan;

export interface AudioPlan {
  readonly kind: 'audio';
  readonly protocol: string;
  /** In order of preference. */
  readonly formats: readonly AudioFormat[];
}

export interface VideoPlan {
  readonly kind: 'video';
  readonly protocol: string;
  readonly formats: readonly H264Format[];
  /** Feedback messages answered in kind, RFC 4585 §4.2; none in a plain RTP/AVP line. */
  readonly feedback: readonly string[];
}

export interface RefusedPlan {
  readonly kind: 'refused';
  readonly type: string;
  readonly protocol: string;
  readonly formatList: string;
  /** We refused it for want of a picture: it may be opened again when there is one. */
  readonly mayReopen: boolean;
}

export const RTP_AVP = 'RTP/AVP';

/** Our own list of G.711 variants by their static payload types. */
export function audioFormats(local: LocalMedia): AudioFormat[] {
  return local.audio.codecs.map((codec) => ({ codec, payloadType: STATIC_PAYLOAD_TYPE[codec] }));
}

/**
 * Both packetization modes under fresh dynamic payload types: RFC 6184 §8.2.2 makes each a format
 * of its own. Numbers in `taken` had another meaning on this line (RFC 3264 §8.3.2).
 */
export function videoFormats(taken: readonly number[] = []): H264Format[] {
  const free = [96, 97, 98, 99, 100, 101, 102, 103, ...range(104, 127)].filter(
    (number) => !taken.includes(number),
  );
  const [first, second] = free;
  return [
    ...(first === undefined ? [] : [{ payloadType: first, packetizationMode: 1 } as const]),
    ...(second === undefined ? [] : [{ payloadType: second, packetizationMode: 0 } as const]),
  ];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

export function describeAudio(
  plan: AudioPlan,
  local: LocalMedia,
  direction: Direction,
): MediaDescription {
  return {
    type: 'audio',
    port: local.audio.rtpPort,
    protocol: plan.protocol,
    payloads: plan.formats.map(({ payloadType }) => payloadType).join(' '),
    rtp: plan.formats.map(({ payloadType, codec }) => ({
      payload: payloadType,
      codec,
      rate: 8000,
    })),
    fmtp: [],
    ptime: local.audio.ptimeMs,
    direction,
  };
}

export function describeVideo(
  plan: VideoPlan,
  video: NonNullable<LocalMedia['video']>,
  direction: Direction,
): MediaDescription {
  return {
    type: 'video',
    port: video.rtpPort,
    protocol: plan.protocol,
    payloads: plan.formats.map(({ payloadType }) => payloadType).join(' '),
    rtp: plan.formats.map(({ payloadType }) => ({
      payload: payloadType,
      codec: 'H264',
      rate: 90000,
    })),
    fmtp: plan.formats.map(({ payloadType, packetizationMode }) => ({
      payload: payloadType,
      config: h264Parameters(video.profileLevelId, packetizationMode, video.spropParameterSets),
    })),
    rtcpFb: plan.formats.flatMap(({ payloadType }) =>
      plan.feedback.map((type) => ({ payload: payloadType, type })),
    ),
    direction,
  };
}

export function describeRefused(plan: RefusedPlan): MediaDescription {
  return {
    type: plan.type,
    port: 0,
    protocol: plan.protocol,
    payloads: plan.formatList,
    rtp: [],
    fmtp: [],
  };
}
