import { ipVersion } from './address';
import { chooseAudio } from './audio';
import type { Description, MediaLine } from './description';
import { chooseH264 } from './h264';
import {
  type AudioPlan,
  audioFormats,
  type LinePlan,
  type RefusedPlan,
  RTP_AVP,
  type VideoPlan,
  videoFormats,
} from './line-plan';
import { noAudio } from './settle';
import { type LocalMedia, SdpException } from './types';

/** Protocols that carry what we send: RTP without encryption. */
const PLAIN_RTP = new Set([RTP_AVP, 'RTP/AVPF']);
/** Requests for a key frame that the media plane understands. */
const KEY_FRAME_FEEDBACK = new Set(['nack pli', 'ccm fir']);

/** RFC 3264 §5 for the first offer, §8 for later ones: lines keep their places. */
export function planOffer(
  former: readonly LinePlan[],
  local: LocalMedia,
  mayAddVideo: boolean,
): LinePlan[] {
  const start: readonly LinePlan[] =
    former.length > 0
      ? former
      : [{ kind: 'audio', protocol: RTP_AVP, formats: audioFormats(local) }];
  if (!local.video) return start.map((plan) => (plan.kind === 'video' ? refusalOf(plan) : plan));
  if (!mayAddVideo || start.some((plan) => plan.kind === 'video')) return [...start];
  const reopened = start.findIndex(
    (plan) => plan.kind === 'refused' && plan.type === 'video' && plan.mayReopen,
  );
  if (reopened >= 0) {
    return start.map((plan, index) =>
      index === reopened && plan.kind === 'refused' ? freshVideo(payloadTypesOf(plan)) : plan,
    );
  }
  if (start.some((plan) => plan.kind === 'refused' && plan.type === 'video')) return [...start];
  return [...start, freshVideo([])];
}

function freshVideo(taken: readonly number[]): VideoPlan {
  return { kind: 'video', protocol: RTP_AVP, formats: videoFormats(taken), feedback: [] };
}

function payloadTypesOf(plan: RefusedPlan): number[] {
  return plan.formatList.split(' ').map(Number).filter(Number.isInteger);
}

/** RFC 3264 §6: the first line of each kind that we can serve, every other one refused in place. */
export function planAnswer(theirs: Description, local: LocalMedia): LinePlan[] {
  let audioFound = false;
  let videoFound = false;
  const plans = theirs.media.map((line): LinePlan => {
    if (!audioFound && isServed(line, 'audio', local)) {
      const format = chooseAudio(line, local.audio.codecs);
      if (format) {
        audioFound = true;
        return { kind: 'audio', protocol: line.protocol, formats: [format] };
      }
    }
    if (!videoFound && local.video && isServed(line, 'video', local)) {
      const format = chooseH264(line, local.video.profileLevelId);
      if (format) {
        videoFound = true;
        return {
          kind: 'video',
          protocol: line.protocol,
          formats: [format],
          feedback: feedbackOf(line),
        };
      }
    }
    return refuse(line, !local.video && isServed(line, 'video', local));
  });
  if (!audioFound) throw new SdpException('no-usable-audio', noAudio(theirs, local));
  return plans;
}

/** A line of plain RTP that is not refused and whose address is of the family that reaches us. */
function isServed(line: MediaLine, type: 'audio' | 'video', local: LocalMedia): boolean {
  return (
    line.type === type &&
    line.port !== 0 &&
    PLAIN_RTP.has(line.protocol) &&
    line.address !== '' &&
    ipVersion(line.address) === ipVersion(local.address)
  );
}

function refuse(line: MediaLine, mayReopen: boolean): RefusedPlan {
  const { type, protocol, formatList } = line;
  return { kind: 'refused', type, protocol, formatList, mayReopen };
}

export function refusalOf(plan: VideoPlan): RefusedPlan {
  const formatList = plan.formats.map(({ payloadType }) => payloadType).join(' ');
  return { kind: 'refused', type: 'video', protocol: plan.protocol, formatList, mayReopen: true };
}

function feedbackOf(line: MediaLine): string[] {
  if (line.protocol !== 'RTP/AVPF') return [];
  return [...new Set(line.feedback)].filter((type) => KEY_FRAME_FEEDBACK.has(type));
}

/**
 * RFC 3264 §7. An answer that leaves out lines at its end is taken as refusing them: some phones
 * do; one whose lines are of other kinds than ours is none.
 */
export function planFromAnswer(
  theirs: Description,
  offered: readonly LinePlan[],
  local: LocalMedia,
): LinePlan[] {
  if (theirs.media.length > offered.length) {
    throw new SdpException(
      'not-an-answer',
      `answer: expected ${offered.length} media lines as offered, found ${theirs.media.length}`,
    );
  }
  return offered.map((plan, index): LinePlan => {
    const line = theirs.media[index];
    const type = plan.kind === 'refused' ? plan.type : plan.kind;
    if (line && line.type !== type) {
      throw new SdpException(
        'not-an-answer',
        `answer: expected media line ${index + 1} to be ${type}, found ${line.type}`,
      );
    }
    if (plan.kind === 'refused') return plan;
    return (line && isServed(line, plan.kind, local) && narrow(plan, line, local)) || drop(plan);
  });
}

/** The plan reduced to the format that the answer chose; undefined when it chose none of ours. */
function narrow(
  plan: AudioPlan | VideoPlan,
  line: MediaLine,
  local: LocalMedia,
): LinePlan | undefined {
  if (plan.kind === 'audio') {
    const format = chooseAudio(line, local.audio.codecs);
    return format && { ...plan, protocol: line.protocol, formats: [format] };
  }
  const format = chooseH264(line, local.video?.profileLevelId ?? '');
  return format && { ...plan, protocol: line.protocol, formats: [format] };
}

function drop(plan: AudioPlan | VideoPlan): RefusedPlan {
  const formatList = plan.formats.map(({ payloadType }) => payloadType).join(' ');
  const { kind: type, protocol } = plan;
  return { kind: 'refused', type, protocol, formatList, mayReopen: false };
}
