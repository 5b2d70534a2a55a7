import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, openSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

export interface ProcessOptions {
  /** Name in messages and of the log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Both outputs go here as well as into `output`. */
  readonly logPath: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Runs before all that is not real-time, as what has a machine of its own in life. */
  readonly realtime?: boolean;
  /** Standard output goes to this file as it is, for tools that write data there. */
  readonly stdoutPath?: string;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A tool or peer that did not do what was asked; the message says what and where its log is. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
}

const living = new Set<ManagedProcess>();
let cleanupInstalled = false;

/**
 * A child process with a log, a ready line and a certain end: it is ended by `stop`, by the end of this
 * process however it comes, and by the kernel (`setpriv --pdeathsig`) should this process be killed.
 */
export class ManagedProcess {
  readonly name: string;
  readonly logPath: string;
  readonly pid: number;
  /** `performance.now()` at the start. */
  readonly startedAt: number;
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #waiters = new Set<() => void>();
  #output = '';
  #exit: ProcessExit | undefined;

  private constructor(options: ProcessOptions) {
    installCleanup();
    this.name = options.name;
    this.logPath = options.logPath;
    this.startedAt = performance.now();
    const stdout = options.stdoutPath === undefined ? 'pipe' : openSync(options.stdoutPath, 'w');
    const child = spawn(
      'setpriv',
      [
        ...['--pdeathsig', 'TERM', '--'],
        ...(options.realtime === true && mayBeRealtime() ? ['chrt', '--rr', '5'] : []),
        ...[options.command, ...options.args],
      ],
      {
        env: { ...process.env, ...options.env },
        stdio: ['pipe', stdout, 'pipe'],
        // A process group of its own, so that what it starts can be ended with it.
        detached: true,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      },
    );
    this.#child = child;
    this.pid = child.pid ?? 0;
    const log = createWriteStream(options.logPath, { flags: 'a' });
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      stream?.on('data', (chunk: Buffer) => {
        log.write(chunk);
        this.#output += decoder.write(chunk);
        this.#wake();
      });
    }
    // A peer that dies while it is written to is reported by its exit, not by EPIPE.
    child.stdin?.on('error', () => undefined);
    living.add(this);
    this.exited = new Promise((resolve) => {
      const end = (exit: ProcessExit): void => {
        if (this.#exit) return;
        this.#exit = exit;
        living.delete(this);
        log.end();
        this.#wake();
        resolve(exit);
      };
      child.on('error', (error) => {
        this.#output += `${error.message}\n`;
        end({ code: 127, signal: null });
      });
      child.on('close', (code, signal) => end({ code, signal }));
    });
  }

  static start(options: ProcessOptions): ManagedProcess {
    return new ManagedProcess(options);
  }

  /** Everything written so far. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  /**
   * Waits until `pattern` appears in the output after position `from`.
   * @throws ProcessError when the process ends first or `timeoutMs` passes.
   */
  async waitFor(pattern: RegExp, timeoutMs = 10_000, from = 0): Promise<RegExpMatchArray> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const match = this.#output.slice(from).match(pattern);
      if (match) return match;
      if (!this.running) {
        throw new ProcessError(
          `${this.name} ended (${describeExit(this.#exit)}) before it said ${pattern}: ${this.lastLine()}`,
        );
      }
      const left = deadline - performance.now();
      if (left <= 0) {
        throw new ProcessError(
          `${this.name} did not say ${pattern} within ${timeoutMs} ms; last line: ${this.lastLine()} (log: ${this.logPath})`,
        );
      }
      await this.#change(left);
    }
  }

  /** The result of `work`, which makes sense only as long as this process runs. */
  whileRunning<Value>(work: Promise<Value>): Promise<Value> {
    const ended = this.exited.then((exit) => {
      throw new ProcessError(
        `${this.name} ended (${describeExit(exit)}): ${this.lastLine()} (log: ${this.logPath})`,
      );
    });
    return Promise.race([work, ended]);
  }

  writeLine(text: string): void {
    this.#child.stdin?.write(`${text}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.#child.kill(signal);
  }

  /** Kills the process and all that it started. */
  killGroup(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }

  /** Ends the process: `signal` first, SIGKILL after `graceMs`. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 4000): Promise<ProcessExit> {
    this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    const exit = await this.exited;
    clearTimeout(timer);
    this.killGroup();
    return exit;
  }

  lastLine(): string {
    return this.#output.trimEnd().split('\n').at(-1) ?? '';
  }

  #wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  #change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiters.add(done);
    });
  }
}

/** Runs a tool to its end. @throws ProcessError when it fails, with its last line. */
export async function runTool(options: ProcessOptions, timeoutMs = 60_000): Promise<string> {
  const tool = ManagedProcess.start(options);
  const timer = setTimeout(() => tool.signal('SIGKILL'), timeoutMs);
  const exit = await tool.exited;
  clearTimeout(timer);
  if (exit.code !== 0) {
    throw new ProcessError(
      `${options.name} failed (${describeExit(exit)}): ${tool.lastLine()} (log: ${options.logPath})`,
    );
  }
  return tool.output;
}

export function describeExit(exit: ProcessExit | undefined): string {
  if (!exit) return 'running';
  return exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code}`;
}

let realtimeAllowed: boolean | undefined;

/** Whether this machine lets us: some containers do not even root. */
function mayBeRealtime(): boolean {
  realtimeAllowed ??= spawnSync('chrt', ['--rr', '5', 'true']).status === 0;
  return realtimeAllowed;
}

function installCleanup(): void {
  if (cleanupInstalled) return;
  cleanupInstalled = true;
  process.on('exit', () => {
    for (const child of living) child.killGroup();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
  }
}
