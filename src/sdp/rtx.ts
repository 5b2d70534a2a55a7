import type { MediaDescription } from 'sdp-transform';
import type { MediaLine } from './media-line';
import type { LocalMedia } from './types';

/**
 * Where the peer takes what it missed by a stream of its own (RFC 4588 §8.6): the payload type that
 * belongs to the one agreed on. It has to ask for it by NACK, or there is nothing to send.
 */
export function rtxFor(
  { formats, feedback }: MediaLine,
  payloadType: number,
  video: LocalMedia['video'],
): { readonly rtx?: number } {
  if (!video?.sources || !feedback.includes('nack')) return {};
  const found = formats.find(
    ({ encoding, clockRate, parameters }) =>
      encoding === 'RTX' && clockRate === 90_000 && Number(parameters.get('apt')) === payloadType,
  );
  return found ? { rtx: found.payloadType } : {};
}

/** What the description says of it, behind that of the formats themselves. */
export function withRtx(
  line: MediaDescription,
  apt: number,
  rtx: number,
  sources: NonNullable<NonNullable<LocalMedia['video']>['sources']>,
): MediaDescription {
  const { ssrc, rtxSsrc, cname } = sources;
  return {
    ...line,
    payloads: `${line.payloads} ${rtx}`,
    rtp: [...line.rtp, { payload: rtx, codec: 'rtx', rate: 90_000 }],
    fmtp: [...line.fmtp, { payload: rtx, config: `apt=${apt}` }],
    // RFC 5576 §4.2: which of our sources repeats which.
    ssrcGroups: [{ semantics: 'FID', ssrcs: `${ssrc} ${rtxSsrc}` }],
    ssrcs: [ssrc, rtxSsrc].map((id) => ({ id, attribute: 'cname', value: cname })),
  };
}
