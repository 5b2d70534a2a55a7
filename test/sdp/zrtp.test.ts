// Shows RFC 6189.

import { describe, expect, it } from 'vitest';
import { type LocalMedia, Negotiation, type SrtpTerms, type ZrtpTerms } from '../../src/sdp';
import { readAnnounced } from '../../src/zrtp/announced';
import { answered, refused } from './negotiated';
import { CAMERA, DEAF_CAMERA, description, mediaLines } from './samples';

const HASH = `1.10 ${'ab'.repeat(32)}`;
const zrtp: ZrtpTerms = {
  describe: (media) => ({ invalid: [{ value: `zrtp-hash:1.10 of-${media}` }] }),
  read: readAnnounced,
};
const preferred: SrtpTerms = {
  required: false,
  mayOfferKeys: true,
  newKey: (bytes) => new Uint8Array(bytes).fill(1),
};
const deaf = (srtp?: SrtpTerms): LocalMedia => ({ ...DEAF_CAMERA, zrtp, ...(srtp && { srtp }) });
const key = Buffer.alloc(30, 9).toString('base64');
const crypto = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}`;
const phone = (protocol: string, ...lines: string[]): string =>
  description(`m=audio 5004 ${protocol} 8`, ...lines);
const linesLike = (text: string, pattern: RegExp): string[] =>
  text.split('\r\n').filter((line) => pattern.test(line));

describe('a description of who speaks ZRTP', () => {
  it('names the Hello of each line, in RTP/AVP, beside whatever else stands there', () => {
    const offer = new Negotiation({
      sessionId: 1,
      local: () => ({ ...CAMERA, zrtp }),
    }).createOffer(false);
    expect(mediaLines(offer).map((line) => line.split(' ')[2])).toEqual(['RTP/AVP', 'RTP/AVP']);
    expect(linesLike(offer, /^a=zrtp-hash/)).toEqual([
      'a=zrtp-hash:1.10 of-audio',
      'a=zrtp-hash:1.10 of-video',
    ]);
    expect(linesLike(offer, /^a=rtcp-xr/)).toHaveLength(1);
  });

  it('has keys, too, where those are preferred; and no Hello where they are required', () => {
    const offerOf = (srtp: SrtpTerms) =>
      new Negotiation({ sessionId: 1, local: () => deaf(srtp) }).createOffer(false);
    const both = offerOf(preferred);
    expect(linesLike(both, /^a=zrtp-hash/)).toHaveLength(1);
    expect(linesLike(both, /^a=crypto/).length).toBeGreaterThan(0);
    const required = offerOf({ ...preferred, required: true });
    expect(mediaLines(required)[0]).toContain('RTP/SAVP');
    expect(linesLike(required, /^a=zrtp-hash/)).toEqual([]);
  });

  it('answers with ZRTP who names it, and with keys who names those alone', () => {
    const withBoth = answered(phone('RTP/AVP', crypto, `a=zrtp-hash:${HASH}`), deaf(preferred));
    expect(withBoth.media.audio.srtp).toBeUndefined();
    expect(withBoth.media.audio.zrtpHash).toBe(HASH);
    expect(linesLike(withBoth.answer, /^a=(crypto|zrtp)/)).toEqual(['a=zrtp-hash:1.10 of-audio']);
    const withKeys = answered(phone('RTP/AVP', crypto), deaf(preferred));
    expect(withKeys.media.audio.srtp?.suite).toBe('AES_CM_128_HMAC_SHA1_80');
    const savp = answered(phone('RTP/SAVP', crypto, `a=zrtp-hash:${HASH}`), deaf(preferred));
    expect(savp.media.audio.srtp).toBeDefined();
  });

  it('says it also to who names nothing: he may speak it all the same', () => {
    const { answer, media } = answered(phone('RTP/AVP'), deaf());
    expect(linesLike(answer, /^a=zrtp/)).toEqual(['a=zrtp-hash:1.10 of-audio']);
    expect(media.audio).not.toHaveProperty('zrtpHash');
  });

  it('without keys of ours takes none: RTP/SAVP is refused', () => {
    expect(refused(phone('RTP/SAVP', crypto), deaf()).warning.text).toContain('plain RTP');
  });

  it('is taken from an answer; keys in it go before', () => {
    const negotiate = (...lines: string[]) => {
      const negotiation = new Negotiation({ sessionId: 1, local: () => deaf(preferred) });
      negotiation.createOffer(false);
      return negotiation.handleAnswer(phone('RTP/AVP', ...lines)).audio;
    };
    expect(negotiate(`a=zrtp-hash:${HASH}`)).toMatchObject({ zrtpHash: HASH });
    expect(negotiate(`a=zrtp-hash:${HASH}`).srtp).toBeUndefined();
    expect(negotiate(crypto, `a=zrtp-hash:${HASH}`).srtp).toBeDefined();
  });

  it('is the same one in a later offer', () => {
    const negotiation = new Negotiation({ sessionId: 1, local: () => deaf() });
    negotiation.createOffer(false);
    negotiation.handleAnswer(phone('RTP/AVP', `a=zrtp-hash:${HASH}`));
    const again = negotiation.createOffer(true);
    expect(linesLike(again, /^a=zrtp/)).toEqual(['a=zrtp-hash:1.10 of-audio']);
  });

  it('means nothing to who does not speak it', () => {
    const { answer, media } = answered(phone('RTP/AVP', `a=zrtp-hash:${HASH}`), DEAF_CAMERA);
    expect(linesLike(answer, /zrtp/)).toEqual([]);
    expect(media.audio).not.toHaveProperty('zrtpHash');
  });
});
