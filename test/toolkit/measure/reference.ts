import { forward, inverse, powerOfTwoAtLeast, type Spectrum } from './fft';
import type { Sound } from './wav';

/** Of everything that is compared here, Hz. */
export const RATE = 8000;
/** Reference samples per sample when a place is refined: 15.6 µs. */
export const FINE = 8;
const BAND_HZ = [300, 3400] as const;

/** The spoken words, prepared for being searched and for being read at fractions of a sample. */
export class Reference {
  readonly #samples: Float64Array;
  readonly #fine: Float64Array;
  readonly #loops: boolean;
  readonly #spectra = new Map<number, { spectrum: Spectrum; extended: Float64Array }>();

  constructor(samples: Float64Array, loops: boolean) {
    this.#samples = samples;
    this.#loops = loops;
    this.#fine = upsample(samples, FINE);
  }

  /** `count` samples from fine position `place` on. */
  at(place: number, count: number): Float64Array {
    const words = new Float64Array(count);
    const length = this.#samples.length * FINE;
    for (let i = 0; i < count; i += 1) {
      const position = place + i * FINE;
      const index = this.#loops ? ((position % length) + length) % length : position;
      words[i] = this.#fine[index] ?? 0;
    }
    return words;
  }

  /** How far two fine positions are apart, the shorter way round where the words are repeated. */
  between(one: number, other: number): number {
    const apart = Math.abs(one - other);
    if (!this.#loops) return apart;
    const length = this.#samples.length * FINE;
    const rest = apart % length;
    return Math.min(rest, length - rest);
  }

  /** The place where `window` fits best; undefined when it is silent. */
  find(window: Float64Array): { place: number; correlation: number } | undefined {
    const power = dot(window, window);
    if (power === 0) return undefined;
    const count = window.length;
    const size = powerOfTwoAtLeast(this.#samples.length + 2 * count);
    const { spectrum, extended } = this.#prepared(size, count);
    const own = forward(window, size);
    const product = multiplyConjugate(spectrum, own);
    const sums = inverse(product);
    let best = Number.NEGATIVE_INFINITY;
    let start = 0;
    let energy = dot(extended.subarray(0, count), extended.subarray(0, count));
    for (let lag = 0; lag < this.#samples.length; lag += 1) {
      const score = (sums[lag] ?? 0) / Math.sqrt(power * Math.max(energy, power * 1e-3));
      if (score > best) {
        best = score;
        start = lag;
      }
      energy += (extended[lag + count] ?? 0) ** 2 - (extended[lag] ?? 0) ** 2;
    }
    return this.#refine(window, start * FINE);
  }

  #refine(window: Float64Array, near: number): { place: number; correlation: number } {
    let best = { place: near, correlation: -1 };
    for (let place = near - FINE; place <= near + FINE; place += 1) {
      const correlation = coefficient(window, this.at(place, window.length));
      if (correlation > best.correlation) best = { place, correlation };
    }
    return best;
  }

  #prepared(size: number, count: number): { spectrum: Spectrum; extended: Float64Array } {
    const key = size + count;
    const known = this.#spectra.get(key);
    if (known) return known;
    const extended = new Float64Array(size);
    extended.set(this.#samples);
    if (this.#loops) {
      for (let i = 0; i < 2 * count; i += 1) {
        const at = this.#samples.length + i;
        if (at < size) extended[at] = this.#samples[i % this.#samples.length] ?? 0;
      }
    }
    const prepared = { spectrum: forward(extended, size), extended };
    this.#spectra.set(key, prepared);
    return prepared;
  }
}

/** Band-limited copy at 8 kHz. @throws Error when the rate is no multiple of 8 kHz. */
export function telephoneBand({ rate, samples }: Sound): Float64Array {
  const step = rate / RATE;
  if (!Number.isInteger(step)) throw new Error(`${rate} Hz is no multiple of ${RATE} Hz`);
  const size = powerOfTwoAtLeast(samples.length);
  const spectrum = forward(samples, size);
  for (let bin = 0; bin <= size / 2; bin += 1) {
    const frequency = (bin * rate) / size;
    if (frequency >= BAND_HZ[0] && frequency <= BAND_HZ[1]) continue;
    for (const index of [bin, (size - bin) % size]) {
      spectrum.re[index] = 0;
      spectrum.im[index] = 0;
    }
  }
  const limited = inverse(spectrum);
  const count = Math.floor(samples.length / step);
  return Float64Array.from({ length: count }, (_, index) => limited[index * step] ?? 0);
}

/** The same sound at `factor` times the rate, by padding its spectrum. */
function upsample(samples: Float64Array, factor: number): Float64Array {
  const size = powerOfTwoAtLeast(samples.length);
  const { re, im } = forward(samples, size);
  const wide = { re: new Float64Array(size * factor), im: new Float64Array(size * factor) };
  const half = size / 2;
  wide.re.set(re.subarray(0, half));
  wide.im.set(im.subarray(0, half));
  wide.re.set(re.subarray(half), size * factor - half);
  wide.im.set(im.subarray(half), size * factor - half);
  return inverse(wide).map((value) => value * factor);
}

function multiplyConjugate(a: Spectrum, b: Spectrum): Spectrum {
  const size = a.re.length;
  const product = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let i = 0; i < size; i += 1) {
    const ar = a.re[i] ?? 0;
    const ai = a.im[i] ?? 0;
    const br = b.re[i] ?? 0;
    const bi = b.im[i] ?? 0;
    product.re[i] = ar * br + ai * bi;
    product.im[i] = ai * br - ar * bi;
  }
  return product;
}

export function coefficient(a: Float64Array, b: Float64Array): number {
  const power = dot(a, a) * dot(b, b);
  return power > 0 ? dot(a, b) / Math.sqrt(power) : 0;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
