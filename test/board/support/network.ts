import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Datagram, readPcap } from '../../toolkit/measure/pcap';
import { ManagedProcess, ProcessError } from '../../toolkit/process/process';
import { sleep } from '../../toolkit/process/wait';

/** Where phones and registrar sit: the bridge's own address. */
export const HOST_ADDRESS = '10.9.0.1';
const PREFIX = 'dashvoip-';
/** tcpdump hands packets over once a second at the latest. */
const FLUSH_MS = 1200;

/** What a tool left behind. */
export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A network namespace with a bridge, made by `board/vboard/net`: boards on its taps, phones on the bridge. */
export class BoardNetwork {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  static open(): BoardNetwork {
    removeOrphans();
    const name = `${PREFIX}${process.pid}`;
    execFileSync('board/vboard/net', ['up', name]);
    return new BoardNetwork(name);
  }

  /** Command and arguments that run `command` inside. */
  inside(command: string, ...args: string[]): { command: string; args: string[] } {
    return { command: 'ip', args: ['netns', 'exec', this.name, command, ...args] };
  }

  /** Runs a tool inside to its end, with `input` on its standard input. */
  run(
    tool: string,
    toolArgs: readonly string[],
    options: { readonly input?: string; readonly timeoutMs?: number } = {},
  ): Promise<ToolResult> {
    const { command, args } = this.inside(tool, ...toolArgs);
    const timeout = options.timeoutMs ?? 60_000;
    return new Promise((resolve) => {
      const child = execFile(command, args, { timeout }, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
        resolve({ code, stdout, stderr });
      });
      child.stdin?.end(options.input ?? '');
    });
  }

  /** Runs `scene` under a capture of the bridge, and gives the datagrams and what the scene gave. */
  async captured<Value>(
    folder: string,
    scene: () => Promise<Value>,
  ): Promise<{ datagrams: Datagram[]; value: Value }> {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'capture.pcap');
    const tcpdump = ManagedProcess.start({
      name: 'tcpdump',
      ...this.inside(
        ...(['tcpdump', '-i', 'br0', '-n', '--time-stamp-precision=nano', '-B', '16384'] as const),
        ...['-s', '0', '-w', '-', 'udp'],
      ),
      logPath: join(folder, 'tcpdump.log'),
      stdoutPath: path,
    });
    await tcpdump.waitFor(/listening on br0/);
    const value = await scene();
    await sleep(FLUSH_MS);
    await tcpdump.stop('SIGINT');
    const dropped = tcpdump.output.match(/(\d+) packets dropped by kernel/)?.[1];
    if (dropped !== '0')
      throw new ProcessError(`tcpdump lost ${dropped ?? 'an unknown number of'} packets`);
    return { datagrams: readPcap(path), value };
  }

  close(): void {
    execFileSync('board/vboard/net', ['down', this.name]);
  }
}

/** Namespaces of runs that were killed. */
function removeOrphans(): void {
  const names = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const [, name, pid] of names.matchAll(/^(dashvoip-(\d+))\b/gm)) {
    if (name !== undefined && !isRunning(Number(pid)))
      execFileSync('board/vboard/net', ['down', name]);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
