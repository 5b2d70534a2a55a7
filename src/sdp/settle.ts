import { packetTime } from './audio';
import { type Description, holdsUs, type MediaLine } from './description';
import { meet, wantedDirection } from './direction';
import type { AudioPlan, LinePlan, VideoPlan } from './line-plan';
import {
  type AudioStream,
  type LocalMedia,
  type NegotiatedMedia,
  type RemoteEndpoint,
  SdpException,
  type VideoStream,
} from './types';

/** The streams that `plans` and the peer's description make together. */
export function settle(
  plans: readonly LinePlan[],
  theirs: Description,
  local: LocalMedia,
  onHold: boolean,
): NegotiatedMedia {
  let audio: AudioStream | undefined;
  let video: VideoStream | undefined;
  let heldByPeer = false;
  for (const [index, plan] of plans.entries()) {
    const line = theirs.media[index];
    if (!line || plan.kind === 'refused') continue;
    if (plan.kind === 'audio') {
      audio = audioStream(plan, line, local, onHold);
      heldByPeer = holdsUs(line);
    } else {
      video = videoStream(plan, line, onHold);
    }
  }
  if (!audio) throw new SdpException('no-usable-audio', noAudio(theirs, local));
  return { audio, ...(video ? { video } : {}), heldByPeer };
}

function audioStream(
  plan: AudioPlan,
  line: MediaLine,
  local: LocalMedia,
  onHold: boolean,
): AudioStream | undefined {
  const [format] = plan.formats;
  if (!format) return undefined;
  return {
    ...format,
    remote: endpointOf(line),
    direction: meet(line.direction, wantedDirection('audio', onHold)),
    ptimeMs: packetTime(line, local.audio.ptimeMs),
  };
}

function videoStream(plan: VideoPlan, line: MediaLine, onHold: boolean): VideoStream | undefined {
  const [format] = plan.formats;
  if (!format) return undefined;
  return {
    codec: 'H264',
    ...format,
    remote: endpointOf(line),
    direction: meet(line.direction, wantedDirection('video', onHold)),
  };
}

function endpointOf(line: MediaLine): RemoteEndpoint {
  return { address: line.address, rtpPort: line.port, rtcpPort: line.rtcpPort };
}

export function noAudio(theirs: Description, local: LocalMedia): string {
  const found = theirs.media.map((line) => `${line.type} ${line.port} ${line.protocol}`).join(', ');
  return (
    `no usable audio: expected plain RTP with ${local.audio.codecs.join(' or ')}, ` +
    `found ${found || 'no media line'}`
  );
}
