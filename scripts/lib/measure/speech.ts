import { forward, inverse, powerOfTwoAtLeast, type Spectrum } from './fft';
import type { Sound } from './wav';

/** What is left of the spoken words in a recording. */
export interface SpeechMatch {
  /** -1..1, weighted by the energy of the words; about 0 for other words than those spoken. */
  readonly correlation: number;
  /** Seconds of the recording that were compared. */
  readonly seconds: number;
  /** Times at which the alignment changed: slips of a jitter buffer, resumed calls. */
  readonly realignments: number;
}

const RATE = 8000;
const BAND_HZ = [300, 3400] as const;
const WINDOW = RATE;
/** Reference samples per sample when the alignment is refined: 15.6 µs. */
const FINE = 8;
/** A silence this long ends a run of speech (longer than a pause between sentences). */
const PAUSE_SECONDS = 1.2;
const BLOCK = RATE / 50;
/** A window that matches this well where it likes best has found its words. */
const FOUND = 0.7;
/** Below this a window may hold a change of alignment, and is tried in two parts. */
const CLEAN = 0.97;

/**
 * Compares a recording with the words that were spoken.
 *
 * 1. Both are limited to the telephone band (300-3400 Hz, by FFT) at 8 kHz.
 * 2. The recording is cut into runs of speech at silences of 1.2 s and more (a call on hold, before and after a
 *    call), and each run into windows of one second, quiet ones included.
 * 3. Each window is sought in the whole reference (repeated for ever if `loops`) by normalized cross-correlation;
 *    where that exceeds 0.7 the window is found, and its place is refined to an eighth of a sample.
 * 4. A window that is not found, or not cleanly, is compared at the places that its found neighbours in the run
 *    imply, with one change from the earlier to the later place at the best instant: so one slip of a jitter buffer
 *    costs nothing, and missing or foreign sound costs its full share. Nothing else is searched, which keeps chance
 *    likeness out of the figure. When no window is found at all, the whole run is compared at its single best place.
 * 5. The result is the mean of the windows' correlation coefficients weighted by the energy of the reference there.
 */
export function matchSpeech(recording: Sound, reference: Sound, loops: boolean): SpeechMatch {
  const heard = telephoneBand(recording);
  const spoken = new Reference(telephoneBand(reference), loops);
  let weighted = 0;
  let energy = 0;
  let samples = 0;
  let realignments = 0;
  for (const [start, end] of runsOfSpeech(heard)) {
    const run = heard.subarray(start, end);
    samples += run.length;
    const result = matchRun(run, spoken);
    weighted += result.weighted;
    energy += result.energy;
    realignments += result.realignments;
  }
  return {
    correlation: energy > 0 ? weighted / energy : 0,
    seconds: samples / RATE,
    realignments,
  };
}

interface Match {
  readonly correlation: number;
  /** Energy of the reference at that place. */
  readonly energy: number;
}

/** `place`: position in the fine reference that belongs to the first sample of the run. */
function matchRun(
  run: Float64Array,
  spoken: Reference,
): { weighted: number; energy: number; realignments: number } {
  const windows = cutWindows(run.length);
  const places = windows.map(([start, end]) => {
    const window = run.subarray(start, end);
    const found = spoken.find(window);
    return found && found.correlation >= FOUND ? found.place - start * FINE : undefined;
  });
  const fallback = places.some((place) => place !== undefined)
    ? undefined
    : spoken.find(run)?.place;
  let weighted = 0;
  let energy = 0;
  windows.forEach(([start, end], index) => {
    const before = places.slice(0, index).findLast((place) => place !== undefined);
    const after = places.slice(index + 1).find((place) => place !== undefined);
    const own = places[index];
    const candidates = [before, own, after, fallback]
      .filter((place) => place !== undefined)
      .map((place) => place + start * FINE);
    const match = matchWindow(run.subarray(start, end), spoken, candidates);
    weighted += match.correlation * match.energy;
    energy += match.energy;
  });
  const found = places.filter((place) => place !== undefined);
  const realignments = found.filter(
    (place, index) => index > 0 && Math.abs(place - (found[index - 1] ?? place)) > 4 * FINE,
  ).length;
  return { weighted, energy, realignments };
}

function matchWindow(
  window: Float64Array,
  spoken: Reference,
  candidates: readonly number[],
): Match {
  let best: Match = { correlation: 0, energy: 0 };
  const consider = (words: Float64Array): void => {
    const match = { correlation: coefficient(window, words), energy: dot(words, words) };
    if (best.energy === 0 || match.correlation > best.correlation) best = match;
  };
  const words = candidates.map((place) => spoken.at(place, window.length));
  for (const each of words) consider(each);
  if (best.correlation >= CLEAN) return best;
  words.forEach((first, index) => {
    for (const second of words.slice(index + 1)) consider(joinBest(window, first, second));
  });
  return best;
}

/** `first` up to the instant where changing to `second` fits `window` best. */
function joinBest(window: Float64Array, first: Float64Array, second: Float64Array): Float64Array {
  let sum = dot(window, second);
  let best = sum;
  let cut = 0;
  for (let i = 0; i < window.length; i += 1) {
    sum += (window[i] ?? 0) * ((first[i] ?? 0) - (second[i] ?? 0));
    if (sum > best) {
      best = sum;
      cut = i + 1;
    }
  }
  const joined = second.slice();
  joined.set(first.subarray(0, cut));
  return joined;
}

/** The spoken words, prepared for being searched and for being read at fractions of a sample. */
class Reference {
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

/** Start and end of the windows of a run; the last one takes what is left over. */
function cutWindows(length: number): [number, number][] {
  const count = Math.max(1, Math.floor(length / WINDOW));
  return Array.from({ length: count }, (_, index) => [
    index * WINDOW,
    index === count - 1 ? length : (index + 1) * WINDOW,
  ]);
}

/** Parts with sound: from the first to the last block louder than a fiftieth of the loud ones. */
function runsOfSpeech(samples: Float64Array): [number, number][] {
  const blocks = Array.from({ length: Math.floor(samples.length / BLOCK) }, (_, index) => {
    const block = samples.subarray(index * BLOCK, (index + 1) * BLOCK);
    return Math.sqrt(dot(block, block) / BLOCK);
  });
  const loud = [...blocks].sort((a, b) => a - b)[Math.floor(blocks.length * 0.95)] ?? 0;
  const threshold = Math.max(loud / 50, 1e-4);
  const pause = (PAUSE_SECONDS * RATE) / BLOCK;
  const runs: [number, number][] = [];
  blocks.forEach((level, index) => {
    if (level < threshold) return;
    const run = runs.at(-1);
    if (run && index - run[1] < pause) run[1] = index + 1;
    else runs.push([index, index + 1]);
  });
  return runs
    .filter(([start, end]) => (end - start) * BLOCK >= RATE / 4)
    .map(([start, end]) => [start * BLOCK, end * BLOCK]);
}

/** Band-limited copy at 8 kHz. @throws Error when the rate is no multiple of 8 kHz. */
function telephoneBand({ rate, samples }: Sound): Float64Array {
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

function coefficient(a: Float64Array, b: Float64Array): number {
  const power = dot(a, a) * dot(b, b);
  return power > 0 ? dot(a, b) / Math.sqrt(power) : 0;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
