import type { ServerResponse } from 'node:http';
import type { LogEntry, LogLevel, Timer } from '../../platform';
// Types, as from anywhere outside this folder.
import type { Control, JournalEntry } from '..';
import { begin } from './answer';
import { isAtLeast, LogTail } from './log-tail';

/** One that comes when there are so many takes the place of the eldest: of a browser that left, most likely. */
export const MAX_STREAMS = 8;
/** A reader that leaves more than that untaken is dropped, bytes: it comes back, and is told what it missed. */
export const MAX_UNSENT = 256 * 1024;
const STATUS_MS = 1000;
/** Told a browser for when the stream ends, ms. */
const RETRY_MS = 2000;

/** Somebody who listens. */
interface Stream {
  readonly response: ServerResponse;
  readonly log: LogLevel | undefined;
  /** Whether it may go on. */
  readonly isAllowed: () => boolean;
}

export interface StreamWishes {
  /** Where to go on: the id of the last event that was taken, or a number; live only without. */
  readonly since: string | undefined;
  /** Lines of the log too, of this level and graver. */
  readonly log: LogLevel | undefined;
}

/** Server-sent events (WHATWG HTML §9.2): notifications, the status each second, and lines of the log. */
export class EventStreams {
  readonly #control: Control;
  readonly #status: () => Promise<unknown>;
  readonly #streams = new Set<Stream>();
  readonly #tail: LogTail;
  readonly #leave: () => void;
  #timer: Timer | undefined;
  #dropped = 0;

  constructor(control: Control, status: () => Promise<unknown>) {
    this.#control = control;
    this.#status = status;
    this.#tail = new LogTail(control.log, (entry) => this.#logged(entry));
    this.#leave = control.journal.listen((entry) => this.#notified(entry));
  }

  get count(): number {
    return this.#streams.size;
  }

  /** Readers that were too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  open(response: ServerResponse, wishes: StreamWishes, isAllowed: () => boolean): void {
    this.#makeRoom();
    begin(response, 'text/event-stream');
    const stream = { response, log: wishes.log, isAllowed };
    this.#streams.add(stream);
    response.on('close', () => this.#remove(stream));
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#catchUp(stream, wishes.since);
    for (const line of wishes.log ? this.#tail.lines(wishes.log) : []) this.#tell(stream, line);
    void this.#tick();
  }

  close(): void {
    this.#leave();
    this.#tail.close();
    this.#timer?.cancel();
    for (const { response } of this.#streams) response.end();
    this.#streams.clear();
  }

  #makeRoom(): void {
    for (const eldest of this.#streams) {
      if (this.#streams.size < MAX_STREAMS) return;
      this.#remove(eldest);
      eldest.response.end();
    }
  }

  #remove(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** What was told since then, and how much of it is gone. */
  #catchUp(stream: Stream, since: string | undefined): void {
    if (since === undefined) return;
    const [, number = '', run] = /^(\d{1,15})(?:\.([\da-f]+))?$/.exec(since) ?? [];
    const { journal } = this.#control;
    const restarted = number === '' || (run !== undefined && run !== journal.run);
    const from = restarted ? 0 : Number(number);
    const { events, missed } = journal.after(from, Number.MAX_SAFE_INTEGER);
    if (restarted || missed > 0 || from > journal.last) {
      const isOther = restarted || from > journal.last;
      this.#write(stream, eventText('gap', { missed, restarted: isOther }));
    }
    for (const entry of events) this.#write(stream, this.#textOf(entry));
  }

  #notified(entry: JournalEntry): void {
    if (this.#streams.size === 0) return;
    const text = this.#textOf(entry);
    for (const stream of this.#streams) this.#write(stream, text);
  }

  #textOf(entry: JournalEntry & { readonly at?: string }): string {
    const { type, param, number, at = this.#control.clock.wallTime().toISOString() } = entry;
    // Numbers begin anew with each run of the agent: an id says of which.
    const id = number === undefined ? undefined : `${number}.${this.#control.journal.run}`;
    return eventText(type, { at, param }, id);
  }

  #logged(entry: LogEntry): void {
    for (const stream of this.#streams) {
      if (stream.log && isAtLeast(entry.level, stream.log)) this.#tell(stream, entry);
    }
  }

  #tell(stream: Stream, entry: LogEntry): void {
    this.#write(stream, eventText('log', entry));
  }

  /** The status to everybody, once a second while somebody listens; and who may no longer listen is told goodbye. */
  async #tick(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = this.#control.clock.setTimer(STATUS_MS, () => void this.#tick());
    for (const stream of this.#streams) {
      if (stream.isAllowed()) continue;
      this.#remove(stream);
      stream.response.end();
    }
    if (this.#streams.size === 0) return;
    const text = eventText('status', await this.#status());
    for (const stream of this.#streams) this.#write(stream, text);
  }

  #write(stream: Stream, text: string): void {
    const { response } = stream;
    if (response.writableEnded || response.destroyed) return;
    if (response.writableLength + text.length <= MAX_UNSENT) {
      response.write(text);
      return;
    }
    this.#dropped += 1;
    this.#remove(stream);
    response.destroy();
  }
}

function eventText(type: string, data: unknown, id?: string): string {
  return `event: ${type}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
