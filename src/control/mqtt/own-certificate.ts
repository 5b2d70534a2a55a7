import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../platform';

/** How old what is known of the file may be, ms: it may have been renewed. */
const FRESH_MS = 60_000;

/** The file of the certificate that we show the broker, by when it runs out. */
export class OwnCertificate {
  readonly #path: string;
  readonly #clock: Clock;
  #expires: Date | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #isReading = false;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** As last seen; a card that hangs keeps nobody waiting. */
  get expires(): Date | undefined {
    const isFresh = this.#clock.now() - this.#readAt < FRESH_MS;
    if (!isFresh && !this.#isReading) void this.#read();
    return this.#expires;
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    this.#readAt = this.#clock.now();
    try {
      this.#expires = new Date(new X509Certificate(await readFile(this.#path)).validTo);
    } catch {
      // Whoever connects with it says why not.
      this.#expires = undefined;
    }
    this.#isReading = false;
  }
}
