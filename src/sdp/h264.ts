import type { Format, MediaLine } from './description';

/** H.264 over RTP as the peer describes it, RFC 6184 §8.1. */
export interface H264Format {
  readonly payloadType: number;
  readonly packetizationMode: 0 | 1;
}

/** RFC 6184 §8.1: without profile-level-id the peer means Baseline at level 1. */
const DEFAULT_PROFILE_LEVEL_ID = '42000a';

/**
 * The format of `line` that fits our stream best, or undefined when it has none in a packetization
 * mode that we speak. A missing fmtp means mode 0 and is no reason to refuse.
 *
 * The level is ignored, and the profile only ranks: decoders take more than phones declare, and the
 * camera cannot encode another profile.
 */
export function chooseH264(line: MediaLine, profileLevelId: string): H264Format | undefined {
  const ranked = line.formats
    .filter((format) => format.encoding === 'H264' && format.clockRate === 90000)
    .flatMap((format) => {
      const packetizationMode = packetizationModeOf(format);
      if (packetizationMode === undefined) return [];
      const theirs = profileOf(format.parameters.get('profile-level-id'));
      const ours = profileOf(profileLevelId);
      const rank =
        (decodes(theirs, ours) ? 4 : 0) + packetizationMode * 2 + (theirs === ours ? 1 : 0);
      return [{ rank, chosen: { payloadType: format.payloadType, packetizationMode } }];
    })
    .sort((a, b) => b.rank - a.rank);
  return ranked[0]?.chosen;
}

/** The a=fmtp value of our stream. */
export function h264Parameters(
  profileLevelId: string,
  packetizationMode: 0 | 1,
  spropParameterSets: string,
): string {
  const sprop = spropParameterSets ? `;sprop-parameter-sets=${spropParameterSets}` : '';
  return `profile-level-id=${profileLevelId};packetization-mode=${packetizationMode}${sprop}`;
}

function packetizationModeOf(format: Format): 0 | 1 | undefined {
  switch (format.parameters.get('packetization-mode')) {
    case undefined:
    case '':
    case '0':
      return 0;
    case '1':
      return 1;
    default:
      return undefined;
  }
}

/** profile_idc: the first of the three bytes of profile-level-id. */
function profileOf(profileLevelId: string | undefined): number {
  const valid = /^[0-9a-f]{6}$/i.test(profileLevelId ?? '');
  return Number.parseInt((valid && profileLevelId) || DEFAULT_PROFILE_LEVEL_ID, 16) >> 16;
}

const BASELINE = 0x42;
const MAIN = 0x4d;
const HIGH = 0x64;

/** Whether a decoder of profile `theirs` reads a stream of profile `ours` (H.264 annex A.2). */
function decodes(theirs: number, ours: number): boolean {
  if (theirs === ours) return true;
  if (ours === BASELINE) return theirs === MAIN || theirs === HIGH;
  return ours === MAIN && theirs === HIGH;
}
