import { join } from 'node:path';
import { describeExit, ManagedProcess } from '../../../test/toolkit/process/process';
import { Progress } from '../terminal';

/** How many tests and checks went how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names of tests that failed first and passed when tried again. */
  readonly secondTries: readonly string[];
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0, secondTries: [] };

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (total, tally) => ({
      passed: total.passed + tally.passed,
      failed: total.failed + tally.failed,
      skipped: total.skipped + tally.skipped,
      secondTries: [...total.secondTries, ...tally.secondTries],
    }),
    NOTHING,
  );
}

export interface Command {
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMinutes?: number;
}

export interface Outcome {
  readonly ok: boolean;
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly exit: string;
  readonly output: string;
  readonly logPath: string;
}

/** Without a terminal, a sign of life this often. */
const HEARTBEAT_SECONDS = 30;
const SHOWN_LINES = 40;

/** Runs commands one after the other, tells how they go and keeps their logs. */
export class Checker {
  readonly #progress = new Progress();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs a command to its end; `describe` makes the words after its label from its outcome. */
  async run(command: Command, describe: (outcome: Outcome) => string): Promise<Outcome> {
    const { label } = command;
    const logPath = join(this.#folder, `${label.replaceAll(/[^\w-]+/g, '-')}.log`);
    const child = ManagedProcess.start({
      name: label,
      command: command.command,
      args: command.args,
      logPath,
      ...(command.env ? { env: command.env } : {}),
    });
    let beats = 0;
    const ticker = setInterval(() => {
      const text = `${label}: ${seconds(child)} s  ${child.lastLine().slice(0, 90)}`;
      this.#progress.update(text);
      beats += 1;
      if (beats % HEARTBEAT_SECONDS === 0 && !process.stderr.isTTY)
        this.#progress.step(`  ${text}`);
    }, 1000);
    const limit = setTimeout(
      () => child.signal('SIGKILL'),
      (command.timeoutMinutes ?? 10) * 60_000,
    );
    const exit = await child.exited;
    clearInterval(ticker);
    clearTimeout(limit);
    const outcome: Outcome = {
      ok: exit.code === 0,
      code: exit.code,
      exit: describeExit(exit),
      output: child.output,
      logPath,
    };
    this.#progress.step(`${label}: ${describe(outcome)} (${seconds(child)} s)`);
    return outcome;
  }

  /** A command that passes or fails as a whole: one check. */
  async check(command: Command): Promise<Tally> {
    const outcome = await this.run(command, ({ ok, exit }) => (ok ? 'passed' : `FAILED, ${exit}`));
    if (!outcome.ok) this.showEnd(outcome);
    return outcome.ok ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
  }

  /** The last lines of a log, for a failure. */
  showEnd(outcome: Outcome): void {
    const lines = outcome.output.trimEnd().split('\n').slice(-SHOWN_LINES);
    this.#progress.step(
      `${lines.map((line) => `    ${line}`).join('\n')}\n    log: ${outcome.logPath}`,
    );
  }

  say(text: string): void {
    this.#progress.step(text);
  }
}

function seconds(child: ManagedProcess): string {
  return ((performance.now() - child.startedAt) / 1000).toFixed(1);
}
