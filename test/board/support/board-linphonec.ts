import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linphonerc } from '../../toolkit/peers/linphonec';
import { BOARD_ADDRESS, type Board } from './board';
import { HOST_ADDRESS } from './network';

const COMMANDS = '/tmp/linphonec-commands';

/** Debian's linphonec on a board, with whatever sound card it finds there. */
export class BoardLinphonec {
  readonly #board: Board;

  private constructor(board: Board) {
    this.#board = board;
  }

  static async start(board: Board): Promise<BoardLinphonec> {
    const settings = { name: 'linphonec', sipPort: 5062, audioPort: 17078, videoPort: 19078 };
    writeFileSync(
      join(board.share, 'linphonerc'),
      linphonerc({ ...settings, address: BOARD_ADDRESS }),
    );
    const home = '/tmp/linphonec';
    // It learns its own address from the way to the Internet.
    await board.sh(`ip route add default via ${HOST_ADDRESS} 2>/dev/null || true`);
    await board.sh(
      `mkdir -p ${home}/.local/share/linphone ${home}/.config/linphone; cp linphonerc ${home}; : >${COMMANDS}`,
    );
    await board.start(
      `sh -c "tail -f ${COMMANDS} | HOME=${home} linphonec -c ${home}/linphonerc -d 0 -l /dev/null"`,
      '/project/linphonec.log',
    );
    await board.sh(
      `for i in $(seq 300); do grep -q "linphonec>" linphonec.log && exit 0; sleep 0.1; done; cat linphonec.log; exit 1`,
    );
    return new BoardLinphonec(board);
  }

  async dial(uri: string): Promise<void> {
    await this.#say(`call ${uri}`);
  }

  async stop(): Promise<void> {
    await this.#say('terminate');
    await this.#board.sh('sleep 2');
    await this.#say('quit');
    await this.#board.sh('sleep 2; killall linphonec tail 2>/dev/null; true');
  }

  async #say(command: string): Promise<void> {
    await this.#board.sh(`echo "${command}" >>${COMMANDS}`);
  }
}
