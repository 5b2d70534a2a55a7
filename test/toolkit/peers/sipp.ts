import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess, ProcessError } from '../process/process';

export interface SippOptions {
  readonly name: string;
  readonly folder: string;
  /** The scenario, XML. */
  readonly scenario: string;
  readonly port: number;
  readonly mediaPort: number;
  /** `host:port` to call; none for a scenario that waits to be called. */
  readonly target?: string;
  readonly service?: string;
  readonly calls?: number;
  readonly timeoutSeconds?: number;
  readonly extra?: readonly string[];
}

/** One run of sipp with a scenario of ours. */
export class Sipp {
  readonly process: ManagedProcess;
  readonly mediaPort: number;

  constructor(options: SippOptions) {
    this.mediaPort = options.mediaPort;
    mkdirSync(options.folder, { recursive: true });
    const file = join(options.folder, `${options.name}.xml`);
    writeFileSync(file, options.scenario);
    this.process = ManagedProcess.start({
      name: `sipp ${options.name}`,
      command: 'sipp',
      args: [
        ...(options.target === undefined ? [] : [options.target]),
        ...['-sf', file, '-i', '127.0.0.1', '-p', String(options.port)],
        ...['-mi', '127.0.0.1', '-mp', String(options.mediaPort)],
        ...['-s', options.service ?? 'camera', '-m', String(options.calls ?? 1), '-l', '1'],
        ...['-timeout', String(options.timeoutSeconds ?? 20), '-timeout_error'],
        ...[
          '-nostdin',
          '-nd',
          '-trace_err',
          '-error_file',
          join(options.folder, `${options.name}.err`),
        ],
        ...(options.extra ?? []),
      ],
      logPath: join(options.folder, `${options.name}.log`),
      cwd: options.folder,
    });
  }

  /** @throws ProcessError when the scenario did not go as written. */
  async finished(): Promise<void> {
    const exit = await this.process.exited;
    if (exit.code === 0) return;
    throw new ProcessError(
      `${this.process.name}: the scenario failed (exit code ${exit.code}); see ${this.process.logPath} and the .err file beside it`,
    );
  }
}
