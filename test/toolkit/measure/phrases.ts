import { dot, FINE, RATE, Reference, telephoneBand } from './reference';
import type { Sound } from './wav';

/** How much of a recording is spoken words, whatever lies between. */
export interface PhraseMatch {
  /** Share of the loud pieces of 0.3 s in which the words are found nearly unchanged, 0..1. */
  readonly share: number;
  /** Median of the pieces' correlations, each at its best place. */
  readonly median: number;
  readonly pieces: number;
}

export const PIECE_SECONDS = 0.3;
const PIECE = PIECE_SECONDS * RATE;
/** Mean square of a piece that is worth a look: a hundredth of full scale, far above dither and below any word. */
const LOUD = 1e-4;
/** Pieces that are looked at, spread evenly: a search costs some 50 ms. */
const MOST_PIECES = 40;
const UNCHANGED = 0.9;
/** Far above chance likeness: words bent by a clock that is corrected are found all the same. */
const FOUND = 0.5;

/**
 * Compares short pieces of a recording with the words that were spoken, each for itself. Where the machine under
 * test is stopped again and again, as an emulated one is, every stall spoils the piece it falls into and no other;
 * sound that is distorted, foreign or absent is found nowhere.
 */
export function matchPhrases(recording: Sound, reference: Sound, loops: boolean): PhraseMatch {
  const heard = telephoneBand(recording);
  const spoken = new Reference(telephoneBand(reference), loops);
  const loud = Array.from({ length: Math.floor(heard.length / PIECE) }, (_, index) =>
    heard.subarray(index * PIECE, (index + 1) * PIECE),
  ).filter((piece) => dot(piece, piece) / PIECE > LOUD);
  const step = Math.max(1, Math.ceil(loud.length / MOST_PIECES));
  const found = loud
    .filter((_, index) => index % step === 0)
    .map((piece) => spoken.find(piece)?.correlation ?? 0)
    .sort((a, b) => a - b);
  return {
    share:
      found.filter((correlation) => correlation >= UNCHANGED).length / Math.max(1, found.length),
    median: found[Math.floor(found.length / 2)] ?? 0,
    pieces: found.length,
  };
}

/** When a piece of a recording was heard, and how much later than the words were spoken. */
export interface DelayPoint {
  readonly seconds: number;
  /** Relative to the first point, ms. */
  readonly delayMs: number;
}

/**
 * How the delay of a recording changes: one second of it after each `everySeconds` is sought in the words, which are
 * spoken over and over without a pause. Seconds in which they are not found are left out.
 */
export function delayCurve(recording: Sound, reference: Sound, everySeconds: number): DelayPoint[] {
  const { rate, samples } = recording;
  const words = telephoneBand(reference);
  const spoken = new Reference(words, true);
  const points: DelayPoint[] = [];
  let origin: number | undefined;
  let last = 0;
  for (let second = 0; second + 1 <= samples.length / rate; second += everySeconds) {
    // Each for itself: half an hour is too long for one transform.
    const piece = telephoneBand({
      rate,
      samples: samples.subarray(second * rate, (second + 1) * rate),
    });
    const found = dot(piece, piece) / piece.length > LOUD ? spoken.find(piece) : undefined;
    if (!found || found.correlation < FOUND) continue;
    const raw = second * RATE - found.place / FINE;
    origin ??= raw;
    // The loop hides whole rounds: the nearest change is the one that was.
    const change = raw - origin - last;
    last += change - Math.round(change / words.length) * words.length;
    points.push({ seconds: second, delayMs: (last / RATE) * 1000 });
  }
  return points;
}
