// Shows RFC 6184.

import { describe, expect, it } from 'vitest';
import type { LocalMedia, NegotiatedMedia } from '../../src/sdp';
import { answered, negotiation } from './negotiated';
import { CAMERA, description, mediaLines } from './samples';

describe('H.264 formats (RFC 6184 §8)', () => {
  const video = (...lines: string[]): NegotiatedMedia['video'] =>
    answered(description('m=audio 5004 RTP/AVP 8', ...lines)).media.video;

  it('prefers packetization mode 1', () => {
    expect(
      video(
        'm=video 5006 RTP/AVP 96 97',
        'a=rtpmap:96 H264/90000',
        'a=fmtp:96 profile-level-id=42e01f',
        'a=rtpmap:97 H264/90000',
        'a=fmtp:97 profile-level-id=42e01f; packetization-mode=1',
      ),
    ).toMatchObject({ payloadType: 97, packetizationMode: 1 });
  });

  it('fragments for those who name no mode, and says that it was assumed', () => {
    const line = ['m=video 5006 RTP/AVP 96', 'a=rtpmap:96 h264/90000'];
    const assumed = { payloadType: 96, packetizationMode: 1, modeAssumed: true };
    expect(video(...line)).toMatchObject(assumed);
    expect(video(...line, 'a=fmtp:96 profile-level-id=42e01f')).toMatchObject(assumed);
    expect(video(...line, 'a=fmtp:96 packetization-mode=0')).toMatchObject({
      packetizationMode: 0,
      modeAssumed: false,
    });
  });

  describe('of a camera whose profile telephones do not list', () => {
    const HIGH: LocalMedia = {
      ...CAMERA,
      video: { rtpPort: 40002, profileLevelId: '640028', spropParameterSets: 'Z2QA,aO4=' },
    };
    const offered = (...answer: string[]): NegotiatedMedia['video'] => {
      const call = negotiation(HIGH);
      call.createOffer(false);
      return call.handleAnswer(description('m=audio 5004 RTP/AVP 8', ...answer)).video;
    };

    it('offers Constrained Baseline beside it, with parameter sets for its own alone', () => {
      const offer = negotiation(HIGH).createOffer(false);
      expect(mediaLines(offer)[1]).toBe('m=video 40002 RTP/AVP 96 97 98 99');
      expect(offer.match(/a=fmtp:9.*/g)).toEqual([
        'a=fmtp:96 profile-level-id=640028;level-asymmetry-allowed=1;packetization-mode=1;sprop-parameter-sets=Z2QA,aO4=',
        'a=fmtp:97 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1',
        'a=fmtp:98 profile-level-id=640028;level-asymmetry-allowed=1;packetization-mode=0;sprop-parameter-sets=Z2QA,aO4=',
        'a=fmtp:99 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=0',
      ]);
    });

    it.each<[string, string[], object]>([
      [
        'takes the one that the answer names',
        ['m=video 5006 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=fmtp:97 profile-level-id=42E01F'],
        { payloadType: 97, profileLevelId: '42e01f', packetizationMode: 1, modeAssumed: true },
      ],
      [
        'fragments for an answer to mode 1 that names no mode',
        ['m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000'],
        { payloadType: 96, profileLevelId: '640028', packetizationMode: 1, modeAssumed: true },
      ],
      [
        'obeys an answer that says mode 0',
        ['m=video 5006 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=fmtp:97 packetization-mode=0'],
        { payloadType: 97, packetizationMode: 0, modeAssumed: false },
      ],
      [
        'knows what it offered as mode 0',
        ['m=video 5006 RTP/AVP 99', 'a=rtpmap:99 H264/90000'],
        { payloadType: 99, profileLevelId: '42e01f', packetizationMode: 0 },
      ],
      [
        'prefers its own profile where the answer takes several',
        ['m=video 5006 RTP/AVP 97 96', 'a=rtpmap:97 H264/90000', 'a=rtpmap:96 H264/90000'],
        { payloadType: 96, profileLevelId: '640028' },
      ],
      [
        'takes another number and another level for what they are',
        [
          'm=video 5006 RTP/AVP 120',
          'a=rtpmap:120 H264/90000',
          'a=fmtp:120 profile-level-id=42e00d;packetization-mode=1',
        ],
        { payloadType: 120, profileLevelId: '42e028', packetizationMode: 1 },
      ],
    ])('%s', (_case, answer, expected) => {
      expect(offered(...answer)).toMatchObject(expected);
    });

    it.each([
      ['424028', 2],
      ['428028', 4],
      ['4d0028', 4],
    ])(
      'needs none beside %s that is Constrained Baseline already: %i formats',
      (profile, count) => {
        const local = {
          ...CAMERA,
          video: { ...HIGH.video, profileLevelId: profile },
        } as LocalMedia;
        expect(
          negotiation(local)
            .createOffer(false)
            .match(/a=fmtp:9/g),
        ).toHaveLength(count);
      },
    );

    it('answers under the profile of the offer, at its own level', () => {
      const { answer } = answered(
        description(
          'm=audio 5004 RTP/AVP 8',
          'm=video 5006 RTP/AVP 100',
          'a=rtpmap:100 H264/90000',
          'a=fmtp:100 profile-level-id=42801F;packetization-mode=1;level-asymmetry-allowed=1',
        ),
        HIGH,
      );
      expect(answer).toContain(
        'a=fmtp:100 profile-level-id=428028;level-asymmetry-allowed=1;packetization-mode=1\r\n',
      );
    });
  });

  it('cannot interleave (mode 2)', () => {
    expect(
      video('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2'),
    ).toBeUndefined();
  });

  it('ignores the level and constraints', () => {
    expect(
      video(
        'm=video 5006 RTP/AVP 96 97',
        'a=rtpmap:96 H264/90000',
        'a=fmtp:96 packetization-mode=1;profile-level-id=f4001f',
        'a=rtpmap:97 H264/90000',
        'a=fmtp:97 packetization-mode=1;profile-level-id=428014',
      ),
    ).toMatchObject({ payloadType: 97 });
  });

  it('has no screen: a peer that would only send gets an inactive line', () => {
    expect(video('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=sendonly')).toMatchObject({
      direction: 'inactive',
    });
  });
});
