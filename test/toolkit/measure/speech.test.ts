import { describe, expect, it } from 'vitest';
import { delayCurve, matchPhrases } from './phrases';
import { matchSpeech } from './speech';
import { concatenate, type Sound } from './wav';

/** Voiced syllables of changing pitch and formants with pauses: as repetitive as speech is. */
function syllables(seed: number, seconds: number, rate = 8000): Sound {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const samples = new Float64Array(seconds * rate);
  let at = 0;
  while (at < samples.length) {
    const length = Math.round((0.12 + 0.2 * random()) * rate);
    const pitch = 100 + 60 * random();
    const formants = [400 + 400 * random(), 900 + 1200 * random()];
    for (let i = 0; i < length && at + i < samples.length; i += 1) {
      const envelope = Math.sin((Math.PI * i) / length);
      let value = 0;
      for (let harmonic = 3; harmonic < 25; harmonic += 1) {
        const frequency = harmonic * pitch;
        const gain = formants.reduce(
          (sum, f) => sum + Math.exp(-(((frequency - f) / 150) ** 2)),
          0,
        );
        value += gain * Math.sin((2 * Math.PI * frequency * i) / rate);
      }
      samples[at + i] = 0.1 * envelope * value;
    }
    at += length + Math.round(0.15 * random() * rate);
  }
  return { rate, samples };
}

const spoken = syllables(7, 12);
const part = (from: number, to: number): Sound => ({
  rate: 8000,
  samples: spoken.samples.slice(from * 8000, to * 8000),
});
const silence = (seconds: number): Sound => ({
  rate: 8000,
  samples: new Float64Array(seconds * 8000),
});

describe('matchSpeech', () => {
  it('finds the same words wherever they begin', () => {
    const match = matchSpeech(concatenate([silence(2), part(3, 9)]), spoken, false);
    expect(match.correlation).toBeGreaterThan(0.999);
    expect(match.seconds).toBeCloseTo(6, 0);
  });

  it('finds words that go round the end of a loop', () => {
    const match = matchSpeech(concatenate([part(8, 12), part(0, 4)]), spoken, true);
    expect(match.correlation).toBeGreaterThan(0.99);
    expect(match.realignments).toBe(0);
  });

  it('is not misled by a fraction of a sample and another rate', () => {
    const rate = 48_000;
    const wide = syllables(7, 12, rate);
    const shifted = { rate, samples: wide.samples.slice(3 * rate + 3, 9 * rate + 3) };
    expect(matchSpeech(shifted, wide, false).correlation).toBeGreaterThan(0.995);
  });

  it('forgives one slip and a hold, and says that they were', () => {
    const slipped = concatenate([part(1, 4.5), part(4.54, 8), silence(3), part(2, 6)]);
    const match = matchSpeech(slipped, spoken, false);
    expect(match.correlation).toBeGreaterThan(0.98);
    expect(match.realignments).toBe(1);
  });

  it('counts sound that is missing or foreign', () => {
    const dropout = matchSpeech(concatenate([part(1, 4), silence(1), part(5, 8)]), spoken, false);
    expect(dropout.correlation).toBeLessThan(0.93);
    const foreign = concatenate([part(1, 4), syllables(99, 3)]);
    expect(matchSpeech(foreign, spoken, false).correlation).toBeLessThan(0.65);
  });

  it('gives next to nothing for other words and for silence', () => {
    for (const seed of [11, 12, 13, 14]) {
      const other = matchSpeech(syllables(seed, 8), spoken, true);
      expect(Math.abs(other.correlation)).toBeLessThan(0.3);
    }
    expect(matchSpeech(silence(5), spoken, false)).toMatchObject({ correlation: 0, seconds: 0 });
  });
});

describe('matchPhrases', () => {
  it('finds words between many gaps, where a whole comparison would give up', () => {
    const torn = concatenate(
      Array.from({ length: 16 }, (_, index) => [
        part(index / 2, index / 2 + 0.5),
        silence(0.037),
      ]).flat(),
    );
    const match = matchPhrases(torn, spoken, true);
    expect(match.pieces).toBeGreaterThan(20);
    expect(match.median).toBeGreaterThan(0.9);
    expect(match.share).toBeGreaterThan(0.5);
  });

  it('finds all of what is whole', () => {
    const { share, median } = matchPhrases(part(2, 9), spoken, true);
    expect(median).toBeGreaterThan(0.999);
    expect(share).toBe(1);
  });

  it('finds nothing in other words, nor in silence', () => {
    expect(matchPhrases(syllables(11, 6), spoken, true).share).toBeLessThan(0.1);
    expect(matchPhrases(silence(3), spoken, true)).toEqual({ share: 0, median: 0, pieces: 0 });
  });

  it('finds nothing in words played too fast', () => {
    const fast = Float64Array.from(
      { length: 40_000 },
      (_, i) => spoken.samples[Math.floor(i * 1.05)] ?? 0,
    );
    expect(matchPhrases({ rate: 8000, samples: fast }, spoken, true).share).toBeLessThan(0.2);
  });
});

describe('delayCurve', () => {
  it('tells what a recording lost and gained, round the loop', () => {
    const heard = concatenate([part(4, 8), silence(0.05), part(8, 12), part(0, 4)]);
    const curve = delayCurve(heard, spoken, 1);
    expect(curve.length).toBeGreaterThan(8);
    expect(curve[0]?.delayMs).toBe(0);
    expect(curve.at(-1)?.delayMs).toBeCloseTo(50, 0);
  });
});
