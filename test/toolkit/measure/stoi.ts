import { forward } from './fft';
import { resampled } from './resample';
import type { Sound } from './wav';

/** Of what is compared, Hz; the rest are the values of the paper's section II. */
const RATE = 10_000;
const FRAME = 256;
const HOP = FRAME / 2;
const FFT = 512;
const BANDS = 15;
const LOWEST_BAND_HZ = 150;
/** Frames of one comparison: 384 ms. */
const SEGMENT = 30;
/** Signal to distortion that is the least counted, dB. */
const LEAST_SDR_DB = -15;
/** Frames so much below the loudest are silence, dB. */
const SILENCE_DB = 40;

/** Without the zeros at its ends. */
const WINDOW = Float64Array.from(
  { length: FRAME },
  (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 1)) / (FRAME + 1)),
);

/**
 * Short-time objective intelligibility of `degraded`, 0 to 1: C. H. Taal, R. C. Hendriks, R. Heusdens, J. Jensen, "An
 * Algorithm for Intelligibility Prediction of Time-Frequency Weighted Noisy Speech", 2011. Both start at the same
 * word; `test/data/quality/stoi.py` is the independent reckoning it is checked against.
 */
export function stoi(clean: Sound, degraded: Sound): number {
  const [x, y] = withoutSilence(resampled(clean, RATE), resampled(degraded, RATE));
  const [bandsOfX, bandsOfY] = [thirdOctaves(x), thirdOctaves(y)];
  const segments = (bandsOfX[0]?.length ?? 0) - SEGMENT + 1;
  if (segments < 1) throw new Error('STOI: expected 0.4 s of speech or more, found less');
  let sum = 0;
  for (let first = 0; first < segments; first += 1) {
    for (let band = 0; band < BANDS; band += 1) {
      const ofX = bandsOfX[band]?.subarray(first, first + SEGMENT) ?? new Float64Array();
      const ofY = bandsOfY[band]?.subarray(first, first + SEGMENT) ?? new Float64Array();
      sum += correlation(ofX, clipped(ofX, ofY));
    }
  }
  return sum / (segments * BANDS);
}

/** Frames in which `x` is silent are left out of both. */
function withoutSilence(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const starts = frameStarts(Math.min(x.length, y.length));
  const levels = starts.map((start) => {
    const frame = windowed(x, start);
    return 20 * Math.log10(Math.sqrt(dot(frame, frame)) + Number.EPSILON);
  });
  const loudest = levels.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const kept = starts.filter((_, index) => (levels[index] ?? 0) > loudest - SILENCE_DB);
  return [joined(x, kept), joined(y, kept)];
}

function joined(samples: Float64Array, starts: readonly number[]): Float64Array {
  const out = new Float64Array(starts.length === 0 ? 0 : (starts.length - 1) * HOP + FRAME);
  starts.forEach((start, index) => {
    windowed(samples, start).forEach((value, n) => {
      out[index * HOP + n] = (out[index * HOP + n] ?? 0) + value;
    });
  });
  return out;
}

/** For each band its norm in each frame. */
function thirdOctaves(samples: Float64Array): Float64Array[] {
  const starts = frameStarts(samples.length);
  const edges = Array.from({ length: BANDS }, (_, band) => [
    nearestBin(LOWEST_BAND_HZ * 2 ** ((2 * band - 1) / 6)),
    nearestBin(LOWEST_BAND_HZ * 2 ** ((2 * band + 1) / 6)),
  ]);
  const bands = edges.map(() => new Float64Array(starts.length));
  starts.forEach((start, frame) => {
    const { re, im } = forward(windowed(samples, start), FFT);
    edges.forEach(([from = 0, to = 0], band) => {
      let power = 0;
      for (let bin = from; bin < to; bin += 1) power += (re[bin] ?? 0) ** 2 + (im[bin] ?? 0) ** 2;
      const values = bands[band];
      if (values) values[frame] = Math.sqrt(power);
    });
  });
  return bands;
}

function nearestBin(frequency: number): number {
  return Math.round((frequency * FFT) / RATE);
}

/** `y` as loud as `x`, and nowhere further from it than the least ratio allows. */
function clipped(x: Float64Array, y: Float64Array): Float64Array {
  const scale = Math.sqrt(dot(x, x) / (dot(y, y) + Number.EPSILON));
  const most = 1 + 10 ** (-LEAST_SDR_DB / 20);
  return y.map((value, index) => Math.min(scale * value, most * (x[index] ?? 0)));
}

function correlation(x: Float64Array, y: Float64Array): number {
  const [a, b] = [centered(x), centered(y)];
  return dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) + Number.EPSILON);
}

function centered(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function frameStarts(length: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((length - FRAME) / HOP)) }, (_, i) => i * HOP);
}

function windowed(samples: Float64Array, start: number): Float64Array {
  return WINDOW.map((weight, n) => weight * (samples[start + n] ?? 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
