import type { LogLevel } from './log';
import type { Syslog } from './syslog';

export const LOG_TARGETS = ['stderr', 'syslog', 'both'] as const;
export type LogTarget = (typeof LOG_TARGETS)[number];

/** Where the log's lines go. */
export class LogOutput {
  #target: LogTarget;
  readonly #toStderr: (line: string) => void;
  readonly #syslog: Pick<Syslog, 'write' | 'close'>;

  constructor(
    target: LogTarget,
    toStderr: (line: string) => void,
    syslog: Pick<Syslog, 'write' | 'close'>,
  ) {
    this.#target = target;
    this.#toStderr = toStderr;
    this.#syslog = syslog;
  }

  /** From the next line on. */
  setTarget(target: LogTarget): void {
    if (target === 'stderr') this.#syslog.close();
    this.#target = target;
  }

  write(line: string, level: LogLevel): void {
    const isTaken = this.#target !== 'stderr' && this.#syslog.write(line, level);
    // What syslog does not take is not lost.
    if (this.#target !== 'syslog' || !isTaken) this.#toStderr(line);
  }
}
