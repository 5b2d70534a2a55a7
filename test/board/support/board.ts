import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess, ProcessError } from '../../toolkit/process/process';
import { waitUntil } from '../../toolkit/process/wait';
import type { BoardNetwork } from './network';

export type Architecture = 'amd64' | 'arm64';

export interface BoardOptions {
  readonly architecture: Architecture;
  readonly network: BoardNetwork;
  /** Folder of this machine that the board sees as /project. */
  readonly share: string;
  /** Folder for the console's log. */
  readonly logs: string;
  readonly cpus?: number;
  readonly memoryMb?: number;
  /** Arguments of the module snd-aloop. */
  readonly aloop?: string;
  /** Image of a second disk. */
  readonly disk?: string;
}

export const BOARD_ADDRESS = '10.9.0.10';
const SHELL_PORT = 23;
const BOOT_MS = 90_000;
const SHELL_MS = 60_000;

/** What one command on the board left behind; both outputs in one. */
export interface BoardResult {
  readonly code: number;
  readonly output: string;
}

/** A running virtual board with a shell at hand. */
export class Board {
  readonly architecture: Architecture;
  readonly share: string;
  readonly #network: BoardNetwork;
  readonly #process: ManagedProcess;

  private constructor(options: BoardOptions, child: ManagedProcess) {
    this.architecture = options.architecture;
    this.share = options.share;
    this.#network = options.network;
    this.#process = child;
  }

  /** Boots it; returns when its shell answers. @throws ProcessError with the console's tail. */
  static async boot(options: BoardOptions): Promise<Board> {
    const { architecture, network, share, logs } = options;
    const child = ManagedProcess.start({
      name: `board ${architecture}`,
      ...network.inside(
        ...(['board/vboard/run', architecture, '-s', share] as const),
        ...['-n', 'tap0', '-i', `${BOARD_ADDRESS}/24`, '-t', '3600'],
        ...['-c', String(options.cpus ?? 2), '-m', String(options.memoryMb ?? 512)],
        ...(options.aloop === undefined ? [] : ['-a', options.aloop]),
        ...(options.disk === undefined ? [] : ['-b', options.disk]),
        ...['-l', join(logs, 'console.log')],
        ...['--', `nc -ll -p ${SHELL_PORT} -e /bin/sh`],
      ),
      logPath: join(logs, `board-${architecture}.log`),
      realtime: true,
    });
    const board = new Board(options, child);
    const answers = async (): Promise<boolean> => (await board.try('true', 2000)).code === 0;
    await child.whileRunning(waitUntil('the board’s shell', answers, BOOT_MS, 500));
    return board;
  }

  /** Runs a command in /project; does not mind how it ends. */
  async try(command: string, timeoutMs = SHELL_MS): Promise<BoardResult> {
    const input = `exec 2>&1; cd /project\n(\n${command}\n)\necho "exit code $?"\nexit\n`;
    const { stdout } = await this.#network.run(
      'bash',
      ['-c', `exec 3<>/dev/tcp/${BOARD_ADDRESS}/${SHELL_PORT} && cat >&3 && cat <&3`],
      { input, timeoutMs },
    );
    const end = stdout.match(/^exit code (\d+)\n?$/m);
    return { code: Number(end?.[1] ?? 255), output: end ? stdout.slice(0, end.index) : stdout };
  }

  /** Runs a command that must end well. @throws ProcessError with what it said. */
  async sh(command: string, timeoutMs?: number): Promise<string> {
    const { code, output } = await this.try(command, timeoutMs);
    if (code === 0) return output;
    throw new ProcessError(`on the board, exit code ${code}: ${command}\n${output}`);
  }

  /** Starts a program that goes on; its outputs are in `log`, a path on the board. @returns its process id there. */
  async start(command: string, log: string): Promise<number> {
    return Number(await this.sh(`${command} </dev/null >${log} 2>&1 &\necho $!`));
  }

  /** Private dirty memory of a process, MB of 10^6 bytes. */
  async privateDirtyMb(pid: number): Promise<number> {
    const kilobytes = await this.sh(
      `awk '/^Private_Dirty:/ { sum += $2 } END { print sum }' /proc/${pid}/smaps_rollup`,
    );
    return (Number(kilobytes) * 1024) / 1e6;
  }

  /** A line of /proc/meminfo, MB of 10^6 bytes. */
  async memoryMb(key: 'MemTotal' | 'MemAvailable' | 'MemFree'): Promise<number> {
    return (Number(await this.sh(`awk '/^${key}:/ { print $2 }' /proc/meminfo`)) * 1024) / 1e6;
  }

  async stop(): Promise<void> {
    if (this.#process.running) await this.try('sync; poweroff -f', 3000);
    await this.#process.stop();
  }
}

/** Where the agent's files for a board are built. */
export function builtFor(architecture: Architecture): string[] {
  const folder = architecture === 'amd64' ? 'dist' : 'build/vboard/arm64/dashvoip';
  const simulator =
    architecture === 'amd64' ? 'build/native/bin/h22-rtos-sim' : join(folder, 'h22-rtos-sim');
  const files = [
    ...['dashvoip.node', 'libnetfifo.so'].map((name) => join(folder, name)),
    ...[
      simulator,
      'dist/dashvoip.cjs',
      'dist/dashvoip-more.cjs',
      'dist/dashvoip-tls.cjs',
      'dist/dashvoip-probe.cjs',
      'dist/dashvoip-terminal.cjs',
    ],
  ];
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) {
    throw new Error(`missing: ${missing.join(', ')}; run scripts/test --only board`);
  }
  return files;
}

/** Makes the folder that a board shares afresh, with the agent's files in it. */
export function makeShare(share: string, architecture: Architecture): void {
  rmSync(share, { recursive: true, force: true });
  mkdirSync(share, { recursive: true });
  for (const file of builtFor(architecture)) {
    copyFileSync(file, join(share, file.slice(file.lastIndexOf('/') + 1)));
  }
}
