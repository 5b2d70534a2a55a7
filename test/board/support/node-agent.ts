import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentStatus, parseStatus } from '../../toolkit/peers/agent-status';
import { ManagedProcess } from '../../toolkit/process/process';
import { waitUntil } from '../../toolkit/process/wait';

export interface NodeAgentOptions {
  readonly name: string;
  /** Folder with `dashvoip.cjs` and the addon. */
  readonly program: string;
  /** Folder for its configuration and log. */
  readonly folder: string;
  /** What runs a script: a Node executable, or an emulator and what it needs, with arguments. */
  readonly node: readonly [string, ...string[]];
  readonly controlPort: number;
  readonly config: Readonly<Record<string, unknown>>;
}

const PATIENCE_MS = 60_000;

/** An agent on 127.0.0.1 under a Node of the caller's choice, driven by its own command under the same Node. */
export class NodeAgent {
  readonly process: ManagedProcess;
  readonly #options: NodeAgentOptions;

  private constructor(options: NodeAgentOptions, child: ManagedProcess) {
    this.#options = options;
    this.process = child;
  }

  static async start(options: NodeAgentOptions): Promise<NodeAgent> {
    const { name, folder, program, controlPort } = options;
    const config = join(folder, `${name}.json`);
    const control = { address: '127.0.0.1', port: controlPort };
    writeFileSync(config, JSON.stringify({ ...options.config, control }));
    const [command, ...args] = options.node;
    const child = ManagedProcess.start({
      name,
      command,
      args: [...args, join(program, 'dashvoip.cjs'), 'run', '--config', config],
      logPath: join(folder, `${name}.log`),
    });
    const agent = new NodeAgent(options, child);
    const up = async (): Promise<boolean> => (await agent.#run('status')).ok;
    await child.whileRunning(waitUntil(`agent ${name}`, up, PATIENCE_MS, 200));
    return agent;
  }

  async json(...args: string[]): Promise<unknown> {
    const { ok, output } = await this.#run(...args);
    if (!ok) throw new Error(`dashvoip ${args.join(' ')}: ${output}`);
    const answer: unknown = JSON.parse(output);
    return answer;
  }

  async status(): Promise<AgentStatus> {
    return parseStatus(await this.json('status'));
  }

  async until(what: string, wanted: (status: AgentStatus) => boolean): Promise<AgentStatus> {
    return waitUntil(
      what,
      async () => {
        const status = await this.status();
        return wanted(status) ? status : undefined;
      },
      PATIENCE_MS,
      200,
    );
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  #run(...args: string[]): Promise<{ ok: boolean; output: string }> {
    const { node, program, controlPort } = this.#options;
    const control = ['--json', '--control', `127.0.0.1:${controlPort}`];
    return runScript(node, [join(program, 'dashvoip.cjs'), ...args, ...control]);
  }
}

/** Runs a script to its end. */
export function runScript(
  [command, ...before]: readonly [string, ...string[]],
  args: readonly string[],
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile(command, [...before, ...args], { timeout: PATIENCE_MS }, (error, stdout, stderr) => {
      resolve({
        ok: error === null,
        output: error ? `${stdout}${stderr}${error.message}` : stdout,
      });
    });
  });
}
