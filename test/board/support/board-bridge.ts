import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { sleep } from '../../toolkit/process/wait';
import type { Board } from './board';
import { CAMERA_SOCKET, NODE } from './board-agent';

const Count = v.pipe(v.number(), v.minValue(0));
const Device = v.object({ open: v.boolean(), underruns: Count, overruns: Count, reopens: Count });

/** One line of `dashvoip bridge --json`, as far as it is judged. */
const Report = v.object({
  uptimeS: Count,
  recording: v.boolean(),
  playing: v.boolean(),
  camera: v.object({ state: v.string(), slowestRpcUs: Count }),
  cameraMicrophone: Device,
  cameraSpeaker: Device,
  capture: Device,
  playback: Device,
  toCardMs: Count,
  toCameraMs: Count,
  skippedSlots: Count,
  problems: v.array(v.string()),
});
export type BridgeReport = v.InferOutput<typeof Report>;

const LOG = 'bridge.log';

/** `dashvoip bridge` on a board, with the sound card's configuration of board/h22. */
export class BoardBridge {
  readonly #board: Board;
  readonly #pid: number;

  private constructor(board: Board, pid: number) {
    this.#board = board;
    this.#pid = pid;
  }

  static async start(board: Board): Promise<BoardBridge> {
    copyFileSync('board/h22/rootfs-overlay/etc/asound.conf', join(board.share, 'asound.conf'));
    await board.sh('cp asound.conf /etc/');
    const pid = await board.start(
      `H22_SIM_SOCKET=${CAMERA_SOCKET} ${NODE} dashvoip.cjs bridge --json`,
      `/project/${LOG}`,
    );
    const bridge = new BoardBridge(board, pid);
    await bridge.until(({ problems }) => problems.length === 0);
    return bridge;
  }

  /** What it has reported so far, one in five seconds. */
  reports(): BridgeReport[] {
    return readFileSync(join(this.#board.share, LOG), 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => v.parse(Report, JSON.parse(line)));
  }

  /** Waits for a report that is as wanted, and gives it. */
  async until(
    wanted: (report: BridgeReport) => boolean,
    patienceMs = 60_000,
  ): Promise<BridgeReport> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const last = this.reports().at(-1);
      if (last && wanted(last)) return last;
      if (performance.now() > deadline) {
        throw new Error(
          `the bridge did not come to what was wanted; last: ${JSON.stringify(last)}`,
        );
      }
      await sleep(500);
    }
  }

  /** Ends it. @returns its last report. */
  async stop(): Promise<BridgeReport> {
    await this.#board.sh(
      `kill ${this.#pid}; for i in $(seq 100); do kill -0 ${this.#pid} 2>/dev/null || exit 0; sleep 0.1; done; exit 1`,
    );
    const last = this.reports().at(-1);
    if (!last) throw new Error('the bridge said nothing');
    return last;
  }
}
