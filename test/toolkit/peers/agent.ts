import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess } from '../process/process';
import { acceptsMs, readyMs } from '../process/sip-probe';
import type { NodeSettings } from './board-node';

export interface AgentOptions {
  readonly folder: string;
  readonly name: string;
  readonly sipPort: number;
  readonly controlPort: number;
  readonly rtpPorts: readonly [number, number];
  /** Socket of the stand-in; none means a plain telephone without a camera link. */
  readonly cameraSocket?: string;
  /** Whole sections of the configuration, in place of those made here. */
  readonly sections?: Readonly<Record<string, unknown>>;
  /** Sections of `media`, in place of those made here. */
  readonly media?: Readonly<Record<string, unknown>>;
  readonly autoAnswer?: boolean;
  /** Speaks TCP alone; default: UDP alone. */
  readonly tcp?: boolean;
  /** How Node runs it; default: as it is. */
  readonly node?: NodeSettings | undefined;
  /** The program and its words that run node, as `unshare --mount ...`; default: none. */
  readonly runBy?: readonly string[];
  /** A module that node loads first. */
  readonly require?: string;
}

const PROGRAM = 'dist/dashvoip.cjs';

/** What a `dashvoip` command left behind. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The agent under test, run from the bundle and driven by its own command. */
export class Agent {
  readonly uri: string;
  readonly process: ManagedProcess;
  readonly controlPort: number;
  readonly configPath: string;
  /** From the start of the process to the first answer at its SIP port. */
  readonly readyMs: number;

  private constructor(options: AgentOptions, child: ManagedProcess, ready: number) {
    this.uri = `sip:camera@127.0.0.1:${options.sipPort}${options.tcp ? ';transport=tcp' : ''}`;
    this.process = child;
    this.controlPort = options.controlPort;
    this.configPath = configPath(options);
    this.readyMs = ready;
  }

  static async start(options: AgentOptions): Promise<Agent> {
    const child = Agent.launch(options);
    const probe = options.tcp ? acceptsMs : readyMs;
    const ready = await child.whileRunning(probe(options.sipPort, child.startedAt));
    return new Agent(options, child, ready);
  }

  /** Starts the process and waits for nothing. */
  static launch(options: AgentOptions): ManagedProcess {
    writeFileSync(configPath(options), `${JSON.stringify(configuration(options), undefined, 2)}\n`);
    const [command = process.execPath, ...runner] = [...(options.runBy ?? []), process.execPath];
    return ManagedProcess.start({
      name: `agent ${options.name}`,
      command,
      args: [
        ...runner,
        ...(options.node?.flags ?? []),
        ...(options.require === undefined ? [] : ['--require', options.require]),
        ...[PROGRAM, 'run', '--config', configPath(options)],
      ],
      logPath: join(options.folder, `${options.name}.log`),
      env: { H22_SIM_SOCKET: options.cameraSocket ?? '/nonexistent', ...options.node?.env },
    });
  }

  /** Runs `dashvoip ARGS --control ...` as a user would. */
  run(...args: string[]): Promise<CommandResult> {
    return dashvoip(...args, '--control', `127.0.0.1:${this.controlPort}`);
  }

  /** Runs a command with `--json`. @throws Error when it fails, with its words. */
  async json(...args: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) {
      throw new Error(`dashvoip ${args.join(' ')}: exit code ${code}: ${stdout}${stderr}`.trim());
    }
    const answer: unknown = JSON.parse(stdout);
    return answer;
  }

  call(uri: string): Promise<unknown> {
    return this.json('call', uri);
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

/** Runs the `dashvoip` command to its end. */
export function dashvoip(...args: string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
      resolve({ code, stdout, stderr });
    });
  });
}

function configPath({ folder, name }: AgentOptions): string {
  return join(folder, `${name}.json`);
}

function configuration(options: AgentOptions): object {
  const camera = options.cameraSocket !== undefined;
  return {
    sip: {
      address: '127.0.0.1',
      port: options.sipPort,
      ...(options.tcp ? { transports: ['tcp'] } : {}),
    },
    media: {
      microphone: { kind: camera ? 'camera' : 'null' },
      speaker: { kind: camera ? 'camera' : 'null' },
      video: camera ? 'camera' : 'none',
      rtpPorts: options.rtpPorts,
      ...options.media,
    },
    camera: { link: camera ? 'netfifo' : 'none' },
    control: { address: '127.0.0.1', port: options.controlPort },
    policy: { autoAnswer: options.autoAnswer ?? true },
    log: { level: 'info' },
    ...options.sections,
  };
}
