import type { MediaDescription } from 'sdp-transform';
import { packetLength, rowOf } from '../codecs';
import { type AudioFormats, numbersOf } from './audio';
import { parametersOf } from './audio-parameters';
import { type CryptoLine, describeCrypto } from './crypto';
import { WISHED_RTCP_XR } from './rtcp-xr';
import { withRtx } from './rtx';
import {
  type AudioFormat,
  type ChosenFormat,
  type Direction,
  type LocalMedia,
  type MarkFormat,
  type PictureForm,
  type PictureFormat,
  USUAL_WISHES,
} from './types';

/**
 * One media line of the session as this end will describe it. Lines keep their place for the life
 * of the session (RFC 3264 §8), refused ones included.
 */
export type LinePlan = AudioPlan | VideoPlan | RefusedPlan;

/** SDES of one line, RFC 4568. */
export interface CryptoPlan {
  /** What we offer; they keep their keys from one offer to the next. */
  readonly offered: readonly CryptoLine[];
  /** Of both ends, once one of them has answered. */
  readonly agreed?: { readonly own: CryptoLine; readonly peer: CryptoLine };
}

export interface AudioPlan extends AudioFormats {
  readonly kind: 'audio';
  readonly protocol: string;
  /** Absent: not encrypted. */
  readonly crypto?: CryptoPlan;
  /** What else is said of it, as ICE and DTLS have it, or ZRTP. */
  readonly bundle?: Partial<MediaDescription>;
  readonly rtcpMux: boolean;
  /** Of our offer, where the answer gave other numbers: it may come under ours (RFC 3264 §6.1). */
  readonly alsoReceived: readonly AudioFormat[];
  /** We say what we wish of RTCP XR: in offers, and where the peer speaks of it (RFC 3611 §5.2). */
  readonly rtcpXr: boolean;
}

export interface VideoPlan {
  readonly kind: 'video';
  readonly protocol: string;
  readonly crypto?: CryptoPlan;
  readonly bundle?: Partial<MediaDescription>;
  readonly rtcpMux: boolean;
  readonly form: PictureForm;
  readonly formats: readonly PictureFormat[];
  /** Payload type of what is sent once more of the first format; absent: the peer has no such thing. */
  readonly rtx?: number;
  /** Feedback messages that we act on; in an answer those of the offer, RFC 4585 §4.2. */
  readonly feedback: readonly string[];
  /** What the peer said of the first format; absent in an offer of ours. */
  readonly chosen?: ChosenFormat;
}

export interface RefusedPlan {
  readonly kind: 'refused';
  readonly type: string;
  readonly protocol: string;
  readonly formatList: string;
  /** Refused for a reason that may pass: an offer of ours may open it again. */
  readonly mayReopen: boolean;
  readonly bundle?: Partial<MediaDescription>;
}

export const RTP_AVP = 'RTP/AVP';
export const RTP_SAVP = 'RTP/SAVP';

/** RFC 4733 §3.2: the keys of a telephone. */
const DTMF_EVENTS = '0-15';

export function describeAudio(
  plan: AudioPlan,
  local: LocalMedia,
  direction: Direction,
): MediaDescription {
  const { formats, marks } = plan;
  const { rtpPort, ptimeMs, wishes = USUAL_WISHES } = local.audio;
  const [first] = formats;
  return {
    type: 'audio',
    port: rtpPort,
    protocol: plan.protocol,
    payloads: numbersOf(plan).join(' '),
    rtp: [...formats.map(formatMap), ...marks.map(markMap)],
    fmtp: [
      ...formats.flatMap(({ payloadType, codec, encoder }) => {
        const config = parametersOf(codec, wishes, encoder);
        return config === undefined ? [] : [{ payload: payloadType, config }];
      }),
      ...marks.flatMap(({ payloadType, kind }) =>
        kind === 'keys' ? [{ payload: payloadType, config: DTMF_EVENTS }] : [],
      ),
    ],
    ptime: first ? packetLength(first.codec, ptimeMs) : ptimeMs,
    ...crypto(plan),
    ...rtcpMux(plan),
    ...plan.bundle,
    invalid: [...(plan.rtcpXr ? [{ value: WISHED_RTCP_XR }] : []), ...(plan.bundle?.invalid ?? [])],
    direction,
  };
}

type RtpMap = MediaDescription['rtp'][number];

function formatMap({ payloadType, codec }: AudioFormat): RtpMap {
  const { encoding, clockRate, channels } = rowOf(codec);
  return {
    payload: payloadType,
    codec: encoding,
    rate: clockRate,
    ...(channels === undefined ? {} : { encoding: channels }),
  };
}

function markMap({ payloadType, kind, clockRate }: MarkFormat): RtpMap {
  return {
    payload: payloadType,
    codec: kind === 'keys' ? 'telephone-event' : 'CN',
    rate: clockRate,
  };
}

export function describeVideo(
  plan: VideoPlan,
  video: NonNullable<LocalMedia['video']>,
  direction: Direction,
): MediaDescription {
  const levelAsymmetry = plan.chosen?.levelAsymmetry ?? true;
  const { rtx, formats } = plan;
  const line: MediaDescription = {
    type: 'video',
    port: video.rtpPort,
    protocol: plan.protocol,
    payloads: plan.formats.map(({ payloadType }) => payloadType).join(' '),
    rtp: plan.formats.map(({ payloadType }) => ({
      payload: payloadType,
      codec: plan.form.codec,
      rate: 90000,
    })),
    fmtp: plan.formats.map((format) => ({
      payload: format.payloadType,
      config: plan.form.parameters(format, video, levelAsymmetry),
    })),
    rtcpFb: plan.feedback.map((type) => ({ payload: payloadOf(plan), type })),
    ...crypto(plan),
    ...rtcpMux(plan),
    ...plan.bundle,
    direction,
  };
  const [first] = formats;
  return rtx !== undefined && first && video.sources
    ? withRtx(line, first.payloadType, rtx, video.sources)
    : line;
}

/** RFC 4585 §4.2: the one format, or all that there are. */
function payloadOf({ formats: [first, ...more] }: VideoPlan): number | '*' {
  return first && more.length === 0 ? first.payloadType : '*';
}

/** RFC 4568 §5.1.2: an answer has the one that was chosen. */
function crypto({ crypto: plan }: AudioPlan | VideoPlan): Pick<MediaDescription, 'crypto'> {
  if (!plan) return {};
  const lines = plan.agreed ? [plan.agreed.own] : plan.offered;
  return { crypto: lines.map(describeCrypto) };
}

function rtcpMux(plan: AudioPlan | VideoPlan): Pick<MediaDescription, 'rtcpMux'> {
  return plan.rtcpMux ? { rtcpMux: 'rtcp-mux' } : {};
}

export function describeRefused(plan: RefusedPlan): MediaDescription {
  return {
    type: plan.type,
    port: 0,
    protocol: plan.protocol,
    // RFC 8866 §5.14 wants a format, though it means nothing here.
    payloads: plan.formatList || '0',
    rtp: [],
    fmtp: [],
    ...plan.bundle,
  };
}
