// Shows RFC 4588, 5576.

import { describe, expect, it } from 'vitest';
import type { LocalMedia } from '../../src/sdp';
import { answered, negotiation } from './negotiated';
import { CAMERA, description } from './samples';

const SOURCES = { ssrc: 4_000_000_000, rtxSsrc: 7, cname: 'cAmErA' };
const LOCAL: LocalMedia = {
  ...CAMERA,
  ...(CAMERA.video ? { video: { ...CAMERA.video, sources: SOURCES } } : {}),
};

/** As a browser's, shortened. */
const offer = (...lines: string[]): string =>
  description(
    'm=audio 5004 RTP/AVP 8',
    'm=video 5006 RTP/AVPF 102 103 104 105',
    'a=rtpmap:102 H264/90000',
    'a=fmtp:102 packetization-mode=0;profile-level-id=42e01f',
    'a=rtpmap:104 H264/90000',
    'a=fmtp:104 packetization-mode=1;profile-level-id=42e01f',
    ...lines,
  );
const NACK = ['a=rtcp-fb:* nack', 'a=rtcp-fb:* nack pli'];
const RTX = ['a=rtpmap:103 rtx/90000', 'a=fmtp:103 apt=102'];
const RTX_TOO = ['a=rtpmap:105 rtx/90000', 'a=fmtp:105 apt=104'];
const ALL = [...NACK, ...RTX, ...RTX_TOO];

const videoOf = (text: string): string[] => (text.split('m=video')[1] ?? '').split('\r\n');

describe('RTX', () => {
  it('is agreed on where it repeats the format that was taken, and both sources are named', () => {
    const { answer, media } = answered(offer(...ALL), LOCAL);
    expect(media.video).toMatchObject({ payloadType: 104, rtxPayloadType: 105 });
    expect(videoOf(answer)).toEqual(
      expect.arrayContaining([
        ' 40002 RTP/AVPF 104 105',
        'a=rtpmap:105 rtx/90000',
        'a=fmtp:105 apt=104',
        'a=ssrc-group:FID 4000000000 7',
        'a=ssrc:4000000000 cname:cAmErA',
        'a=ssrc:7 cname:cAmErA',
      ]),
    );
  });

  it.each([
    ['of another format alone', [...NACK, ...RTX]],
    ['that nobody asks for by NACK', ['a=rtcp-fb:104 nack pli', ...RTX_TOO]],
    ['of another clock', [...NACK, 'a=rtpmap:105 rtx/8000', 'a=fmtp:105 apt=104']],
    ['of nothing', [...NACK, 'a=rtpmap:105 rtx/90000']],
  ])('%s is left', (_, lines) => {
    const { answer, media } = answered(offer(...lines), LOCAL);
    expect(media.video).toMatchObject({ payloadType: 104 });
    expect(media.video).not.toHaveProperty('rtxPayloadType');
    expect(answer).not.toMatch(/rtx|ssrc/);
  });

  it('is left while our sources are not known', () => {
    const { answer, media } = answered(offer(...ALL));
    expect(media.video).not.toHaveProperty('rtxPayloadType');
    expect(answer).not.toMatch(/rtx|ssrc/);
  });

  it('is offered again, its number for nothing else, and goes where the answer leaves it', () => {
    const session = negotiation(LOCAL);
    session.handleOffer(offer(...ALL), false);
    const again = session.createOffer(false);
    const [head = '', ...lines] = videoOf(again);
    const numbers = head.split(' ').slice(3);
    expect(numbers[0]).toBe('104');
    expect(numbers.filter((number) => number === '105')).toHaveLength(1);
    expect(lines).toContain('a=fmtp:105 apt=104');
    const kept = session.handleAnswer(offer(...ALL));
    expect(kept.video).toMatchObject({ payloadType: 104, rtxPayloadType: 105 });
    session.createOffer(false);
    const left = session.handleAnswer(offer(...NACK));
    expect(left.video).toMatchObject({ payloadType: 104 });
    expect(left.video).not.toHaveProperty('rtxPayloadType');
  });

  it('shares a port only where its number is none of RTCP (RFC 5761 §4)', () => {
    const low = offer(...NACK, 'a=rtpmap:72 rtx/90000', 'a=fmtp:72 apt=104', 'a=rtcp-mux');
    const { answer } = answered(low.replace('104 105', '104 72'), LOCAL);
    expect(videoOf(answer)[0]).toBe(' 40002 RTP/AVPF 104 72');
    expect(videoOf(answer)).not.toContain('a=rtcp-mux');
  });
});
