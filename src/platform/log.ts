import { type LogFields, logfmt, quoted } from './logfmt';
import { maskPasswords } from './mask-passwords';
import { Throttle } from './throttle';
import { type Rate, TokenBucket } from './token-bucket';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type { LogFields } from './logfmt';

/** A line as those see it who listen; passwords are masked already. */
export interface LogEntry {
  /** Civil time, ISO 8601. */
  readonly at: string;
  readonly level: LogLevel;
  readonly area: string;
  /** Message and fields. */
  readonly text: string;
}

/** Takes a line, which ends in a line break. */
export type LogWriter = (line: string, level: LogLevel) => void;

/** One line per event: an area, a fixed message, and fields that vary. Never given a secret. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  /** What takes time to be told may be a function: it is called when the line is written. */
  debug(message: string, fields?: LogFields | (() => LogFields)): void;
  /** The same log under another area name, as in `sip` or `camera`. */
  area(name: string): Logger;
}

/**
 * Of debug lines no more, whatever happens: a flood of lines on this board breaks its Wi-Fi. A call with every message
 * of SIP is some 10 KB.
 */
const DEBUG_OCTETS: Rate = { perSecond: 4 * 1024, burst: 64 * 1024 };

/**
 * Writes logfmt lines: `time=... level=... area=... msg="..." key=value`. Of lines that differ in their fields only, a
 * few pass each minute and the others are counted: whoever is refused a thousand times writes no thousand lines. What
 * a person asked for by `debug` passes whole, as far as a bounded rate of octets allows, and is counted beyond it.
 */
export class Log {
  #level: LogLevel;
  /** Areas with a level of their own. */
  readonly #levels = new Map<string, LogLevel>();
  readonly #areas = new Set<string>();
  readonly #listeners = new Set<(entry: LogEntry) => void>();
  readonly #write: LogWriter;
  readonly #wallTime: () => Date;
  readonly #throttle = new Throttle();
  readonly #debugOctets = new TokenBucket(DEBUG_OCTETS, 0);
  #debugOmitted = 0;

  constructor(level: LogLevel, write: LogWriter, wallTime: () => Date) {
    this.#level = level;
    this.#write = write;
    this.#wallTime = wallTime;
  }

  /** The least that is written where an area has no level of its own. */
  get level(): LogLevel {
    return this.#level;
  }

  /** Levels of the areas that have one of their own. */
  get levels(): Readonly<Record<string, LogLevel>> {
    return Object.fromEntries(this.#levels);
  }

  /** The areas that have been written in so far: the first words of their names. */
  get areas(): readonly string[] {
    return [...this.#areas].sort();
  }

  /** Sets the level of an area, or of all of them, those that had one of their own too. */
  setLevel(level: LogLevel, area?: string): void {
    if (area !== undefined) {
      this.#levels.set(area, level);
      return;
    }
    this.#level = level;
    this.#levels.clear();
  }

  logger(area: string): Logger {
    this.#areas.add(areaOf(area));
    return {
      error: (message, fields) => this.#emit('error', area, message, fields),
      warn: (message, fields) => this.#emit('warn', area, message, fields),
      info: (message, fields) => this.#emit('info', area, message, fields),
      debug: (message, fields) => this.#emit('debug', area, message, fields),
      area: (inner) => this.logger(inner),
    };
  }

  /** Calls `listener` with each line that is written, until the returned function is called. It must not write itself. */
  listen(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(
    level: LogLevel,
    area: string,
    message: string,
    fields: LogFields | (() => LogFields) = {},
  ): void {
    const least = this.#levels.get(areaOf(area)) ?? this.#level;
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(least)) return;
    const time = this.#wallTime();
    const now = time.getTime();
    this.#tellOmitted(time);
    if (level === 'debug') {
      if (this.#debugOctets.hasToken(now)) {
        const told = typeof fields === 'function' ? fields() : fields;
        this.#debugOctets.spend(this.#line(time, level, area, message, told));
      } else this.#debugOmitted += 1;
      return;
    }
    // A call's number is no kind of its own.
    const kind = `${level} ${area.replace(/\d+/g, 'N')}: ${message}`;
    if (!this.#throttle.admits(kind, now)) return;
    this.#line(time, level, area, message, typeof fields === 'function' ? fields() : fields);
  }

  #tellOmitted(time: Date): void {
    const now = time.getTime();
    for (const [kind, lines] of this.#throttle.due(now)) {
      this.#line(time, 'warn', 'log', 'lines omitted', { kind, lines });
    }
    if (this.#debugOmitted > 0 && this.#debugOctets.hasToken(now)) {
      const lines = this.#debugOmitted;
      this.#debugOmitted = 0;
      this.#line(time, 'warn', 'log', 'lines omitted', { kind: 'debug', lines });
    }
  }

  /** Writes a line; returns its length. */
  #line(time: Date, level: LogLevel, name: string, message: string, fields: LogFields): number {
    const at = time.toISOString();
    // `call 12` is call=12 of the area call.
    const [area = name, ...number] = name.split(' ');
    const whose = number.length > 0 ? { [area]: number.join(' ') } : {};
    const tail = logfmt(fields);
    const head = `time=${at} ${logfmt({ level, area })} msg=${quoted(message)}`;
    const line = maskPasswords([head, logfmt(whose), tail].filter((part) => part !== '').join(' '));
    this.#write(`${line}\n`, level);
    const words = /[\x00-\x1f\x7f-\x9f]/.test(message) ? quoted(message) : message;
    const text = maskPasswords(tail === '' ? words : `${words} ${tail}`);
    this.#tell({ at, level, area: name, text });
    return line.length;
  }

  #tell(entry: LogEntry): void {
    for (const listener of this.#listeners) listener(entry);
  }
}

export const silentLogger: Logger = new Log(
  'error',
  () => undefined,
  () => new Date(0),
).logger('silent');

/** `call` of `call 12`. */
function areaOf(name: string): string {
  return name.split(' ', 1)[0] ?? name;
}
