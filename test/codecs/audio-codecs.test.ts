import { describe, expect, expectTypeOf, it } from 'vitest';
import { AUDIO_CODEC_NAMES, AUDIO_CODECS, type AudioCodec, busRateFor } from '../../src/codecs';
import type { AudioCodec as CrossingCodec } from '../../src/media/shapes';
import { staticEncoding } from '../../src/sdp/payload-types';

describe('the table of audio codecs', () => {
  it('has one name, one static payload type and one clock that keys can follow', () => {
    const rows = Object.values(AUDIO_CODECS);
    expect(new Set(rows.map(({ encoding }) => encoding)).size).toBe(rows.length);
    expect(new Set(rows.map(({ staticPayloadType }) => staticPayloadType)).size).toBe(rows.length);
    expect(new Set(rows.map(({ clockRate }) => clockRate))).toEqual(new Set([8000]));
  });

  it('has the names that cross Node-API, in the same words', () => {
    expectTypeOf<AudioCodec>().toEqualTypeOf<CrossingCodec>();
  });

  it('is what a payload type without a=rtpmap means (RFC 3551 §6)', () => {
    expect(staticEncoding(0)).toEqual({ encoding: 'PCMU', clockRate: 8000, channels: 1 });
    expect(staticEncoding(8)).toEqual({ encoding: 'PCMA', clockRate: 8000, channels: 1 });
    expect(staticEncoding(9)).toEqual({ encoding: 'G722', clockRate: 8000, channels: 1 });
  });

  it('offers G.711 where nothing is configured, at its own rate; wideband asks for a wider bus', () => {
    const offered = AUDIO_CODEC_NAMES.filter((name) => AUDIO_CODECS[name].byDefault);
    expect(offered).toEqual(['PCMA', 'PCMU']);
    expect(busRateFor(offered)).toBe(8000);
    expect(busRateFor(['PCMA', 'G722'])).toBe(16_000);
  });
});
