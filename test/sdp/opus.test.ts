// Shows RFC 7587.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AudioWishes, type LocalMedia, Negotiation } from '../../src/sdp';
import { answered, negotiation } from './negotiated';
import { DEAF_CAMERA, description } from './samples';

const WISHES: AudioWishes = {
  silenceSuppression: false,
  opus: { bitrate: 24_000, playbackRate: 16_000, constantBitrate: false },
};

function camera(codecs: LocalMedia['audio']['codecs'], wishes?: AudioWishes): LocalMedia {
  return { ...DEAF_CAMERA, audio: { ...DEAF_CAMERA.audio, codecs, ...(wishes ? { wishes } : {}) } };
}

const OPUS = camera(['OPUS', 'PCMA']);

describe('Opus (RFC 7587)', () => {
  it('is offered under a dynamic number with a clock of its own, and keys for both clocks', () => {
    const lines = negotiation(OPUS).createOffer(false).split('\r\n');
    expect(lines.slice(5, 14)).toEqual([
      'm=audio 40000 RTP/AVP 96 8 101 97',
      'a=rtpmap:96 opus/48000/2',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=rtpmap:97 telephone-event/48000',
      'a=fmtp:96 maxaveragebitrate=32000;useinbandfec=1',
      'a=fmtp:101 0-15',
      'a=fmtp:97 0-15',
      'a=ptime:20',
    ]);
  });

  it('says what this end plays, and how it likes it', () => {
    const wishes = {
      silenceSuppression: true,
      opus: { bitrate: 16_000, playbackRate: 16_000, constantBitrate: true },
    };
    expect(negotiation(camera(['OPUS'], wishes)).createOffer(false)).toContain(
      'maxplaybackrate=16000;sprop-maxcapturerate=16000;maxaveragebitrate=16000;cbr=1;useinbandfec=1;usedtx=1\r\n',
    );
  });

  it('sends what the far end asks for, within what this end wants', () => {
    const encoder = (fmtp: string): unknown => {
      const offer = description(
        'm=audio 5004 RTP/AVP 111',
        'a=rtpmap:111 opus/48000/2',
        `a=fmtp:111 ${fmtp}`,
      );
      return answered(offer, camera(['OPUS'], WISHES)).media.audio.encoder;
    };
    const usual = {
      bitrate: 24_000,
      playbackRate: 16_000,
      constantBitrate: false,
      forwardErrorCorrection: false,
      discontinuous: false,
    };
    expect(encoder('minptime=10')).toEqual(usual);
    expect(encoder('useinbandfec=1; usedtx=1;cbr=1')).toEqual({
      ...usual,
      constantBitrate: true,
      forwardErrorCorrection: true,
      discontinuous: true,
    });
    expect(encoder('maxplaybackrate=8000;maxaveragebitrate=12000;stereo=1')).toEqual({
      ...usual,
      bitrate: 12_000,
      playbackRate: 8000,
    });
    // What lies outside of what Opus has, or is no number.
    expect(encoder('maxplaybackrate=1;maxaveragebitrate=0')).toEqual({
      ...usual,
      bitrate: 6000,
      playbackRate: 8000,
    });
    expect(encoder('maxplaybackrate=-1;maxaveragebitrate=1e9')).toEqual(usual);
  });

  it('is understood without the 2, and in any case of letters; other channels are others', () => {
    const codecOf = (map: string): string =>
      answered(description('m=audio 5004 RTP/AVP 111 8', `a=rtpmap:111 ${map}`), OPUS).media.audio
        .codec;
    expect(codecOf('OPUS/48000/2')).toBe('OPUS');
    expect(codecOf('opus/48000')).toBe('OPUS');
    expect(codecOf('opus/48000/6')).toBe('PCMA');
    expect(codecOf('opus/8000/2')).toBe('PCMA');
    expect(codecOf('PCMA/8000/2')).toBe('PCMA');
  });
});

