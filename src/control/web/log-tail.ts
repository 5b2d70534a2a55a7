import { LOG_LEVELS, type Log, type LogEntry, type LogLevel } from '../../platform';

/** Lines kept for those who begin to listen; the oldest gives way. */
const KEPT_LINES = 200;

/** The last lines of the log, and those that come. */
export class LogTail {
  readonly #kept: LogEntry[] = [];
  readonly #leave: () => void;

  constructor(log: Log, onLine: (entry: LogEntry) => void) {
    this.#leave = log.listen((entry) => {
      this.#kept.push(entry);
      if (this.#kept.length > KEPT_LINES) this.#kept.shift();
      onLine(entry);
    });
  }

  /** Oldest first, of `least` and what is graver. */
  lines(least: LogLevel): LogEntry[] {
    return this.#kept.filter(({ level }) => isAtLeast(level, least));
  }

  close(): void {
    this.#leave();
  }
}

export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(least);
}

/** A level by its name. */
export function logLevelOf(name: string | null): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === name);
}
