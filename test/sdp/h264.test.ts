import { describe, expect, it } from 'vitest';
import { type ChosenFormat, type LocalMedia, Negotiation, parseDescription } from '../../src/sdp';
import { H264 } from '../../src/sdp/h264';
import { CAMERA, description } from './samples';

const own = (profileLevelId: string) => ({ profileLevelId, spropParameterSets: '' });

/** What is chosen of a picture's line with these a=fmtp values, under 96, 97 and so on. */
function chosen(camera: string, ...parameters: readonly string[]): ChosenFormat | undefined {
  const types = parameters.map((_, index) => 96 + index);
  const lines = parameters.flatMap((value, index) => [
    `a=rtpmap:${96 + index} H264/90000`,
    ...(value === '' ? [] : [`a=fmtp:${96 + index} ${value}`]),
  ]);
  const offer = description(`m=video 5006 RTP/AVP ${types.join(' ')}`, ...lines);
  const [line] = parseDescription(offer).media;
  return line && H264.choose(line.formats, own(camera));
}

const profile = (id: string, mode = 1): string =>
  `profile-level-id=${id};packetization-mode=${mode}`;

const BASELINE = '42001f';
const MAIN = '4d001f';
const HIGH = '64001f';
const HIGH_444 = 'f4001f';

describe('of several H.264 formats', () => {
  it.each<[camera: string, better: string, worse: string]>([
    // H.264 annex A.2: Main reads Baseline, High reads both, nobody reads High 4:4:4 for us.
    [BASELINE, BASELINE, MAIN],
    [BASELINE, BASELINE, HIGH],
    [BASELINE, MAIN, HIGH_444],
    [BASELINE, HIGH, HIGH_444],
    [MAIN, MAIN, HIGH],
    [MAIN, HIGH, BASELINE],
    [MAIN, HIGH, HIGH_444],
    [HIGH, HIGH, MAIN],
    [HIGH, HIGH, BASELINE],
    [HIGH, HIGH, HIGH_444],
  ])('a camera of %s has rather %s than %s', (camera, better, worse) => {
    expect(chosen(camera, profile(better), profile(worse))?.payloadType).toBe(96);
    expect(chosen(camera, profile(worse), profile(better))?.payloadType).toBe(97);
  });

  it.each<[camera: string, one: string, other: string]>([
    [BASELINE, MAIN, HIGH],
    [MAIN, BASELINE, HIGH_444],
    [HIGH, BASELINE, MAIN],
    [HIGH, MAIN, HIGH_444],
  ])('a camera of %s has %s and %s alike: the peer’s first', (camera, one, other) => {
    expect(chosen(camera, profile(one), profile(other))?.payloadType).toBe(96);
    expect(chosen(camera, profile(other), profile(one))?.payloadType).toBe(96);
  });

  it('one that can be read counts more than fragments, and fragments more than its own profile', () => {
    expect(chosen(MAIN, profile(BASELINE, 1), profile(HIGH, 0))?.payloadType).toBe(97);
    expect(chosen(BASELINE, profile(BASELINE, 0), profile(MAIN, 1))?.payloadType).toBe(97);
  });

  it('a mode that is said counts a little more than one that is assumed', () => {
    const unsaid = `profile-level-id=${BASELINE}`;
    expect(chosen(BASELINE, unsaid, profile(BASELINE, 1))?.payloadType).toBe(97);
    expect(chosen(BASELINE, profile(BASELINE, 0), unsaid)?.payloadType).toBe(97);
    expect(chosen(BASELINE, profile(MAIN, 1), unsaid)?.payloadType).toBe(97);
  });

  it.each([
    '',
    'profile-level-id=',
    'profile-level-id=6400',
    'profile-level-id=64001f0',
    'profile-level-id=x64001f',
  ])('one without a profile that makes sense is Baseline (RFC 6184 §8.1): "%s"', (parameters) => {
    const mode = 'packetization-mode=1';
    const unclear = parameters === '' ? mode : `${parameters};${mode}`;
    expect(chosen(BASELINE, profile(HIGH), unclear)?.payloadType).toBe(97);
    expect(chosen(HIGH, unclear, profile(HIGH))?.payloadType).toBe(97);
    expect(chosen('42c01f', unclear)).toEqual({
      payloadType: 96,
      packetizationMode: 1,
      profileLevelId: '42c01f',
      modeAssumed: false,
      levelAsymmetry: false,
    });
  });
});

