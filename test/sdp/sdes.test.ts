// Shows RFC 4568.

import { describe, expect, it } from 'vitest';
import { type LocalMedia, Negotiation, type SrtpTerms } from '../../src/sdp';
import { answered, refused } from './negotiated';
import { CAMERA, DEAF_CAMERA, description, mediaLines } from './samples';

/** Keys that tell how many were made before. */
function terms(required: boolean, mayOfferKeys = true): SrtpTerms {
  let made = 0;
  return {
    required,
    mayOfferKeys,
    newKey: (bytes) => {
      made += 1;
      return new Uint8Array(bytes).fill(made);
    },
  };
}

const camera = (srtp: SrtpTerms): LocalMedia => ({ ...DEAF_CAMERA, srtp });
const key = (fill: number, bytes = 30): string => Buffer.alloc(bytes, fill).toString('base64');
const crypto = (tag: number, fill: number, suite = 'AES_CM_128_HMAC_SHA1_80', bytes = 30): string =>
  `a=crypto:${tag} ${suite} inline:${key(fill, bytes)}`;
const phone = (protocol: string, ...lines: string[]): string =>
  description(`m=audio 5004 ${protocol} 8`, ...lines);
const cryptoLines = (text: string): string[] =>
  text.split('\r\n').filter((line) => line.startsWith('a=crypto'));
const keysOf = (text: string): string[] =>
  cryptoLines(text).map((line) => line.split('inline:')[1] ?? '');

describe('an offer with keys', () => {
  it.each([
    ['AES_CM_128_HMAC_SHA1_80', 30],
    ['AES_CM_128_HMAC_SHA1_32', 30],
    ['AES_256_CM_HMAC_SHA1_80', 46],
    ['AES_256_CM_HMAC_SHA1_32', 46],
    ['AEAD_AES_128_GCM', 28],
    ['AEAD_AES_256_GCM', 44],
  ])('of %s is answered with one line of the same suite and tag', (suite, bytes) => {
    const { answer, media } = answered(
      phone('RTP/SAVP', crypto(3, 9, suite, bytes)),
      camera(terms(true)),
    );
    expect(mediaLines(answer)).toEqual(['m=audio 40000 RTP/SAVP 8']);
    expect(cryptoLines(answer)).toEqual([crypto(3, 1, suite, bytes)]);
    expect(media.audio.srtp).toEqual({
      suite,
      send: { master: Array(bytes).fill(1) },
      receive: { master: Array(bytes).fill(9) },
    });
  });

  it('of several suites has the first that we know', () => {
    const { answer } = answered(
      phone(
        'RTP/SAVP',
        `a=crypto:1 F8_128_HMAC_SHA1_80 inline:${key(1)}`,
        crypto(2, 8),
        crypto(3, 9),
      ),
      camera(terms(false)),
    );
    expect(cryptoLines(answer)).toEqual([crypto(2, 1)]);
  });

  it('in a line of RTP/AVP is answered in kind', () => {
    const { answer, media } = answered(phone('RTP/AVP', crypto(1, 9)), camera(terms(false)));
    expect(mediaLines(answer)).toEqual(['m=audio 40000 RTP/AVP 8']);
    expect(media.audio.srtp?.receive.master[0]).toBe(9);
  });

  it('beside a plain one is served in its place, wherever that is', () => {
    const plain = ['m=audio 5004 RTP/AVP 8'];
    const secret = ['m=audio 5006 RTP/SAVP 8', crypto(1, 9)];
    const offered = (...lines: string[]): string[] =>
      mediaLines(answered(description(...lines), camera(terms(false))).answer);
    expect(offered(...plain, ...secret)).toEqual([
      'm=audio 0 RTP/AVP 8',
      'm=audio 40000 RTP/SAVP 8',
    ]);
    expect(offered(...secret, ...plain)).toEqual([
      'm=audio 40000 RTP/SAVP 8',
      'm=audio 0 RTP/AVP 8',
    ]);
  });

  it('encrypts sound and picture each with a key of its own, feedback too', () => {
    const { answer, media } = answered(
      description(
        'm=audio 5004 RTP/SAVPF 8',
        crypto(1, 8),
        'm=video 5006 RTP/SAVPF 97',
        'a=rtpmap:97 H264/90000',
        'a=fmtp:97 packetization-mode=1',
        'a=rtcp-fb:97 nack pli',
        crypto(1, 9),
      ),
      { ...CAMERA, srtp: terms(true) },
    );
    expect(mediaLines(answer)).toEqual(['m=audio 40000 RTP/SAVPF 8', 'm=video 40002 RTP/SAVPF 97']);
    expect(answer).toContain('a=rtcp-fb:97 nack pli');
    expect(new Set(keysOf(answer)).size).toBe(2);
    expect(media.video?.srtp?.receive.master[0]).toBe(9);
    expect(media.video?.srtp?.send).not.toEqual(media.audio.srtp?.send);
  });
});

