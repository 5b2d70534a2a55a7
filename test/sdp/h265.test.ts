// Shows RFC 7798.

import { describe, expect, it } from 'vitest';
import { type LocalMedia, PictureForms } from '../../src/sdp';
import { answered, negotiation } from './negotiated';
import { CAMERA, DEAF_CAMERA, description } from './samples';

/** As x265 writes Main, level 4, for 1920 x 1080. */
const PICTURE = {
  profileLevelId: '016000000090000000000078',
  spropParameterSets: 'QAEMAf8=,QgEBAWA=,RAHAc8GJ,RAHAc8GK',
};
const forms = new PictureForms();
expect(forms.of('H265')).toBeUndefined();
await forms.load('H265');
const form = forms.of('H265') ?? expect.fail('it was not loaded');
const OWN =
  'profile-id=1;tier-flag=0;level-id=120;profile-compatibility-indicator=60000000;interop-constraints=900000000000';
const SETS = 'sprop-vps=QAEMAf8=;sprop-sps=QgEBAWA=;sprop-pps=RAHAc8GJ,RAHAc8GK';

const cameraOf = (picture: Partial<typeof PICTURE>): LocalMedia => ({
  ...DEAF_CAMERA,
  video: { rtpPort: 40002, ...PICTURE, ...picture, form },
});
const H265_CAMERA = cameraOf({});

/** What the line of the picture says. */
const videoOf = (text: string): string[] =>
  (text.split('m=video')[1] ?? '').split('\r\n').filter((line) => /^ |fmtp|rtpmap/.test(line));

/** An offer of a picture with these a=fmtp values, of H.265 under 96, 97 and so on. */
function offer(...parameters: readonly string[]): string {
  const types = parameters.map((_, index) => 96 + index);
  const lines = parameters.flatMap((value, index) => [
    `a=rtpmap:${96 + index} H265/90000`,
    ...(value === '' ? [] : [`a=fmtp:${96 + index} ${value}`]),
  ]);
  return description(
    'm=audio 5004 RTP/AVP 8',
    `m=video 5006 RTP/AVP ${[...types, 120].join(' ')}`,
    'a=rtpmap:120 H264/90000',
    'a=fmtp:120 packetization-mode=1;profile-level-id=42e01f',
    ...lines,
  );
}

describe('a camera of H.265', () => {
  it('offers it alone, with its profile and its parameter sets', () => {
    expect(videoOf(negotiation(H265_CAMERA).createOffer(false))).toEqual([
      ' 40002 RTP/AVP 96',
      'a=rtpmap:96 H265/90000',
      `a=fmtp:96 ${OWN};${SETS}`,
    ]);
  });

  it('says what is not usual, and nothing of what is not known', () => {
    const high = cameraOf({ profileLevelId: '62200000001234567890ab99', spropParameterSets: '' });
    expect(videoOf(negotiation(high).createOffer(false))).toContain(
      'a=fmtp:96 profile-space=1;profile-id=2;tier-flag=1;level-id=153;profile-compatibility-indicator=20000000;interop-constraints=1234567890ab',
    );
  });

  it('takes the format of its own profile, whatever its level, and answers with its own', () => {
    const { answer, media } = answered(
      offer('profile-id=2', 'profile-id=1;level-id=30', ''),
      H265_CAMERA,
    );
    expect(media.video).toMatchObject({ codec: 'H265', payloadType: 97, modeAssumed: false });
    expect(videoOf(answer)).toEqual([
      ' 40002 RTP/AVP 97',
      'a=rtpmap:97 H265/90000',
      `a=fmtp:97 ${OWN};${SETS}`,
    ]);
  });

  it('takes one that says no profile for Main (RFC 7798 §7.1), and any rather than none', () => {
    expect(answered(offer('profile-id=2', ''), H265_CAMERA).media.video?.payloadType).toBe(97);
    expect(answered(offer('profile-id=2'), H265_CAMERA).media.video?.payloadType).toBe(96);
  });

  it('has no picture for whoever knows H.264 alone, and none of H.264 for whoever knows H.265', () => {
    const { answer, media } = answered(offer(), H265_CAMERA);
    expect(media.video).toBeUndefined();
    expect(answer).toContain('m=video 0 ');
    const other = answered(offer(''), CAMERA).media.video;
    expect(other).toMatchObject({ codec: 'H264', payloadType: 120 });
  });

  it('is understood by an answer that repeats nothing of it', () => {
    const session = negotiation(H265_CAMERA);
    session.createOffer(false);
    const { video } = session.handleAnswer(
      description('m=audio 5004 RTP/AVP 8', 'm=video 5006 RTP/AVP 96'),
    );
    expect(video).toMatchObject({ codec: 'H265', payloadType: 96 });
  });

  it('that becomes one of H.264 is offered so from then on, under another number', () => {
    let local = H265_CAMERA;
    const session = negotiation(() => local);
    session.handleOffer(offer(''), false);
    expect(videoOf(session.createOffer(false))[0]).toBe(' 40002 RTP/AVP 96');
    local = CAMERA;
    const [line = '', ...rest] = videoOf(session.createOffer(false));
    expect(line).not.toContain(' 96');
    expect(rest.join(' ')).not.toContain('H265');
    const { video } = session.handleAnswer(offer().replaceAll('120', line.split(' ')[3] ?? ''));
    expect(video).toMatchObject({ codec: 'H264' });
  });
});
