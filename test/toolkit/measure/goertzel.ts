import type { Sound } from './wav';

/** Amplitude of one frequency in a sound, 0..1 (Goertzel). */
export function amplitudeOf({ rate, samples }: Sound, frequency: number): number {
  const angle = (2 * Math.PI * frequency) / rate;
  const coefficient = 2 * Math.cos(angle);
  let last = 0;
  let before = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - before;
    before = last;
    last = next;
  }
  const power = last * last + before * before - coefficient * last * before;
  return samples.length === 0 ? 0 : (2 * Math.sqrt(Math.max(0, power))) / samples.length;
}

/** The last `seconds` of a sound. */
export function endOf({ rate, samples }: Sound, seconds: number): Sound {
  return { rate, samples: samples.subarray(Math.max(0, samples.length - seconds * rate)) };
}
