import { describe, expect, it } from 'vitest';
import { Negotiation, type VideoStream } from '../../src/sdp';
import { CAMERA, description } from './samples';

/** The picture of a call whose offer has these lines in its session part and under its picture. */
function picture(session: readonly string[], media: readonly string[]): VideoStream | undefined {
  const offer = description(
    ...session,
    'm=audio 5004 RTP/AVP 8',
    'm=video 5006 RTP/AVP 96',
    'a=rtpmap:96 H264/90000',
    ...media,
  );
  const outcome = new Negotiation({ sessionId: 5, local: () => CAMERA }).handleOffer(offer, false);
  return 'answer' in outcome ? outcome.media.video : undefined;
}

describe('what the peer takes of a picture at most (RFC 8866 §5.8, RFC 3890)', () => {
  it.each<[string, string[], string[], number | undefined]>([
    ['nothing said', [], [], undefined],
    ['TIAS: bits of payload', [], ['b=TIAS:1000000'], 1_000_000],
    ['AS: kilobits with the headers', [], ['b=AS:1024'], 983_040],
    ['the smaller of the two', [], ['b=AS:512', 'b=TIAS:1000000'], 491_520],
    ['names in any case', [], ['b=tias:64000'], 64_000],
    ['of the session, less the sound', ['b=AS:1024'], [], 906_240],
    ['of the session by TIAS, less the sound', ['b=TIAS:564000'], [], 500_000],
    ['of the conference', ['b=CT:1024'], [], 906_240],
    ['of the session and of the line', ['b=AS:2000'], ['b=AS:100'], 96_000],
    ['RTCP has shares of its own', [], ['b=RR:800', 'b=RS:800'], undefined],
    ['nonsense', [], ['b=', 'b=AS:', 'b=AS:x', 'b=X-Y:1', 'b=AS'], undefined],
    ['more than any camera sends', [], ['b=AS:99999999999999999999'], undefined],
  ])('%s', (_case, session, media, limit) => {
    expect(picture(session, media)?.maxBitrate).toBe(limit);
    expect(picture(session, media)?.direction).toBe('sendonly');
  });

  it('sends no picture to a peer that has no room for one (RFC 3264 §5)', () => {
    for (const [session, media] of [
      [[], ['b=AS:0']],
      [[], ['b=TIAS:0']],
      [['b=AS:64'], []],
    ] as const) {
      const video = picture(session, media);
      expect(video?.direction).toBe('inactive');
      expect(video?.maxBitrate).toBeUndefined();
    }
  });
});
