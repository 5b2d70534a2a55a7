import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AgentCall, type AgentStatus, parseStatus } from '../../toolkit/peers/agent-status';
import { BOARD_NODE, boardNodeCommand } from '../../toolkit/peers/board-node';
import { waitUntil } from '../../toolkit/process/wait';
import { BOARD_ADDRESS, type Board } from './board';
import type { BoardNetwork } from './network';

export interface BoardAgentOptions {
  /** Sections of the configuration, in place of those made here. */
  readonly sections: Readonly<Record<string, unknown>>;
  /** What stands before `dashvoip.cjs run`; default: the board's node with a camera's heap. */
  readonly node?: string;
}

const CONTROL_PORT = 8778;
export const CAMERA_SOCKET = '/tmp/camera.sock';
export const NODE = boardNodeCommand(BOARD_NODE);
/** Software emulation is slow, and the machine shared. */
const PATIENCE_MS = 60_000;
/** Each question takes the board a while, too. */
const POLL_MS = 1000;

/**
 * Starts the RTOS stand-in on the board: H.264 and PCM, and a speaker that writes what it plays. Its rings are small,
 * because on a camera they lie in memory that Linux never sees; it runs before all else that is not real-time, because
 * there the RTOS has processors of its own.
 */
export async function startCamera(board: Board): Promise<number> {
  const pid = await board.start(
    `./h22-rtos-sim --socket ${CAMERA_SOCKET} --video camera-small.h264 --fps 15 --audio voice.wav \
--speaker-out /project/camera-played.wav --stream-in pcm --stream-in-ring 262144 --ring-size 524288 \
--audio-ring-size 262144`,
    '/project/camera.log',
  );
  await board.sh(
    `for i in $(seq 100); do grep -q ready camera.log && exit 0; sleep 0.1; done; cat camera.log; exit 1`,
  );
  // A thread each: the sound's is another one than the commands'.
  await board.sh(`for task in /proc/${pid}/task/*; do renice -n -20 -p \${task##*/}; done`);
  return pid;
}

/** Shared with an agent on a board, which serves no other machine without. */
export const CONTROL_KEY = 'of the virtual boards alone';
const KEY_FILE = resolve('build/test/board-key');

/** The agent on a board, driven from this machine over the bridge by its own command. */
export class BoardAgent {
  readonly pid: number;
  readonly uri = `sip:camera@${BOARD_ADDRESS}`;
  readonly #network: BoardNetwork;
  readonly #board: Board;

  private constructor(board: Board, network: BoardNetwork, pid: number) {
    this.#board = board;
    this.#network = network;
    this.pid = pid;
  }

  static async start(
    board: Board,
    network: BoardNetwork,
    options: BoardAgentOptions,
  ): Promise<BoardAgent> {
    const config = {
      control: { address: BOARD_ADDRESS, port: CONTROL_PORT, key: CONTROL_KEY },
      policy: { autoAnswer: true, autoAnswerFrom: ['10.9.0.0/24'] },
      ...options.sections,
    };
    writeFileSync(join(board.share, 'agent.json'), `${JSON.stringify(config, undefined, 2)}\n`);
    const pid = await board.start(
      `H22_SIM_SOCKET=${CAMERA_SOCKET} ${options.node ?? NODE} dashvoip.cjs run --config agent.json`,
      '/project/agent.log',
    );
    const agent = new BoardAgent(board, network, pid);
    await agent.until('the agent on the board', () => true);
    return agent;
  }

  /** The agent that something else started on the board. */
  static async attach(board: Board, network: BoardNetwork): Promise<BoardAgent> {
    const { pid } = await new BoardAgent(board, network, 0).until('an agent', () => true);
    return new BoardAgent(board, network, pid);
  }

  async status(): Promise<AgentStatus> {
    return parseStatus(await this.json('status'));
  }

  /** Runs `dashvoip ARGS --json` on this machine for the agent there. @throws Error with its words. */
  async json(...args: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.#command(...args);
    if (code !== 0) throw new Error(`dashvoip ${args.join(' ')}: ${stdout}${stderr}`.trim());
    const answer: unknown = JSON.parse(stdout);
    return answer;
  }

  /** Waits until a status is as wanted, and gives it. */
  async until(
    what: string,
    wanted: (status: AgentStatus) => boolean,
    timeoutMs = PATIENCE_MS,
  ): Promise<AgentStatus> {
    let last: unknown;
    const wait = waitUntil(
      what,
      async () => {
        // An emulated board may be too slow for one answer; it must not be for all of them.
        const status = await this.status().catch((error: unknown) => {
          last = String(error);
        });
        last = status ?? last;
        return status && wanted(status) ? status : undefined;
      },
      timeoutMs,
      POLL_MS,
    );
    return wait.catch((error: Error) => {
      throw new Error(`${error.message}; last status: ${JSON.stringify(last)}`);
    });
  }

  /** Waits until sound has come in on an active call. */
  async untilTalking(): Promise<AgentCall> {
    const talks = (call: AgentCall | undefined): boolean =>
      call?.state === 'active' && (call.media?.audio?.received.packets ?? 0) >= 25;
    const status = await this.until('a call with sound', ({ calls }) => talks(calls[0]));
    const [call] = status.calls;
    if (!call) throw new Error('the call went while it was looked at');
    return call;
  }

  privateDirtyMb(): Promise<number> {
    return this.#board.privateDirtyMb(this.pid);
  }

  /** Asks it to end and waits until it has. */
  async stop(): Promise<void> {
    await this.#board.sh(
      `kill ${this.pid}; for i in $(seq 100); do kill -0 ${this.pid} 2>/dev/null || exit 0; sleep 0.1; done; exit 1`,
    );
  }

  #command(...args: string[]): ReturnType<BoardNetwork['run']> {
    writeFileSync(KEY_FILE, `${CONTROL_KEY}\n`, { mode: 0o600 });
    const place = ['--control', `${BOARD_ADDRESS}:${CONTROL_PORT}`, '--key', KEY_FILE];
    return this.#network.run(process.execPath, ['dist/dashvoip.cjs', ...args, '--json', ...place]);
  }
}
