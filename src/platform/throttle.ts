/** So many lines of a kind in a window, ms; further ones are counted. */
export const LINES_PER_WINDOW = 10;
const WINDOW_MS = 60_000;
/** Kinds remembered; the one that began longest ago is forgotten. */
const MAX_KINDS = 256;

interface Window {
  readonly since: number;
  lines: number;
  omitted: number;
}

/** Lets a few things of a kind through in each window of time, and counts what it keeps back. */
export class Throttle {
  readonly #windows = new Map<string, Window>();

  /** Whether one more may pass. */
  admits(kind: string, now: number): boolean {
    const window = this.#windows.get(kind) ?? this.#open(kind, now);
    window.lines += 1;
    if (window.lines <= LINES_PER_WINDOW) return true;
    window.omitted += 1;
    return false;
  }

  /** Ends the windows that are over, and tells what each kept back. */
  *due(now: number): Generator<readonly [kind: string, omitted: number]> {
    for (const [kind, { since, omitted }] of this.#windows) {
      // Civil time may jump back.
      if (now >= since && now < since + WINDOW_MS) continue;
      this.#windows.delete(kind);
      if (omitted > 0) yield [kind, omitted];
    }
  }

  #open(kind: string, since: number): Window {
    for (const eldest of this.#windows.keys()) {
      if (this.#windows.size < MAX_KINDS) break;
      this.#windows.delete(eldest);
    }
    const window = { since, lines: 0, omitted: 0 };
    this.#windows.set(kind, window);
    return window;
  }
}
