// Shows RFC 3264.

import { describe, expect, it } from 'vitest';
import { SdpException } from '../../src/sdp';
import { answered, negotiation } from './negotiated';
import { DEAF_CAMERA, description, mediaLines, versionOf } from './samples';

describe('the answer to our offer', () => {
  it('settles codec and packetization mode', () => {
    const call = negotiation();
    call.createOffer(false);
    const media = call.handleAnswer(
      description(
        'm=audio 5004 RTP/AVP 0 8',
        'm=video 5006 RTP/AVP 97',
        'a=rtpmap:97 H264/90000',
        'a=fmtp:97 packetization-mode=0',
        'a=recvonly',
      ),
    );
    expect(media).toMatchObject({
      audio: { codec: 'PCMU', payloadType: 0 },
      video: { payloadType: 97, packetizationMode: 0, direction: 'sendonly' },
    });
  });

  it('keeps payload types and places in later offers, and offers the rest again (RFC 6337 §5.1)', () => {
    const call = negotiation();
    call.createOffer(false);
    call.handleAnswer(
      description('m=audio 5004 RTP/AVP 8', 'm=video 5006 RTP/AVP 97', 'a=rtpmap:97 H264/90000'),
    );
    expect(mediaLines(call.createOffer(true))).toEqual([
      'm=audio 40000 RTP/AVP 8 0 101',
      'm=video 40002 RTP/AVP 97 96',
    ]);
  });

  it('keeps a video line that the peer refused refused', () => {
    const call = negotiation();
    call.createOffer(false);
    const media = call.handleAnswer(description('m=audio 5004 RTP/AVP 8', 'm=video 0 RTP/AVP 96'));
    expect(media.video).toBeUndefined();
    expect(call.videoSettled).toBe(true);
    expect(mediaLines(call.createOffer(false))).toEqual([
      'm=audio 40000 RTP/AVP 8 0 101',
      'm=video 0 RTP/AVP 96 97',
    ]);
  });

  it('takes lines left out at the end as refused', () => {
    const call = negotiation();
    call.createOffer(false);
    expect(call.handleAnswer(description('m=audio 5004 RTP/AVP 8')).video).toBeUndefined();
  });

  it.each([
    ['no line we offered', description('m=image 5006 udptl t38', 'm=text 5004 RTP/AVP 98')],
    ['refused sound', description('m=audio 0 RTP/AVP 8', 'm=video 0 RTP/AVP 96')],
    ['codec not offered', description('m=audio 5004 RTP/AVP 18', 'm=video 0 RTP/AVP 96')],
    ['no description', 'nonsense'],
  ])('is unusable: %s', (_case, answer) => {
    const call = negotiation();
    call.createOffer(false);
    expect(() => call.handleAnswer(answer)).toThrow(SdpException);
  });

  it('of a provisional response leaves the offer open for the answers of other forks', () => {
    const call = negotiation();
    call.createOffer(false);
    const early = call.handleAnswer(description('m=audio 5004 RTP/AVP 0', 'm=video 0 RTP/AVP 96'), {
      isEarly: true,
    });
    expect(early.audio.codec).toBe('PCMU');
    expect(early.video).toBeUndefined();
    const final = call.handleAnswer(
      description('m=audio 5006 RTP/AVP 8', 'm=video 5008 RTP/AVP 96', 'a=rtpmap:96 H264/90000'),
    );
    expect(final.audio.remote.rtpPort).toBe(5006);
    expect(final.video?.remote.rtpPort).toBe(5008);
  });

  it('needs an offer', () => {
    expect(() => negotiation().handleAnswer(description('m=audio 5004 RTP/AVP 8'))).toThrow(
      'no offer is waiting',
    );
  });
});

describe('hold and resume', () => {
  const phone = (direction: string, version = 1): string =>
    description('m=audio 5004 RTP/AVP 8', `a=${direction}`).replace('7 1', `7 ${version}`);

  it.each([
    ['sendrecv', 'sendrecv', false],
    ['sendonly', 'recvonly', true],
    ['recvonly', 'sendonly', false],
    ['inactive', 'inactive', true],
  ])('answers %s with %s', (theirs, ours, held) => {
    const { answer, media } = answered(phone(theirs));
    expect(answer).toContain(`a=${ours}\r\n`);
    expect(media.audio.direction).toBe(ours);
    expect(media.heldByPeer).toBe(held);
  });

  it('knows the old-style hold by an address of zeros', () => {
    const { media } = answered(
      description('m=audio 5004 RTP/AVP 8', 'c=IN IP4 0.0.0.0', 'a=sendrecv'),
    );
    expect(media).toMatchObject({ heldByPeer: true, audio: { direction: 'recvonly' } });
  });

  it('keeps its own hold when the peer refreshes the session', () => {
    const call = negotiation();
    const outcome = call.handleOffer(phone('sendrecv'), true);
    expect(outcome).toMatchObject({ media: { audio: { direction: 'sendonly' } } });
  });

  it('is held and holds at once: nothing flows', () => {
    const call = negotiation(DEAF_CAMERA);
    call.createOffer(true);
    const media = call.handleAnswer(phone('inactive'));
    expect(media).toMatchObject({ audio: { direction: 'inactive' }, heldByPeer: true });
  });

  it('raises the version in o= when, and only when, the description changes', () => {
    const call = negotiation();
    expect(versionOf(call.createOffer(false))).toBe(1);
    call.handleAnswer(phone('sendrecv'));
    const hold = call.createOffer(true);
    expect(versionOf(hold)).toBe(2);
    call.handleAnswer(phone('recvonly'));
    expect(versionOf(call.createOffer(true))).toBe(2);
    call.handleAnswer(phone('recvonly'));
    expect(versionOf(call.createOffer(false))).toBe(3);
  });
});

describe('a failed exchange', () => {
  it('leaves the former description in force', () => {
    const call = negotiation(DEAF_CAMERA);
    call.handleOffer(description('m=audio 5004 RTP/AVP 0'), false);
    expect(call.handleOffer('broken', false)).toMatchObject({ status: 400 });
    expect(mediaLines(call.createOffer(false))).toEqual(['m=audio 40000 RTP/AVP 0 8 101']);
  });
});
