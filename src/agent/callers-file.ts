import { open } from 'node:fs/promises';
import { type CallerRecord, type Clock, type Logger, parseCallers } from '../platform';

/** Room for the callers that are read, with long names. */
const MAX_BYTES = 128 * 1024;
/** How old what is known of the file may be, ms: it is read again then, and the call after that is judged by it. */
const FRESH_MS = 1000;

/** The file with the records of those who can prove who they are, as it stands by now. */
export class CallersFile {
  readonly path: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  #callers: readonly CallerRecord[] = [];
  #faults: readonly string[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #isReading = false;
  /** Which of them were told. */
  #told = '';

  constructor(path: string, clock: Clock, log: Logger) {
    this.path = path;
    this.#clock = clock;
    this.#log = log;
  }

  /** What is wrong with it, in words. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** As last seen; a card that hangs keeps nobody waiting. */
  get callers(): readonly CallerRecord[] {
    const isFresh = this.#clock.now() - this.#readAt < FRESH_MS;
    if (!isFresh && !this.#isReading) void this.read();
    return this.#callers;
  }

  /** Reads it anew. Never rejects: of a file that cannot be read nobody is known. */
  async read(): Promise<void> {
    this.#isReading = true;
    this.#readAt = this.#clock.now();
    try {
      const { callers, faults } = parseCallers(await textOf(this.path));
      this.#callers = callers;
      this.#note(faults);
    } catch (error) {
      this.#callers = [];
      this.#note([error instanceof Error ? error.message : String(error)]);
    }
    this.#isReading = false;
  }

  #note(faults: readonly string[]): void {
    this.#faults = faults.map((fault) => `policy.callersFile ${this.path}: ${fault}`);
    const words = faults.join('; ');
    if (words !== '' && words !== this.#told) this.#log.warn('callers', { file: this.path, words });
    this.#told = words;
  }
}

async function textOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
