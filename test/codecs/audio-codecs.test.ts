import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  AUDIO_CODEC_NAMES,
  AUDIO_CODECS,
  type AudioCodec,
  busRateFor,
  packetLength,
  rowOf,
} from '../../src/codecs';
import type { AudioCodec as CrossingCodec } from '../../src/media/shapes';
import { staticEncoding } from '../../src/sdp/payload-types';

describe('the table of audio codecs', () => {
  it('has one meaning for each name and clock, and for each static payload type', () => {
    const rows = AUDIO_CODEC_NAMES.map(rowOf);
    // AMR and iLBC have two, which their parameters tell apart.
    const names = rows.map(({ encoding, clockRate }) => `${encoding}/${clockRate}`.toUpperCase());
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    expect(twice).toEqual(['AMR/8000', 'ILBC/8000']);
    const numbers = rows.flatMap(({ staticPayloadType }) => staticPayloadType ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('has packets of 20 or 30 ms for each, the shortest first', () => {
    for (const { packetMs, encoding } of AUDIO_CODEC_NAMES.map(rowOf)) {
      expect(
        [...packetMs].sort((a, b) => a - b),
        encoding,
      ).toEqual(packetMs);
      expect(packetMs.includes(20) || packetMs.includes(30), encoding).toBe(true);
    }
    expect(packetLength('PCMA', 30)).toBe(30);
    expect(packetLength('OPUS', 39)).toBe(20);
    expect(packetLength('OPUS', 5)).toBe(10);
    expect(packetLength('PCMA', 500)).toBe(60);
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
    expect(busRateFor(['PCMA', 'OPUS'])).toBe(48_000);
    expect(busRateFor(['PCMA', 'OPUS'], 8000)).toBe(8000);
    expect(busRateFor(['G722', 'OPUS'], 8000)).toBe(16_000);
  });
});
