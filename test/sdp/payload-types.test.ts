import { describe, expect, it } from 'vitest';
import { freePayloadTypes, staticEncoding } from '../../src/sdp/payload-types';

/** RFC 3551 §6, tables 4 and 5, as they stand there. */
const TABLE: Readonly<Record<number, readonly [string, number, number]>> = {
  0: ['PCMU', 8000, 1],
  3: ['GSM', 8000, 1],
  4: ['G723', 8000, 1],
  5: ['DVI4', 8000, 1],
  6: ['DVI4', 16000, 1],
  7: ['LPC', 8000, 1],
  8: ['PCMA', 8000, 1],
  9: ['G722', 8000, 1],
  10: ['L16', 44100, 2],
  11: ['L16', 44100, 1],
  12: ['QCELP', 8000, 1],
  13: ['CN', 8000, 1],
  14: ['MPA', 90000, 1],
  15: ['G728', 8000, 1],
  16: ['DVI4', 11025, 1],
  17: ['DVI4', 22050, 1],
  18: ['G729', 8000, 1],
  25: ['CELB', 90000, 1],
  26: ['JPEG', 90000, 1],
  28: ['NV', 90000, 1],
  31: ['H261', 90000, 1],
  32: ['MPV', 90000, 1],
  33: ['MP2T', 90000, 1],
  34: ['H263', 90000, 1],
};

describe('payload types', () => {
  it('that are static mean what RFC 3551 says, and all others nothing by themselves', () => {
    for (let number = 0; number < 128; number++) {
      const [encoding, clockRate, channels] = TABLE[number] ?? ['', 0, 1];
      expect(staticEncoding(number), `${number}`).toEqual({ encoding, clockRate, channels });
    }
  });

  const all = Array.from({ length: 32 }, (_, index) => 96 + index);

  it('that are free are the dynamic ones which mean nothing yet', () => {
    expect(freePayloadTypes(new Set())).toEqual(all);
    expect(freePayloadTypes(new Set([0, 96, 100, 127]))).toEqual(
      all.filter((number) => ![96, 100, 127].includes(number)),
    );
    expect(freePayloadTypes(new Set(all))).toEqual([]);
  });

  it('begin with the one that is preferred, if it is free', () => {
    const others = all.filter((number) => number !== 101);
    expect(freePayloadTypes(new Set(), 101)).toEqual([101, ...others]);
    expect(freePayloadTypes(new Set([101]), 101)).toEqual(others);
    expect(freePayloadTypes(new Set(), 8)).toEqual(all);
  });
});
