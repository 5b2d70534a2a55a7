import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { segmentalSnr } from './segmental-snr';
import { stoi } from './stoi';

interface Vector {
  readonly rate: number;
  readonly seconds: number;
  readonly noise: number;
  /** Each so manieth packet of 20 ms is silent; 0: none. */
  readonly lostEvery: number;
  readonly stoi: number;
  readonly segmentalSnr: number;
}

const VECTORS: readonly Vector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../data/quality/vectors.json'), 'utf8'),
);

/**
 * Where both have to be brought to 10 kHz, by another filter each, they are as near as that allows: the highest bands
 * hold little of this voice, and so what the filters leave.
 */
const NEAR: Readonly<Record<number, number>> = { 10000: 1e-5, 8000: 5e-3, 16000: 0.02 };

// What numpy and scipy say of the same signals: test/data/quality/stoi.py.
describe('objective measures of speech', () => {
  it.each(VECTORS)('agree with numpy: $rate Hz, noise $noise, lost $lostEvery', (vector) => {
    const { rate } = vector;
    const clean = voice(rate, vector.seconds);
    const degraded = clean.map((value, i) => {
      const isLost = vector.lostEvery > 0 && Math.floor(i / (rate / 50)) % vector.lostEvery === 0;
      return isLost ? 0 : value + vector.noise * (NOISE[i] ?? 0);
    });
    const sounds = [
      { rate, samples: clean },
      { rate, samples: degraded },
    ] as const;
    expect(segmentalSnr(...sounds)).toBeCloseTo(vector.segmentalSnr, 2);
    expect(Math.abs(stoi(...sounds) - vector.stoi)).toBeLessThan(NEAR[rate] ?? 0);
  });

  it('is told that there is not enough speech', () => {
    const silence = { rate: 10_000, samples: new Float64Array(10_000) };
    expect(() => stoi({ ...silence, samples: new Float64Array(200) }, silence)).toThrow('0.4 s');
  });
});

function voice(rate: number, seconds: number): Float64Array {
  const weights = Array.from({ length: 27 }, (_, index) => {
    const f = (index + 1) * 120;
    return Math.exp(-(((f - 500) / 300) ** 2)) + 0.5 * Math.exp(-(((f - 1500) / 400) ** 2));
  });
  return Float64Array.from({ length: rate * seconds }, (_, n) => {
    const t = n / rate;
    const glide = (20 / (2 * Math.PI * 0.7)) * Math.cos(2 * Math.PI * 0.7 * t);
    const phase = 2 * Math.PI * (120 * t - glide);
    const sound = weights.reduce((sum, w, index) => sum + w * Math.sin((index + 1) * phase), 0);
    const syllable = t % 2 < 1.6 ? Math.max(0, Math.sin(2 * Math.PI * 2.3 * t)) : 0;
    return 0.2 * syllable * sound;
  });
}

const NOISE = noise(7, 64_000);

function noise(seed: number, count: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  });
}
