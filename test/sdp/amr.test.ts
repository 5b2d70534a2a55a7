// Shows RFC 4867.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LocalMedia } from '../../src/sdp';
import { answered, negotiation } from './negotiated';
import { DEAF_CAMERA, description } from './samples';

const AMR: LocalMedia = {
  ...DEAF_CAMERA,
  audio: { ...DEAF_CAMERA.audio, codecs: ['AMR-OA', 'AMR', 'PCMA'] },
};

const offer = (fmtp: string): string =>
  description('m=audio 5004 RTP/AVP 110 8', 'a=rtpmap:110 AMR/8000', `a=fmtp:110 ${fmtp}`);

describe('AMR (RFC 4867)', () => {
  it('is offered in both packings, which are formats of their own', () => {
    const lines = negotiation(AMR).createOffer(false).split('\r\n');
    expect(lines).toContain('m=audio 40000 RTP/AVP 96 97 8 101');
    expect(lines).toContain('a=rtpmap:97 AMR/8000');
    expect(lines).toContain('a=fmtp:96 octet-align=1');
    expect(lines.some((line) => line.startsWith('a=fmtp:97'))).toBe(false);
  });

  it('is served as it is packed', () => {
    const codecOf = (fmtp: string): string => answered(offer(fmtp), AMR).media.audio.codec;
    expect(codecOf('octet-align=1')).toBe('AMR-OA');
    expect(codecOf('octet-align=0')).toBe('AMR');
    expect(codecOf('mode-change-capability=2;max-red=0')).toBe('AMR');
    expect(codecOf('octet-align=1;crc=1')).toBe('PCMA');
    expect(codecOf('octet-align=1;robust-sorting=1')).toBe('PCMA');
    expect(codecOf('octet-align=1;interleaving=30')).toBe('PCMA');
  });

  it('keeps to a set of modes, and says it again', () => {
    const { media, answer } = answered(offer('octet-align=1; mode-set=0,2,4,7'), AMR);
    expect(media.audio.encoder).toEqual({ modes: 0b1001_0101 });
    expect(answer).toContain('a=fmtp:110 octet-align=1; mode-set=0,2,4,7\r\n');
    expect(answered(offer('mode-set=9,x,'), AMR).media.audio.encoder).toBeUndefined();
  });

  it('has modes to send, whatever the set is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const { encoder } = answered(offer(`mode-set=${text.replace(/[\r\n]/g, '')}`), AMR).media
          .audio;
        if (encoder) expect(encoder.modes).toBeGreaterThan(0);
        if (encoder) expect(encoder.modes).toBeLessThan(256);
      }),
    );
  });
});

describe('codecs of one name at several clocks', () => {
  const local: LocalMedia = {
    ...DEAF_CAMERA,
    audio: { ...DEAF_CAMERA.audio, codecs: ['SPEEX-32', 'SPEEX-16', 'SPEEX-8', 'L16-16', 'L16-8'] },
  };

  it('are offered each by itself, with keys for each clock', () => {
    const text = negotiation(local).createOffer(false);
    for (const map of ['speex/32000', 'speex/16000', 'speex/8000', 'L16/16000', 'L16/8000']) {
      expect(text).toMatch(new RegExp(`a=rtpmap:\\d+ ${map}\r\n`));
    }
    expect(text.match(/telephone-event\/\d+/g)).toEqual([
      'telephone-event/8000',
      'telephone-event/16000',
      'telephone-event/32000',
    ]);
  });

  it('are told apart by the clock; in stereo they are others', () => {
    const codecOf = (map: string): string =>
      answered(
        description('m=audio 5004 RTP/AVP 110 111', `a=rtpmap:110 ${map}`, 'a=rtpmap:111 L16/8000'),
        local,
      ).media.audio.codec;
    expect(codecOf('Speex/16000')).toBe('SPEEX-16');
    expect(codecOf('L16/16000/1')).toBe('L16-16');
    expect(codecOf('L16/16000/2')).toBe('L16-8');
    expect(codecOf('L16/44100')).toBe('L16-8');
  });

  it('are sent in packets that fit a link', () => {
    const lines = ['m=audio 5004 RTP/AVP 110', 'a=rtpmap:110 L16/16000', 'a=ptime:60'];
    expect(answered(description(...lines), local).media.audio.ptimeMs).toBe(40);
  });
});
