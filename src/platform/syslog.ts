import type { Clock } from './clock';
import type { LogLevel } from './log';
import type { LineSink, StartLogger } from './system-logger';

/** Of syslog, by ours (RFC 5424 §6.2.1). */
const PRIORITY: Readonly<Record<LogLevel, string>> = {
  error: 'daemon.err',
  warn: 'daemon.warning',
  info: 'daemon.info',
  debug: 'daemon.debug',
};

/** RFC 3164 §4.1: a packet has 1024 octets, head and tag included. */
const LINE_OCTETS = 900;
/** Waiting for a syslogd that takes nothing; beyond it the newest line is dropped. */
const MAX_PENDING = 32 * 1024;
/** Until `logger` is started again after it has ended, ms. */
const RETRY_MS = { first: 1000, longest: 60_000 };

interface Sink {
  sink: LineSink | undefined;
  delay: number;
  /** On the clock: when it was started; while there is none, when it may be. */
  restAt: number;
}

/** Lines to syslog, a `logger` for each priority that is used. Never throws, waits for nobody and is bounded. */
export class Syslog {
  readonly #start: StartLogger;
  readonly #clock: Clock;
  readonly #onTrouble: (reason: string) => void;
  readonly #sinks = new Map<LogLevel, Sink>();
  #dropped = 0;

  /** @param onTrouble told each time that a `logger` has ended by itself. */
  constructor(start: StartLogger, clock: Clock, onTrouble: (reason: string) => void) {
    this.#start = start;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
  }

  /** Lines that nobody took. */
  get dropped(): number {
    return this.#dropped;
  }

  /** False when nobody takes it. */
  write(line: string, level: LogLevel): boolean {
    const sink = this.#sinkFor(level);
    if (!sink || sink.pending > MAX_PENDING) {
      this.#dropped += 1;
      return false;
    }
    sink.write(`${shortened(withoutTime(line.trimEnd()))}\n`);
    return true;
  }

  close(): void {
    for (const { sink } of this.#sinks.values()) sink?.end();
    this.#sinks.clear();
  }

  #sinkFor(level: LogLevel): LineSink | undefined {
    const known = this.#sinks.get(level) ?? { sink: undefined, delay: RETRY_MS.first, restAt: 0 };
    this.#sinks.set(level, known);
    if (known.sink || this.#clock.now() < known.restAt) return known.sink;
    known.restAt = this.#clock.now();
    try {
      known.sink = this.#start(PRIORITY[level], (reason) => this.#onEnd(known, reason));
    } catch (error) {
      this.#rest(known, error instanceof Error ? error.message : String(error));
    }
    return known.sink;
  }

  #onEnd(ended: Sink, reason: string): void {
    if (!ended.sink) return;
    ended.sink = undefined;
    this.#rest(ended, reason);
  }

  #rest(ended: Sink, reason: string): void {
    const now = this.#clock.now();
    // One that worked for long is started again at once.
    const hasWorked = now - ended.restAt > RETRY_MS.longest;
    ended.delay = hasWorked ? RETRY_MS.first : Math.min(ended.delay * 2, RETRY_MS.longest);
    ended.restAt = now + ended.delay;
    if ([...this.#sinks.values()].includes(ended)) this.#onTrouble(reason);
  }
}

/** Syslog has a time of its own. */
function withoutTime(line: string): string {
  return line.replace(/^time=\S+ /, '');
}

function shortened(line: string): string {
  const octets = Buffer.from(line);
  if (octets.length <= LINE_OCTETS) return line;
  return `${octets
    .subarray(0, LINE_OCTETS)
    .toString()
    .replace(/\ufffd$/, '')}...`;
}
