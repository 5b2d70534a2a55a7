import { coefficient, dot, FINE, RATE, Reference, telephoneBand } from './reference';
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

const WINDOW = RATE;
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
  const spoken = prepared(reference, loops);
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

/** How much of a recording's best stretch of `seconds` is like the words: a busy machine spoils some of it, not all. */
export function bestStretch({ rate, samples }: Sound, reference: Sound, seconds: number): number {
  const length = seconds * rate;
  let best = 0;
  for (let at = 0; at + length <= samples.length; at += length) {
    const stretch = { rate, samples: samples.subarray(at, at + length) };
    const match = matchSpeech(stretch, reference, true);
    // Of two seconds and more of speech.
    if (match.seconds > 2) best = Math.max(best, match.correlation);
  }
  return best;
}

const known = new WeakMap<Sound, Map<boolean, Reference>>();

/** Preparing is most of the work, and the same words are compared again and again. */
function prepared(sound: Sound, loops: boolean): Reference {
  const ofSound = known.get(sound) ?? new Map<boolean, Reference>();
  known.set(sound, ofSound);
  const reference = ofSound.get(loops) ?? new Reference(telephoneBand(sound), loops);
  ofSound.set(loops, reference);
  return reference;
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
    (place, index) => index > 0 && spoken.between(found[index - 1] ?? place, place) > 4 * FINE,
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
