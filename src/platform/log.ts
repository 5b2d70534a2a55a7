import { maskPasswords } from './mask-passwords';
import { Throttle } from './throttle';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogField = string | number | boolean | undefined;
export type LogFields = Readonly<Record<string, LogField>>;

/** A line as those see it who listen; passwords are masked already. */
export interface LogEntry {
  /** Civil time, ISO 8601. */
  readonly at: string;
  readonly level: LogLevel;
  readonly area: string;
  /** Message and fields. */
  readonly text: string;
}

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
 * Writes `time level area: message key=value ...` lines to `write`. Of lines that differ in their
 * fields only, a few pass each minute and the others are counted: whoever is refused a thousand
 * times writes no thousand lines. What a person asked for by `debug` passes whole.
 */
export class Log {
  #level: LogLevel;
  /** Areas with a level of their own. */
  readonly #levels = new Map<string, LogLevel>();
  readonly #areas = new Set<string>();
  readonly #listeners = new Set<(entry: LogEntry) => void>();
  readonly #write: (line: string) => void;
  readonly #wallTime: () => Date;
  readonly #throttle = new Throttle();

  constructor(level: LogLevel, write: (line: string) => void, wallTime: () => Date) {
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
    for (const [kind, omitted] of this.#throttle.due(now)) {
      const text = `${kind} (omitted)${fieldText('lines', omitted)}`;
      this.#write(`${time.toISOString()} ${text}\n`);
      this.#tell({ at: time.toISOString(), level: 'warn', area: 'log', text });
    }
    // A call's number is no kind of its own.
    const kind = `${level} ${area.replace(/\d+/g, 'N')}: ${message}`;
    if (level !== 'debug' && !this.#throttle.admits(kind, now)) return;
    const tail = Object.entries(typeof fields === 'function' ? fields() : fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => fieldText(name, value))
      .join('');
    const text = maskPasswords(`${printable(message)}${tail}`);
    this.#write(`${time.toISOString()} ${level} ${area}: ${text}\n`);
    this.#tell({ at: time.toISOString(), level, area, text });
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

/** Quotes what would break the line apart; control characters never reach the terminal. */
function fieldText(name: string, value: string | number | boolean | undefined): string {
  const text = String(value);
  return ` ${name}=${/^[\w.:;@/+<>=?&%*-]+$/.test(text) ? text : JSON.stringify(text)}`;
}

/** A message may quote what came from outside. */
function printable(message: string): string {
  return /[\x00-\x1f\x7f]/.test(message) ? JSON.stringify(message) : message;
}
