import type { Control, Surface } from './control';
import type { Clock, Logger, Timer } from './platform';

/** Whoever asked by it is answered first, and settings that are changed one after the other are one change, ms. */
export const SETTLE_MS = 500;

/** Opens a way in; undefined where none is wanted. */
export type Opening = (() => Promise<Surface>) | undefined;

/** One way in that loads on demand: opened, closed, and opened anew, one after the other. It never keeps the telephone from working. */
export class WayIn {
  readonly #name: keyof Control['surfaces'];
  /** What each says of itself, while there is one. */
  readonly #statuses: Control['surfaces'];
  readonly #clock: Clock;
  readonly #log: Logger;
  #surface: Surface | undefined;
  #settling: Timer | undefined;
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(name: keyof Control['surfaces'], { surfaces, clock }: Control, log: Logger) {
    this.#name = name;
    this.#statuses = surfaces;
    this.#clock = clock;
    this.#log = log;
  }

  /** At once; resolves when it has been tried. */
  open(opening: Opening): Promise<void> {
    this.#work = this.#work.then(() => this.#replace(opening));
    return this.#work;
  }

  /** In a moment, and of several wishes in a row the last one. */
  openAnew(opening: Opening): void {
    this.#settling?.cancel();
    this.#settling = this.#clock.setTimer(SETTLE_MS, () => void this.open(opening));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#settling?.cancel();
    await this.#work;
    await this.#surface?.close();
  }

  /** Never rejects. */
  async #replace(opening: Opening): Promise<void> {
    if (this.#isClosed) return;
    const former = this.#surface;
    this.#surface = undefined;
    try {
      await former?.close();
      delete this.#statuses[this.#name];
      this.#surface = await opening?.();
    } catch (error) {
      this.#log.error('cannot be had', {
        error: error instanceof Error ? error.message : String(error),
      });
    }
    if (former && !opening) this.#log.info('closed');
  }
}
