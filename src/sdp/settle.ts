import { packetTime, streamFormats } from './audio';
import { directionOf, meet, receives, wantedDirection } from './direction';
import type { AudioPlan, LinePlan, VideoPlan } from './line-plan';
import type { MediaLine } from './media-line';
import { isOurFamily } from './plan';
import { answeredSecurity, expectedSecurity, srtpOf } from './security';
import {
  type AudioStream,
  type Direction,
  type LocalMedia,
  type NegotiatedMedia,
  type RemoteEndpoint,
  SdpException,
  type VideoStream,
  type WarningCode,
} from './types';

/** One exchange: our lines and what the peer says of each. */
export interface Exchange {
  readonly plans: readonly LinePlan[];
  /** In the order of `plans`. */
  readonly lines: readonly (MediaLine | undefined)[];
  readonly local: LocalMedia;
  readonly onHold: boolean;
  /** The sound as it was agreed on before. */
  readonly former: AudioStream | undefined;
}

/** The streams that the two descriptions make together. @throws SdpException when there is no sound. */
export function settle(exchange: Exchange): NegotiatedMedia {
  const { plans, lines, local, onHold, former } = exchange;
  let audio: AudioStream | undefined;
  let video: VideoStream | undefined;
  let heldByPeer = false;
  for (const [index, plan] of plans.entries()) {
    const line = lines[index];
    if (!line || plan.kind === 'refused') continue;
    if (plan.kind === 'audio') {
      audio = audioStream(plan, line, local, onHold);
      // RFC 3264 §8.4: the peer does not want to hear us.
      heldByPeer = !receives(line.direction);
    } else {
      video = videoStream(plan, line, local, onHold);
    }
  }
  if (!audio && former && isLaidAside(lines)) {
    audio = { ...former, direction: 'inactive' };
    heldByPeer = !onHold;
  }
  if (!audio) throw noAudio(lines, local);
  return { audio, ...(video ? { video } : {}), heldByPeer };
}

/** In mid-call some hold, or answer a hold, by port 0, and come back: no reason to hang up on them. */
function isLaidAside(lines: readonly (MediaLine | undefined)[]): boolean {
  const sounds = lines.filter((line) => line?.type === 'audio');
  return sounds.length > 0 && sounds.every((line) => line?.port === 0);
}

function audioStream(
  plan: AudioPlan,
  line: MediaLine,
  local: LocalMedia,
  onHold: boolean,
): AudioStream | undefined {
  const formats = streamFormats(plan, plan.alsoReceived, local.audio.wishes);
  if (!formats) return undefined;
  return {
    ...formats,
    remote: remoteOf(plan, line),
    ...srtpOf(plan.crypto),
    ...local.zrtp?.read(line.lines),
    direction: meet(line.direction, wantedDirection('audio', onHold)),
    ptimeMs: packetTime(line, formats.codec, local.audio.ptimeMs),
    ...(line.rtcpXr?.voipMetrics ? { voipMetrics: true } : {}),
    ...(line.rtcpXr?.receiverRoundTrip ? { receiverRoundTrip: true } : {}),
  };
}

function videoStream(
  plan: VideoPlan,
  line: MediaLine,
  local: LocalMedia,
  onHold: boolean,
): VideoStream | undefined {
  const { chosen, form, rtx } = plan;
  if (!chosen) return undefined;
  const { levelAsymmetry: _, ...format } = chosen;
  const { maxBitrate } = line;
  return {
    codec: form.codec,
    ...format,
    ...(rtx === undefined ? {} : { rtxPayloadType: rtx }),
    remote: remoteOf(plan, line),
    ...srtpOf(plan.crypto),
    ...local.zrtp?.read(line.lines),
    direction: withinLimit(meet(line.direction, wantedDirection('video', onHold)), maxBitrate),
    ...(maxBitrate ? { maxBitrate } : {}),
  };
}

/** RFC 5761 §5.1.1: with one port for both, what a=rtcp says is for those who do not share. */
function remoteOf({ rtcpMux }: AudioPlan | VideoPlan, { remote }: MediaLine): RemoteEndpoint {
  const { address, rtpPort } = remote;
  return rtcpMux ? { address, rtpPort, rtcpPort: rtpPort, rtcpMux } : remote;
}

/** RFC 3264 §5: a bandwidth of zero asks for no media at all. */
function withinLimit(direction: Direction, maxBitrate: number | undefined): Direction {
  return maxBitrate === 0 ? directionOf(false, receives(direction)) : direction;
}

/** Why there is no sound, and the Warning that says so (RFC 3261 §20.43). */
function noAudio(lines: readonly (MediaLine | undefined)[], local: LocalMedia): SdpException {
  const codecs = local.audio.codecs.join(' or ');
  const refused = (found: string, code: WarningCode): SdpException =>
    new SdpException(
      'no-usable-audio',
      `no usable audio: expected ${expectedSecurity(local)} with ${codecs}, found ${found}`,
      code,
    );
  const all = lines.filter((line) => line !== undefined);
  const sounds = all.filter(({ type, port }) => type === 'audio' && port !== 0);
  if (sounds.length === 0) return refused(listed(all) || 'no media line', 304);
  const fitting = sounds.filter((line) => answeredSecurity(line, local, undefined) !== undefined);
  if (fitting.length === 0) return refused(listed(sounds), 302);
  const near = fitting.filter((line) => isOurFamily(line, local));
  if (near.length === 0) {
    const addresses = fitting.map(({ remote }) => remote.address || 'none that can be used');
    return refused(`the address ${addresses.join(', ')}`, 301);
  }
  return refused(near.map(formatsInWords).join(', ') || 'no format', 305);
}

function listed(lines: readonly MediaLine[]): string {
  return lines.map(({ type, port, protocol }) => `${type} ${port} ${protocol}`).join(', ');
}

function formatsInWords({ formats }: MediaLine): string {
  return formats
    .map(({ encoding, clockRate, payloadType }) =>
      encoding === '' ? String(payloadType) : `${encoding}/${clockRate}`,
    )
    .join(' ');
}
