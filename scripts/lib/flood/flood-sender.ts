import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess, ProcessError, runTool } from '../../../test/toolkit/process/process';
import type { Flood } from './floods';

const SOURCE = 'native/bench/flood.cc';

/** The program that floods: cheap, so that what it costs is not what is measured. */
export class FloodSender {
  readonly #program: string;
  readonly #folder: string;

  private constructor(program: string, folder: string) {
    this.#program = program;
    this.#folder = folder;
  }

  static async build(folder: string): Promise<FloodSender> {
    const program = join(folder, 'flood');
    await runTool({
      name: 'c++ (flood)',
      command: 'c++',
      args: ['-std=c++14', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program, SOURCE],
      logPath: join(folder, 'flood-build.log'),
    });
    return new FloodSender(program, folder);
  }

  start(flood: Flood, port: number, seconds: number): RunningFlood {
    const path = join(this.#folder, 'flood.datagram');
    writeFileSync(path, flood.datagram, 'latin1');
    const forged = flood.forgedPort === undefined ? [] : [flood.forgedPort];
    const args = [port, flood.perSecond, seconds, flood.sources, ...forged].join(' ');
    const child = ManagedProcess.start({
      name: 'flood',
      command: 'sh',
      args: ['-c', `exec "${this.#program}" ${args} < "${path}"`],
      logPath: join(this.#folder, 'flood.log'),
    });
    return new RunningFlood(child);
  }
}

export class RunningFlood {
  readonly #child: ManagedProcess;

  constructor(child: ManagedProcess) {
    this.#child = child;
  }

  /** Datagrams sent. @throws ProcessError when it could not send. */
  async finished(): Promise<number> {
    const exit = await this.#child.exited;
    const sent = Number(this.#child.output.trim());
    if (exit.code !== 0) throw new ProcessError(`flood: ${this.#child.lastLine()}`);
    return sent;
  }
}
