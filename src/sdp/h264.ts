import { freePayloadTypes } from './payload-types';
import type {
  ChosenFormat,
  PeerFormat,
  PictureForm,
  PictureFormat,
  PictureParameters,
} from './types';

/**
 * Constrained Baseline, level 3.1: what every telephone lists. Their decoders take more than they
 * declare: Chromium's plays High under this name, and shows nothing when it is not offered it.
 */
const USUAL_PROFILE = '42e01f';

/** RFC 6184 §8.1: without profile-level-id the peer means Baseline at level 1. */
const DEFAULT_PROFILE_LEVEL_ID = '42000a';

/**
 * All we can offer: the camera's own profile and the one that everybody takes, in either packetization
 * mode, for RFC 6184 §8.2.2 makes each of them a format of its own. Agreed ones come first; numbers in
 * `taken` had another meaning on this line (RFC 3264 §8.3.2).
 */
function offeredH264(
  { profileLevelId }: PictureParameters,
  agreed: readonly PictureFormat[],
  taken: readonly number[],
): PictureFormat[] {
  const profiles = [profileLevelId];
  if (!isConstrainedBaseline(profileLevelId)) profiles.push(USUAL_PROFILE);
  const wanted = ([1, 0] as const).flatMap((packetizationMode) =>
    profiles.map((profile) => ({ packetizationMode, profileLevelId: profile })),
  );
  const missing = wanted.filter((format) => !agreed.some((other) => isSame(format, other)));
  const used = new Set([...taken, ...agreed.map(({ payloadType }) => payloadType)]);
  const free = freePayloadTypes(used);
  const added = missing.flatMap((format, index): PictureFormat[] => {
    const payloadType = free[index];
    return payloadType === undefined ? [] : [{ payloadType, ...format }];
  });
  return [...agreed, ...added];
}

/**
 * The one of `formats` that suits our stream best, or undefined when it has none in a packetization
 * mode that we speak. Levels are ignored and profiles only rank, for decoders take more than they
 * declare and the camera encodes as it does. A packetization-mode that is missing is no reason to
 * refuse: by the letter it is 0 (RFC 6184 §8.1), which carries no picture of a camera whose slices are
 * larger than a packet; those who leave it out take fragments, or they would see nothing of anybody.
 * @param offered our own formats, when those are of an answer: it need not repeat what we said of them.
 */
function chooseH264(
  formats: readonly PeerFormat[],
  { profileLevelId }: PictureParameters,
  offered: readonly PictureFormat[] = [],
): ChosenFormat | undefined {
  const ranked = formats
    .flatMap((format) => {
      const ours = offered.find(({ payloadType }) => payloadType === format.payloadType);
      const chosen = isH264(format, ours) ? take(format, profileLevelId, ours) : undefined;
      return chosen ? [{ rank: rankOf(chosen, format, profileLevelId, ours), chosen }] : [];
    })
    .sort((a, b) => b.rank - a.rank);
  return ranked[0]?.chosen;
}

/** The a=fmtp value of our stream. */
function h264Parameters(
  { packetizationMode, profileLevelId }: PictureFormat,
  own: PictureParameters,
  levelAsymmetry: boolean,
): string {
  // RFC 6184 §8.1: parameter sets are of the profile that is named; others come in the stream alone.
  const sprop = profileOf(profileLevelId) === profileOf(own.profileLevelId);
  return [
    `profile-level-id=${profileLevelId}`,
    ...(levelAsymmetry ? ['level-asymmetry-allowed=1'] : []),
    `packetization-mode=${packetizationMode}`,
    ...(sprop && own.spropParameterSets ? [`sprop-parameter-sets=${own.spropParameterSets}`] : []),
  ].join(';');
}

export const H264: PictureForm = {
  codec: 'H264',
  offered: offeredH264,
  choose: chooseH264,
  parameters: h264Parameters,
};

function isH264(format: PeerFormat, ours: PictureFormat | undefined): boolean {
  if (format.encoding === '') return ours !== undefined;
  return format.encoding === 'H264' && format.clockRate === 90_000;
}

function take(
  { payloadType, parameters }: PeerFormat,
  own: string,
  offered: PictureFormat | undefined,
): ChosenFormat | undefined {
  const mode = parameters.get('packetization-mode') ?? '';
  if (!/^0*[01]?$/.test(mode)) return undefined;
  return {
    payloadType,
    packetizationMode: mode === '' ? (offered?.packetizationMode ?? 1) : Number(mode) === 1 ? 1 : 0,
    profileLevelId: agreedProfile(parameters.get('profile-level-id'), own, offered),
    modeAssumed: mode === '',
    levelAsymmetry: parameters.get('level-asymmetry-allowed') === '1',
  };
}

/**
 * The peer's profile with its constraints (RFC 6184 §8.2.2), at the level that we send; what an answer
 * does not say again stands as we offered it.
 */
function agreedProfile(
  theirs: string | undefined,
  own: string,
  offered: PictureFormat | undefined,
): string {
  const otherwise = offered?.profileLevelId ?? own;
  if (theirs === undefined || !isProfileLevelId(theirs)) return otherwise;
  const profile = theirs.slice(0, 4).toLowerCase();
  return otherwise.startsWith(profile) ? otherwise : profile + own.slice(4);
}

function rankOf(
  chosen: ChosenFormat,
  { parameters }: PeerFormat,
  own: string,
  offered: PictureFormat | undefined,
): number {
  const theirs = profileOf(parameters.get('profile-level-id') ?? offered?.profileLevelId);
  const ours = profileOf(own);
  return (
    (decodes(theirs, ours) ? 4 : 0) +
    chosen.packetizationMode * 2 +
    (theirs === ours ? 1 : 0) -
    (chosen.modeAssumed ? 0.5 : 0)
  );
}

function isSame(
  one: Omit<PictureFormat, 'payloadType'>,
  other: Omit<PictureFormat, 'payloadType'>,
): boolean {
  return (
    one.packetizationMode === other.packetizationMode &&
    one.profileLevelId.slice(0, 4) === other.profileLevelId.slice(0, 4)
  );
}

function isProfileLevelId(text: string): boolean {
  return /^[0-9a-f]{6}$/i.test(text);
}

/** profile_idc: the first of the three bytes of profile-level-id. */
function profileOf(profileLevelId: string | undefined): number {
  const valid = profileLevelId !== undefined && isProfileLevelId(profileLevelId);
  return Number.parseInt(valid ? profileLevelId : DEFAULT_PROFILE_LEVEL_ID, 16) >> 16;
}

const BASELINE = 0x42;
const MAIN = 0x4d;
const HIGH = 0x64;

/** constraint_set1_flag within Baseline, RFC 6184 §8.1 table 5. */
function isConstrainedBaseline(profileLevelId: string): boolean {
  const bytes = Number.parseInt(profileLevelId, 16);
  return bytes >> 16 === BASELINE && (bytes & 0x4000) !== 0;
}

/** Whether a decoder of profile `theirs` reads a stream of profile `ours` (H.264 annex A.2). */
function decodes(theirs: number, ours: number): boolean {
  if (theirs === ours) return true;
  if (ours === BASELINE) return theirs === MAIN || theirs === HIGH;
  return ours === MAIN && theirs === HIGH;
}
