import { ipVersion, isUnspecified } from './address';
import { commonAudio, numbersOf, offeredAudio } from './audio';
import type { Description } from './description';
import { H264 } from './h264';
import type { AudioPlan, LinePlan, RefusedPlan, VideoPlan } from './line-plan';
import type { MediaLine } from './media-line';
import { rtxFor } from './rtx';
import {
  agreedSecurity,
  answeredSecurity,
  offeredAgain,
  offeredSecurity,
  type Security,
} from './security';
import type { LocalMedia } from './types';

/** What the media plane does for a receiver: packets once more, a key frame, less (RFC 4585, RFC 5104). */
const FEEDBACK = ['nack', 'nack pli', 'ccm fir', 'ccm tmmbr', 'goog-remb'];

/** RFC 3264 §5 for the first offer, §8 for later ones: lines keep their places. */
export function planOffer(
  former: readonly LinePlan[],
  local: LocalMedia,
  mayAddVideo: boolean,
): LinePlan[] {
  if (former.length === 0) {
    return [freshAudio(local), ...(local.video ? [freshVideo(local, local.video, [])] : [])];
  }
  const plans = former.map((plan) => again(plan, local));
  reopen(plans, 'audio', () => freshAudio(local));
  const { video } = local;
  if (!video || !mayAddVideo) return plans;
  reopen(plans, 'video', (taken) => freshVideo(local, video, taken));
  return plans.some((plan) => kindOf(plan) === 'video')
    ? plans
    : [...plans, freshVideo(local, video, [])];
}

/** A line in a later offer: what was agreed on first, then all that we have. */
function again(plan: LinePlan, local: LocalMedia): LinePlan {
  switch (plan.kind) {
    case 'audio':
      return { ...plan, ...offeredAudio(local, plan), ...offeredAgain(plan, local) };
    case 'video':
      return local.video ? videoAgain(plan, local, local.video) : refusalOf(plan);
    case 'refused':
      return plan;
  }
}

/** Opens the first line of `type` that may be, unless there is one; its numbers are taken. */
function reopen(
  plans: LinePlan[],
  type: 'audio' | 'video',
  fresh: (taken: readonly number[]) => LinePlan,
): void {
  if (plans.some(({ kind }) => kind === type)) return;
  const index = plans.findIndex(
    (plan) => plan.kind === 'refused' && plan.type === type && plan.mayReopen,
  );
  const plan = plans[index];
  if (plan?.kind !== 'refused') return;
  plans[index] = fresh(plan.formatList.split(' ').map(Number).filter(Number.isInteger));
}

function videoAgain(
  plan: VideoPlan,
  local: LocalMedia,
  video: NonNullable<LocalMedia['video']>,
): VideoPlan {
  const { chosen: _, rtx, ...rest } = plan;
  const { form = H264 } = video;
  // Of another codec nothing that was agreed on holds.
  const isSame = form === plan.form;
  const formats = form.offered(video, isSame ? plan.formats : [], numbersOf(plan));
  const repeated = isSame && rtx !== undefined ? { rtx } : {};
  return { ...rest, form, formats, ...repeated, ...offeredAgain(plan, local) };
}

function freshAudio(local: LocalMedia): AudioPlan {
  const formats = offeredAudio(local);
  const rest = { rtcpMux: true, rtcpXr: true, alsoReceived: [] };
  return { kind: 'audio', ...offeredSecurity('audio', local), ...rest, ...formats };
}

function freshVideo(
  local: LocalMedia,
  video: NonNullable<LocalMedia['video']>,
  taken: readonly number[],
): VideoPlan {
  const { form = H264 } = video;
  return {
    kind: 'video',
    form,
    ...offeredSecurity('video', local),
    rtcpMux: true,
    formats: form.offered(video, [], taken),
    feedback: FEEDBACK,
  };
}

function kindOf(plan: LinePlan): string {
  return plan.kind === 'refused' ? plan.type : plan.kind;
}

/**
 * RFC 3264 §6: of each kind the first line that we can serve, one that is encrypted before any that is
 * not; every other one refused in place.
 */
export function planAnswer(
  theirs: Description,
  local: LocalMedia,
  former: readonly LinePlan[],
): LinePlan[] {
  const plans = theirs.media.map((line, index) => serve(line, local, former[index]));
  const servedAt = (type: string): number => {
    const isOfType = (plan: LinePlan | undefined): boolean => plan?.kind === type;
    const secret = plans.findIndex((plan) => isOfType(plan) && plan?.crypto !== undefined);
    return secret < 0 ? plans.findIndex(isOfType) : secret;
  };
  return theirs.media.map((line, index): LinePlan => {
    const plan = plans[index];
    return plan && servedAt(line.type) === index ? plan : refuse(line, local);
  });
}

function serve(
  line: MediaLine,
  local: LocalMedia,
  former: LinePlan | undefined,
): AudioPlan | VideoPlan | undefined {
  if (!isReachable(line, local)) return undefined;
  const security = answeredSecurity(line, local, former);
  if (!security) return undefined;
  if (line.type === 'audio') {
    const common = commonAudio(line, local);
    if (!common) return undefined;
    const rtcpMux = sharesPort(line, numbersOf(common));
    const rtcpXr = line.rtcpXr !== undefined;
    return { kind: 'audio', ...security, rtcpMux, rtcpXr, alsoReceived: [], ...common };
  }
  if (line.type !== 'video' || !local.video) return undefined;
  const { form = H264 } = local.video;
  const chosen = form.choose(line.formats, local.video);
  if (!chosen) return undefined;
  const served = { formats: [chosen], ...rtxFor(line, chosen.payloadType, local.video) };
  const rtcpMux = sharesPort(line, numbersOf(served));
  const feedback = feedbackOf(line);
  return { kind: 'video', form, ...security, rtcpMux, ...served, feedback, chosen };
}