describe('several clocks in one call (RFC 4733 §2.1)', () => {
  const offer = (...formats: string[]): string =>
    description(
      `m=audio 5004 RTP/AVP ${formats.join(' ')}`,
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:110 telephone-event/48000',
      'a=rtpmap:101 telephone-event/8000',
      'a=rtpmap:13 CN/8000',
    );

  it('takes the keys whose clock is that of the sound that is sent, and hears the others', () => {
    const { media, answer } = answered(offer('111', '8', '101', '110', '13'), OPUS);
    expect(media.audio).toMatchObject({
      codec: 'OPUS',
      telephoneEvent: 110,
      alsoMarks: [
        { kind: 'noise', payloadType: 13, clockRate: 8000 },
        { kind: 'keys', payloadType: 101, clockRate: 8000 },
      ],
    });
    expect(media.audio.comfortNoise).toBeUndefined();
    expect(answer).toContain('m=audio 40000 RTP/AVP 111 8 13 101 110\r\n');
    const narrow = answered(offer('8', '111', '101', '110', '13'), OPUS).media.audio;
    expect(narrow).toMatchObject({
      codec: 'PCMA',
      telephoneEvent: 101,
      alsoMarks: [
        { kind: 'noise', payloadType: 13, clockRate: 8000 },
        { kind: 'keys', payloadType: 110, clockRate: 48_000 },
      ],
    });
  });

  it('takes keys at 8000 Hz from those who have no others', () => {
    const { audio } = answered(offer('111', '101'), OPUS).media;
    expect(audio).toMatchObject({ telephoneEvent: 101, telephoneEventRate: 8000 });
    expect(audio.alsoMarks).toBeUndefined();
  });

  it('needs no keys of a clock that no sound has', () => {
    const { audio } = answered(offer('8', '110'), OPUS).media;
    expect(audio.telephoneEvent).toBeUndefined();
    expect(audio.alsoMarks).toBeUndefined();
  });

  it('gets around numbers that the far end uses otherwise', () => {
    const call = negotiation(OPUS);
    call.handleOffer(
      description('m=audio 5004 RTP/AVP 96 101', 'a=rtpmap:96 PCMA/8000', 'a=rtpmap:101 X/8000'),
      false,
    );
    const later = call.createOffer(false);
    expect(later).toContain('m=audio 40000 RTP/AVP 96 97 101 98\r\n');
    expect(later).toContain('a=rtpmap:97 opus/48000/2\r\n');
    const numbers = /m=audio \d+ RTP\/AVP ([\d ]+)/.exec(later)?.[1]?.split(' ') ?? [];
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('the length of packets', () => {
  const ptime = (codec: string, ...lines: string[]): number =>
    answered(
      description(`m=audio 5004 RTP/AVP ${codec}`, 'a=rtpmap:111 opus/48000/2', ...lines),
      OPUS,
    ).media.audio.ptimeMs;

  it('is one that the codec has, near what the far end asks for', () => {
    expect(ptime('8', 'a=ptime:30')).toBe(30);
    expect(ptime('111', 'a=ptime:30')).toBe(20);
    expect(ptime('111', 'a=ptime:40', 'a=maxptime:40')).toBe(40);
    expect(ptime('111', 'a=ptime:120')).toBe(60);
    expect(ptime('111', 'a=ptime:3')).toBe(10);
    expect(ptime('8', 'a=maxptime:10')).toBe(10);
  });

  it('changes with the next description, and with the codec', () => {
    const call = new Negotiation({ sessionId: 5, local: () => OPUS });
    const settled = (...lines: string[]): number => {
      const outcome = call.handleOffer(description(...lines), false);
      if (!('answer' in outcome)) throw new Error(outcome.reason);
      return outcome.media.audio.ptimeMs;
    };
    const opus = ['m=audio 5004 RTP/AVP 111', 'a=rtpmap:111 opus/48000/2'];
    expect(settled('m=audio 5004 RTP/AVP 8', 'a=ptime:50')).toBe(50);
    expect(settled(...opus, 'a=ptime:50')).toBe(40);
    expect(settled(...opus)).toBe(20);
  });
});

describe('parameters, whatever comes', () => {
  it('lead to settings that the media plane takes', () => {
    const name = fc.constantFrom(
      'maxplaybackrate',
      'maxaveragebitrate',
      'cbr',
      'useinbandfec',
      'usedtx',
      'stereo',
    );
    const value = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.integer().map(String),
      fc.nat().map(String),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (pairs) => {
        const fmtp = pairs.map(([key, text]) => `${key}=${text.replace(/[\r\n]/g, '')}`).join(';');
        const { audio } = answered(
          description(
            'm=audio 5004 RTP/AVP 111',
            'a=rtpmap:111 opus/48000/2',
            `a=fmtp:111 ${fmtp}`,
          ),
          OPUS,
        ).media;
        const { bitrate = 0, playbackRate = 0 } = audio.encoder ?? {};
        expect(bitrate).toBeGreaterThanOrEqual(6000);
        expect(bitrate).toBeLessThanOrEqual(32_000);
        expect(playbackRate).toBeGreaterThanOrEqual(8000);
        expect(playbackRate).toBeLessThanOrEqual(48_000);
      }),
    );
  });
});
