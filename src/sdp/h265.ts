import { freePayloadTypes } from './payload-types';
import type {
  ChosenFormat,
  PeerFormat,
  PictureForm,
  PictureFormat,
  PictureParameters,
} from './types';

/** RFC 7798 §7.1: without profile-id the peer means Main. */
const USUAL_PROFILE = 1;

/** H.265 over RTP, RFC 7798: one format, of the camera's own profile, without DONL. */
export const H265: PictureForm = { codec: 'H265', offered, choose, parameters };

function offered(
  { profileLevelId }: PictureParameters,
  agreed: readonly PictureFormat[],
  taken: readonly number[],
): readonly PictureFormat[] {
  if (agreed.length > 0) return agreed;
  const [payloadType] = freePayloadTypes(new Set(taken));
  return payloadType === undefined ? [] : [{ payloadType, packetizationMode: 1, profileLevelId }];
}

/**
 * Tier and level are ignored and the profile only ranks, for decoders take more than they declare and the camera encodes as it does.
 */
function choose(
  formats: readonly PeerFormat[],
  own: PictureParameters,
  ours: readonly PictureFormat[] = [],
): ChosenFormat | undefined {
  const ownProfile = profileOf(own.profileLevelId);
  const ranked = formats
    .filter((format) => isH265(format, ours))
    .map((format) => ({ format, fits: wantedProfile(format) === ownProfile }))
    .sort((a, b) => Number(b.fits) - Number(a.fits));
  const found = ranked[0]?.format;
  return (
    found && {
      payloadType: found.payloadType,
      packetizationMode: 1,
      profileLevelId: own.profileLevelId,
      modeAssumed: false,
      levelAsymmetry: false,
    }
  );
}

/** RFC 7798 §7.1: of our stream, its parameter sets with it. */
function parameters(
  { profileLevelId }: PictureFormat,
  { spropParameterSets }: PictureParameters,
): string {
  const [first = 0, ...rest] = bytesOf(profileLevelId);
  const [vps = '', sps = '', ...pps] = spropParameterSets.split(',');
  const sets = [
    ['sprop-vps', vps],
    ['sprop-sps', sps],
    ['sprop-pps', pps.join(',')],
  ].flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  return [
    ...(first >> 6 === 0 ? [] : [`profile-space=${first >> 6}`]),
    `profile-id=${first & 0x1f}`,
    `tier-flag=${(first >> 5) & 1}`,
    `level-id=${rest[10] ?? 0}`,
    `profile-compatibility-indicator=${hexadecimal(rest.slice(0, 4))}`,
    `interop-constraints=${hexadecimal(rest.slice(4, 10))}`,
    ...sets,
  ].join(';');
}

function isH265(
  { payloadType, encoding, clockRate }: PeerFormat,
  ours: readonly PictureFormat[],
): boolean {
  if (encoding === '') return ours.some((format) => format.payloadType === payloadType);
  return encoding === 'H265' && clockRate === 90_000;
}

function wantedProfile({ parameters: said }: PeerFormat): number {
  const id = said.get('profile-id');
  return id === undefined ? USUAL_PROFILE : Number(id);
}

/** general_profile_idc of profile_tier_level (ITU-T H.265 §7.3.3), which stands as 24 hexadecimal digits. */
function profileOf(profileLevelId: string): number {
  return (bytesOf(profileLevelId)[0] ?? 0) & 0x1f;
}

function bytesOf(hexadecimals: string): number[] {
  return [...Buffer.from(hexadecimals, 'hex')];
}

function hexadecimal(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('hex');
}
