export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line per event: an area, a fixed message, and fields that vary. Never given a secret. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** The same log under another area name, as in `sip` or `camera`. */
  area(name: string): Logger;
}

/** Writes `time level area: message key=value ...` lines to `write`. */
export function createLogger(
  level: LogLevel,
  write: (line: string) => void,
  wallTime: () => Date,
  area = 'agent',
): Logger {
  const threshold = LOG_LEVELS.indexOf(level);
  const emit = (lineLevel: LogLevel, message: string, fields: LogFields = {}): void => {
    if (LOG_LEVELS.indexOf(lineLevel) > threshold) return;
    const tail = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${quoteField(value)}`)
      .join('');
    write(`${wallTime().toISOString()} ${lineLevel} ${area}: ${message}${tail}\n`);
  };
  return {
    error: (message, fields) => emit('error', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    info: (message, fields) => emit('info', message, fields),
    debug: (message, fields) => emit('debug', message, fields),
    area: (name) => createLogger(level, write, wallTime, name),
  };
}

export const silentLogger: Logger = createLogger(
  'error',
  () => undefined,
  () => new Date(0),
);

/** Quotes what would break the line apart; control characters never reach the terminal. */
function quoteField(value: string | number | boolean | undefined): string {
  const text = String(value);
  return /^[\w.:;@/+<>=?&%*-]+$/.test(text) ? text : JSON.stringify(text);
}
