import { open } from 'node:fs/promises';
import type { Clock } from '../../platform';

/** A record is some hundred bytes long. */
const MAX_BYTES = 1024;
/** How old what is known of the file may be, ms: a password that was changed ends the sessions of the old one. */
const FRESH_MS = 1000;

/** The file with the record of the password, as it stands by now. */
export class PasswordFile {
  readonly #path: string;
  readonly #clock: Clock;
  #line: string | undefined;
  #readAt = -Infinity;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** The record's line as last seen; a card that hangs keeps nobody waiting. */
  get line(): string | undefined {
    if (this.#clock.now() - this.#readAt >= FRESH_MS) void this.read().catch(() => undefined);
    return this.#line;
  }

  /** Reads it anew. @throws Error as the file system says it */
  async read(): Promise<string> {
    this.#readAt = this.#clock.now();
    const file = await open(this.#path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
      const [line = ''] = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/, 1);
      this.#line = line;
      return line;
    } finally {
      await file.close();
    }
  }
}
