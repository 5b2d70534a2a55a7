import { join } from 'node:path';
import { ProcessError, runTool } from '../../../test/toolkit/process/process';

const SOURCE = 'native/bench/wire_floor.cc';

/**
 * What the least of all telephones costs on this machine: a thread that wakes every 20 ms, sends one packet, takes
 * one, and does nothing else. No contestant can be below it, so it tells what of a figure is the machine's.
 */
export class WireFloor {
  readonly #program: string;
  readonly #folder: string;

  private constructor(program: string, folder: string) {
    this.#program = program;
    this.#folder = folder;
  }

  static async build(folder: string): Promise<WireFloor> {
    const program = join(folder, 'wire-floor');
    await runTool({
      name: 'c++ (wire-floor)',
      command: 'c++',
      args: ['-std=c++14', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program, SOURCE],
      logPath: join(folder, 'wire-floor-build.log'),
    });
    return new WireFloor(program, folder);
  }

  /** Per cent of a core, over `seconds`. */
  async cpuPercent(seconds: number): Promise<number> {
    const output = await runTool({
      name: 'wire-floor',
      command: this.#program,
      args: [String(seconds)],
      logPath: join(this.#folder, 'wire-floor.log'),
    });
    const percent = Number(output.trim());
    if (!(percent > 0)) throw new ProcessError(`wire-floor: expected per cent, found "${output}"`);
    return percent;
  }
}