describe('what is not taken', () => {
  it('without encryption, where it is required', () => {
    expect(refused(phone('RTP/AVP'), camera(terms(true)))).toMatchObject({
      status: 488,
      warning: {
        code: 302,
        text: 'no usable audio: expected SRTP with a=crypto with PCMA or PCMU, found audio 5004 RTP/AVP',
      },
    });
  });

  it('keys that anybody can read, where it is required', () => {
    const { warning } = refused(phone('RTP/SAVP', crypto(1, 9)), camera(terms(true, false)));
    expect(warning.text).toContain('expected SRTP with a=crypto, and SIP over TLS with');
  });

  it('RTP/SAVP without a key that we know', () => {
    const unknown = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key(9)} KDR=2`;
    for (const offer of [phone('RTP/SAVP'), phone('RTP/SAVP', unknown)]) {
      expect(refused(offer, camera(terms(false))).status).toBe(488);
    }
  });

  it('anything encrypted, where that is off; keys in plain RTP are passed over', () => {
    expect(refused(phone('RTP/SAVP', crypto(1, 9)), DEAF_CAMERA).warning.text).toContain(
      'expected plain RTP',
    );
    const { answer, media } = answered(phone('RTP/AVP', crypto(1, 9)), DEAF_CAMERA);
    expect(cryptoLines(answer)).toEqual([]);
    expect(media.audio.srtp).toBeUndefined();
  });

  it('a picture without encryption beside sound with it, where it is required', () => {
    const offer = description(
      'm=audio 5004 RTP/SAVP 8',
      crypto(1, 8),
      'm=video 5006 RTP/AVP 97',
      'a=rtpmap:97 H264/90000',
    );
    const { answer } = answered(offer, { ...CAMERA, srtp: terms(true) });
    expect(mediaLines(answer)).toEqual(['m=audio 40000 RTP/SAVP 8', 'm=video 0 RTP/AVP 97']);
  });
});

describe('keys that came by plain SIP', () => {
  it('are used where encryption is not required, and never offered', () => {
    const local = camera(terms(false, false));
    expect(answered(phone('RTP/SAVP', crypto(1, 9)), local).media.audio.srtp).toBeDefined();
    const offer = new Negotiation({ sessionId: 5, local: () => local }).createOffer(false);
    expect(mediaLines(offer)).toEqual(['m=audio 40000 RTP/AVP 8 0 101']);
    expect(cryptoLines(offer)).toEqual([]);
  });
});

/** A call of ours, and the offer that it began with. */
function calling(srtp: SrtpTerms): { negotiation: Negotiation; offer: string } {
  const local = camera(srtp);
  const negotiation = new Negotiation({ sessionId: 5, local: () => local });
  return { negotiation, offer: negotiation.createOffer(false) };
}

describe('an offer of ours', () => {
  it('has a key for each suite, in RTP/SAVP where encryption is required, in RTP/AVP otherwise', () => {
    const { offer } = calling(terms(true));
    expect(mediaLines(offer)).toEqual(['m=audio 40000 RTP/SAVP 8 0 101']);
    expect(cryptoLines(offer)).toEqual([
      crypto(1, 1, 'AEAD_AES_256_GCM', 44),
      crypto(2, 2, 'AEAD_AES_128_GCM', 28),
      crypto(3, 3, 'AES_256_CM_HMAC_SHA1_80', 46),
      crypto(4, 4),
    ]);
    expect(mediaLines(calling(terms(false)).offer)).toEqual(['m=audio 40000 RTP/AVP 8 0 101']);
  });

  it('is encrypted with the key of the suite that the answer chose', () => {
    const { negotiation } = calling(terms(true));
    expect(negotiation.handleAnswer(phone('RTP/SAVP', crypto(4, 9))).audio.srtp).toEqual({
      suite: 'AES_CM_128_HMAC_SHA1_80',
      send: { master: Array(30).fill(4) },
      receive: { master: Array(30).fill(9) },
    });
  });

  it('is understood where the answer has the wrong tag', () => {
    const { negotiation } = calling(terms(true));
    expect(negotiation.handleAnswer(phone('RTP/SAVP', crypto(1, 9))).audio.srtp?.suite).toBe(
      'AES_CM_128_HMAC_SHA1_80',
    );
  });

  it('goes on without encryption where that is preferred and the answer has none', () => {
    const { negotiation } = calling(terms(false));
    expect(negotiation.handleAnswer(phone('RTP/AVP')).audio.srtp).toBeUndefined();
    expect(cryptoLines(negotiation.createOffer(true))).toEqual([]);
  });

  it.each([
    ['no key', 'RTP/SAVP', []],
    ['plain RTP', 'RTP/AVP', []],
    ['a suite that was not offered', 'RTP/SAVP', [crypto(5, 9, 'AES_CM_128_HMAC_SHA1_32')]],
  ])('is not served by an answer with %s', (_, protocol, lines) => {
    const { negotiation } = calling(terms(true));
    expect(() => negotiation.handleAnswer(phone(protocol, ...lines))).toThrow('no usable audio');
  });

  it('goes by a fork of each kind: another early answer brings another key', () => {
    const { negotiation } = calling(terms(true));
    const early = (fill: number) =>
      negotiation.handleAnswer(phone('RTP/SAVP', crypto(4, fill)), { isEarly: true }).audio.srtp;
    expect(early(8)?.receive.master[0]).toBe(8);
    expect(early(9)?.receive.master[0]).toBe(9);
    expect(early(9)?.send.master[0]).toBe(4);
  });
});

describe('a re-INVITE', () => {
  it('of ours offers the same key again, that of the suite agreed on first', () => {
    const { negotiation } = calling(terms(true));
    negotiation.handleAnswer(phone('RTP/SAVP', crypto(4, 9)));
    const again = negotiation.createOffer(true);
    expect(cryptoLines(again)[0]).toBe(crypto(1, 4));
    expect(keysOf(again)).toHaveLength(4);
    const { srtp } = negotiation.handleAnswer(phone('RTP/SAVP', crypto(1, 9))).audio;
    expect(srtp?.send.master[0]).toBe(4);
    expect(negotiation.createOffer(true)).toBe(again);
  });

  it('of the peer with the same key keeps ours, with another brings another', () => {
    const local = camera(terms(true));
    const negotiation = new Negotiation({ sessionId: 5, local: () => local });
    const offered = (line: string) => {
      const outcome = negotiation.handleOffer(phone('RTP/SAVP', line), false);
      if (!('answer' in outcome)) throw new Error(outcome.reason);
      return outcome.media.audio.srtp;
    };
    const first = offered(crypto(1, 8));
    expect(offered(crypto(2, 8))).toEqual(first);
    const second = offered(crypto(1, 9));
    expect(second?.receive).not.toEqual(first?.receive);
    expect(second?.send).not.toEqual(first?.send);
    expect(keysOf(negotiation.createOffer(false))[0]).toBe(key(2));
  });

  it('that takes the encryption away is refused where it is required', () => {
    const local = camera(terms(true));
    const negotiation = new Negotiation({ sessionId: 5, local: () => local });
    negotiation.handleOffer(phone('RTP/SAVP', crypto(1, 8)), false);
    expect(negotiation.handleOffer(phone('RTP/AVP'), false)).toMatchObject({ status: 488 });
  });
});
