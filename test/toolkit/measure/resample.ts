import type { Sound } from './wav';

/** Zero crossings on each side of the filter's middle. */
const HALF_WIDTH = 32;
/** Of the lower of the two rates: what lies above it could fold. */
const PASS = 0.95;

/** The same sound at another rate, by a windowed sinc. */
export function resampled({ rate, samples }: Sound, wanted: number): Float64Array {
  if (rate === wanted) return Float64Array.from(samples);
  const ratio = wanted / rate;
  const cutoff = PASS * Math.min(1, ratio);
  const reach = HALF_WIDTH / cutoff;
  const out = new Float64Array(Math.floor(samples.length * ratio));
  for (let index = 0; index < out.length; index += 1) {
    const center = index / ratio;
    const last = Math.min(samples.length - 1, Math.floor(center + reach));
    let sum = 0;
    for (let at = Math.max(0, Math.ceil(center - reach)); at <= last; at += 1) {
      const x = at - center;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / reach);
      sum += (samples[at] ?? 0) * cutoff * sinc(cutoff * x) * window;
    }
    out[index] = sum;
  }
  return out;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