/** RFC 5761 §4: a packet type of RTCP looks like a marked packet of payload type 64 to 95. */
function sharesPort(line: MediaLine, payloadTypes: readonly number[]): boolean {
  return line.rtcpMux && !payloadTypes.some((number) => number >= 64 && number <= 95);
}

/** A line that is not disabled and whose address is of the family that reaches us. */
function isReachable(line: MediaLine, local: LocalMedia): boolean {
  return line.port !== 0 && isOurFamily(line, local);
}

/** A host name is looked up in our family, and an address of zeros is a hold in any. */
export function isOurFamily({ remote: { address } }: MediaLine, local: LocalMedia): boolean {
  // ICE finds out where the far end is.
  if (local.bundle) return true;
  if (address === '') return false;
  const version = ipVersion(address);
  return version === undefined || isUnspecified(address) || version === ipVersion(local.address);
}

function refuse(line: MediaLine, local: LocalMedia): RefusedPlan {
  const { type, protocol, formatList } = line;
  // For want of a picture, or laid aside by the peer itself: both may change.
  const lacksPicture =
    type === 'video' &&
    !local.video &&
    isReachable(line, local) &&
    answeredSecurity(line, local, undefined) !== undefined;
  const laidAside = type === 'audio' && line.port === 0;
  const mayReopen = lacksPicture || laidAside;
  const refused = { kind: 'refused', type, protocol, formatList, mayReopen } as const;
  return local.bundle ? { ...refused, bundle: local.bundle.refusal(line) } : refused;
}

export function refusalOf(plan: VideoPlan): RefusedPlan {
  const formatList = numbersOf(plan).join(' ');
  return { kind: 'refused', type: 'video', protocol: plan.protocol, formatList, mayReopen: true };
}

/**
 * RFC 4585 §4.2 wants RTP/AVPF for it, which many refuse; so telephones name it in lines of RTP/AVP,
 * and who does not know the attribute passes over it.
 */
function feedbackOf(line: MediaLine): string[] {
  return FEEDBACK.filter((type) => line.feedback.includes(type));
}

/**
 * The line of the answer that speaks of each line of our offer. RFC 3264 §6 wants as many, in the same
 * order; where an answer has fewer, more or others, that costs those lines and not the call.
 */
export function linesOfAnswer(
  theirs: Description,
  offered: readonly LinePlan[],
): (MediaLine | undefined)[] {
  const inPlace = offered.map((plan, index) => {
    const line = theirs.media[index];
    return line?.type === kindOf(plan) ? line : undefined;
  });
  const astray = theirs.media.filter((line) => !inPlace.includes(line));
  return offered.map((plan, index) => {
    if (inPlace[index]) return inPlace[index];
    const found = astray.findIndex((line) => line.type === kindOf(plan));
    return found < 0 ? undefined : astray.splice(found, 1)[0];
  });
}

/** RFC 3264 §7: our offer, a hold or not, reduced to what the answer took of it. */
export function planFromAnswer(
  lines: readonly (MediaLine | undefined)[],
  offered: readonly LinePlan[],
  local: LocalMedia,
  onHold: boolean,
): LinePlan[] {
  return offered.map((plan, index): LinePlan => {
    if (plan.kind === 'refused') return plan;
    const line = lines[index];
    const security =
      line && isReachable(line, local) ? agreedSecurity(line, local, plan.crypto) : undefined;
    return (line && security && narrow(plan, line, security, local)) || drop(plan, onHold);
  });
}

/** The plan reduced to what the answer chose; undefined when it chose nothing of ours. */
function narrow(
  plan: AudioPlan | VideoPlan,
  line: MediaLine,
  security: Security,
  local: LocalMedia,
): LinePlan | undefined {
  // RFC 5761 §5.1.1: who does not speak of it has two ports; a later answer may leave it, too.
  const rtcpMux = plan.rtcpMux && line.rtcpMux;
  if (plan.kind === 'audio') {
    const common = commonAudio(line, local, plan);
    if (!common) return undefined;
    const numbers = numbersOf(common);
    const alsoReceived = plan.formats.filter(({ payloadType }) => !numbers.includes(payloadType));
    const { rtcpXr } = plan;
    return { kind: 'audio', ...security, rtcpMux, rtcpXr, alsoReceived, ...common };
  }
  const { form, feedback } = plan;
  const chosen = local.video && form.choose(line.formats, local.video, plan.formats);
  if (!chosen) return undefined;
  const rtx = plan.rtx === undefined ? {} : rtxFor(line, chosen.payloadType, local.video);
  return { kind: 'video', form, ...security, rtcpMux, formats: [chosen], ...rtx, feedback, chosen };
}

/**
 * A line that the answer refuses. A picture that is not wanted is not asked for again, unless the whole
 * call was laid aside; sound is.
 */
function drop(plan: AudioPlan | VideoPlan, onHold: boolean): RefusedPlan {
  const { kind: type, protocol } = plan;
  const formatList = numbersOf(plan).join(' ');
  return { kind: 'refused', type, protocol, formatList, mayReopen: type === 'audio' || onHold };
}
