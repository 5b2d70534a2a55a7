// Shows RFC 3551, 3952, 4856, 7261.

import { describe, expect, it } from 'vitest';
import type { AudioCodec } from '../../src/codecs';
import type { LocalMedia } from '../../src/sdp';
import { answered, negotiation } from './negotiated';
import { DEAF_CAMERA, description } from './samples';

const withCodecs = (...codecs: readonly AudioCodec[]): LocalMedia => ({
  ...DEAF_CAMERA,
  audio: { ...DEAF_CAMERA.audio, codecs },
});

describe.each([
  ['G723', 4, 'annexa', 30],
  ['G729', 18, 'annexb', 20],
] as const)('%s (RFC 4856)', (codec, payloadType, annex, ptimeMs) => {
  const local = withCodecs(codec, 'PCMA');

  it('is offered under its static number, with noise in pauses, which is understood', () => {
    const lines = negotiation(local).createOffer(false).split('\r\n');
    expect(lines).toContain(`m=audio 40000 RTP/AVP ${payloadType} 8 101`);
    expect(lines).toContain(`a=rtpmap:${payloadType} ${codec}/8000`);
    expect(lines).toContain(`a=ptime:${ptimeMs}`);
    expect(lines.filter((line) => line.startsWith(`a=fmtp:${payloadType}`))).toEqual([]);
  });

  it('is understood without a map, and sent in packets that it has', () => {
    const { media } = answered(
      description(`m=audio 5004 RTP/AVP ${payloadType} 8`, 'a=ptime:20'),
      local,
    );
    expect(media.audio).toMatchObject({ codec, payloadType, ptimeMs });
  });

  it('has no noise where the far end wants none (RFC 7261 §3)', () => {
    const offer = (word: string): string =>
      description(
        `m=audio 5004 RTP/AVP ${payloadType}`,
        `a=fmtp:${payloadType} ${annex}=${word}; x=1`,
      );
    for (const no of ['no', 'NO'])
      expect(answered(offer(no), local).answer).toContain(`a=fmtp:${payloadType} ${annex}=no\r\n`);
    for (const yes of ['yes', 'maybe', ''])
      expect(answered(offer(yes), local).answer).not.toContain(`a=fmtp:${payloadType}`);
  });
});

describe('iLBC (RFC 3952)', () => {
  const offer = (...fmtp: readonly string[]): string =>
    description('m=audio 5004 RTP/AVP 97 8', 'a=rtpmap:97 iLBC/8000', ...fmtp);
  const of = (text: string, ...codecs: readonly AudioCodec[]) =>
    answered(text, withCodecs(...codecs, 'PCMA'));

  it('is offered with frames of either length, which are formats of their own', () => {
    const lines = negotiation(withCodecs('ILBC', 'ILBC-20')).createOffer(false).split('\r\n');
    expect(lines).toContain('a=rtpmap:96 iLBC/8000');
    expect(lines).toContain('a=fmtp:96 mode=30');
    expect(lines).toContain('a=rtpmap:97 iLBC/8000');
    expect(lines).toContain('a=fmtp:97 mode=20');
  });

  it('has frames of 20 ms where both ends say so, and of 30 ms otherwise', () => {
    const twenty = of(offer('a=fmtp:97 mode=20'), 'ILBC-20', 'ILBC');
    expect(twenty.media.audio).toMatchObject({ codec: 'ILBC-20', payloadType: 97, ptimeMs: 20 });
    expect(twenty.answer).toContain('a=fmtp:97 mode=20\r\n');
    for (const thirty of [
      of(offer('a=fmtp:97 mode=20'), 'ILBC'),
      of(offer('a=fmtp:97 mode=30'), 'ILBC-20', 'ILBC'),
      of(offer(), 'ILBC-20', 'ILBC'),
    ]) {
      expect(thirty.media.audio).toMatchObject({ codec: 'ILBC', ptimeMs: 30 });
      expect(thirty.answer).toContain('a=fmtp:97 mode=30\r\n');
    }
    expect(of(offer('a=fmtp:97 mode=30'), 'ILBC-20').media.audio.codec).toBe('PCMA');
  });
});
