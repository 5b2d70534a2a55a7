import type { Sound } from './wav';

const FRAME_SECONDS = 0.02;
/** Frames in which nothing is said say nothing of quality: so much below the loudest, dB. */
const SILENCE_DB = 35;
/** What a frame counts at least and at most: one lost packet is not the whole call. */
const LEAST_DB = -10;
const MOST_DB = 35;

/**
 * Segmental signal-to-noise ratio, dB: of frames of 20 ms in which something is said, each within -10 to 35 dB, the
 * mean. Both start at the same sample and are equally loud: a codec's distortion, a concealed packet and a slip of
 * the buffer all count as noise.
 */
export function segmentalSnr(clean: Sound, degraded: Sound): number {
  const size = Math.round(FRAME_SECONDS * clean.rate);
  const count = Math.floor(Math.min(clean.samples.length, degraded.samples.length) / size);
  const frames = Array.from({ length: count }, (_, frame) => {
    let signal = 0;
    let noise = 0;
    for (let i = frame * size; i < (frame + 1) * size; i += 1) {
      const x = clean.samples[i] ?? 0;
      signal += x * x;
      noise += (x - (degraded.samples[i] ?? 0)) ** 2;
    }
    return { signal, noise };
  });
  const loudest = frames.reduce((most, { signal }) => Math.max(most, signal), 0);
  const spoken = frames.filter(({ signal }) => signal > loudest * 10 ** (-SILENCE_DB / 10));
  if (spoken.length === 0) return Number.NaN;
  const ratios = spoken.map(({ signal, noise }) =>
    Math.min(MOST_DB, Math.max(LEAST_DB, 10 * Math.log10(signal / (noise + Number.EPSILON)))),
  );
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}