describe('what is H.264', () => {
  const video = (...lines: string[]) => {
    const [line] = parseDescription(description(...lines)).media;
    return line && H264.choose(line.formats, own('42c01f'));
  };

  it('is said by name and clock; a number alone means nothing in an offer', () => {
    expect(video('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000')).toBeDefined();
    expect(video('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264')).toBeDefined();
    expect(video('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/8000')).toBeUndefined();
    expect(video('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H265/90000')).toBeUndefined();
    expect(video('m=video 5006 RTP/AVP 96')).toBeUndefined();
  });

  it('has parameters in one line or in several, with blanks and in any case', () => {
    const map = ['m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000'];
    const whole = {
      payloadType: 96,
      packetizationMode: 0,
      profileLevelId: '4de01f',
      modeAssumed: false,
      levelAsymmetry: true,
    };
    for (const lines of [
      ['a=fmtp:96 profile-level-id=4de01f;packetization-mode=0;level-asymmetry-allowed=1'],
      [
        'a=fmtp:96 profile-level-id=4de01f',
        'a=fmtp:96 packetization-mode=0;level-asymmetry-allowed=1',
      ],
      [
        'a=fmtp:96 Profile-Level-ID = 4DE01F ; packetization-mode= 0 ;; =1 ;level-asymmetry-allowed=1',
      ],
      [
        'a=fmtp:96 sprop-parameter-sets=Z0=,aM4=;profile-level-id=4de01f;packetization-mode=00;level-asymmetry-allowed=1',
      ],
    ]) {
      expect(video(...map, ...lines)).toEqual(whole);
    }
  });
});

describe('what we offer of H.264', () => {
  it('is one format for each mode of each profile, but for those that are agreed on', () => {
    const agreed = { payloadType: 97, packetizationMode: 0, profileLevelId: '42c01f' } as const;
    expect(H264.offered(own('42c01f'), [agreed], [])).toEqual([
      agreed,
      { payloadType: 96, packetizationMode: 1, profileLevelId: '42c01f' },
    ]);
    const other = { ...agreed, profileLevelId: '4d001f' };
    expect(H264.offered(own('42c01f'), [other], [])).toEqual([
      other,
      { payloadType: 96, packetizationMode: 1, profileLevelId: '42c01f' },
      { payloadType: 98, packetizationMode: 0, profileLevelId: '42c01f' },
    ]);
  });

  it('has numbers that mean nothing else, and ends with them', () => {
    const taken = Array.from({ length: 30 }, (_, index) => 96 + index);
    const numbers = H264.offered(own('64001f'), [], taken).map(({ payloadType }) => payloadType);
    expect(numbers).toEqual([126, 127]);
    expect(H264.offered(own('64001f'), [], [...taken, 126, 127])).toEqual([]);
  });

  it('takes constraint_set1 for Constrained Baseline within Baseline alone', () => {
    const profiles = (camera: string) => [
      ...new Set(H264.offered(own(camera), [], []).map(({ profileLevelId }) => profileLevelId)),
    ];
    expect(profiles('42401f')).toEqual(['42401f']);
    expect(profiles('42001f')).toEqual(['42001f', '42e01f']);
    expect(profiles('4d401f')).toEqual(['4d401f', '42e01f']);
  });
});

describe('our answer about H.264', () => {
  const answer = (parameters: string, local: LocalMedia = CAMERA): string => {
    const outcome = new Negotiation({ sessionId: 5, local: () => local }).handleOffer(
      description(
        'm=audio 5004 RTP/AVP 8',
        'm=video 5006 RTP/AVP 96',
        'a=rtpmap:96 H264/90000',
        `a=fmtp:96 ${parameters}`,
      ),
      false,
    );
    if (!('answer' in outcome)) throw new Error(outcome.reason);
    return /a=fmtp:96 (.*)\r\n/.exec(outcome.answer)?.[1] ?? '';
  };

  it('says again what was chosen, and of levels what the offer allows', () => {
    const sprop = ';sprop-parameter-sets=Z0LA,aM4=';
    expect(answer('packetization-mode=0')).toBe(
      `profile-level-id=42c01f;packetization-mode=0${sprop}`,
    );
    expect(answer('packetization-mode=1;level-asymmetry-allowed=0')).toBe(
      `profile-level-id=42c01f;packetization-mode=1${sprop}`,
    );
    expect(answer('packetization-mode=1;level-asymmetry-allowed=1')).toBe(
      `profile-level-id=42c01f;level-asymmetry-allowed=1;packetization-mode=1${sprop}`,
    );
    expect(answer('packetization-mode=1;profile-level-id=64001e')).toBe(
      'profile-level-id=64001f;packetization-mode=1',
    );
  });
});
