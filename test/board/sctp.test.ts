// Shows RFC 4168.

import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOARD_ADDRESS, type Board } from './support/board';
import { type BoardAgent, NODE } from './support/board-agent';
import { BoardStage } from './support/stage';

const PATIENCE_MS = 240_000;
const MODULE = 'dashvoip-sctp.node';
const MEDIA = {
  camera: { link: 'none' },
  media: { microphone: { kind: 'null' }, speaker: { kind: 'null' }, video: 'none' },
};
const SIP = { transports: ['udp', 'sctp'] };

/** The kernel's own SCTP, and sipp, which speaks SIP over it; both ends are on the board. */
describe('SIP over SCTP on the amd64 board', () => {
  let stage: BoardStage;
  let board: Board;
  let agent: BoardAgent;

  /** Runs sipp to its end. */
  const sipp = (...words: string[]): Promise<string> =>
    board.sh(
      `TERM=dumb sipp ${words.join(' ')} -t s1 -i ${BOARD_ADDRESS} -nostdin -timeout 60 -timeout_error -trace_msg -message_file sipp.msg`,
      PATIENCE_MS,
    );
  const sent = (): string => readFileSync(join(stage.share, 'sipp.msg'), 'utf8');
  const counter = async (name: string): Promise<number> =>
    Number(await board.sh(`awk '$1 == "${name}" { print $2 }' /proc/net/sctp/snmp`));

  beforeAll(async () => {
    stage = BoardStage.open('sctp', 'amd64');
    copyFileSync(join('dist', MODULE), join(stage.share, MODULE));
    board = await stage.boot();
  }, PATIENCE_MS);

  afterAll(() => stage?.close());

  it('is refused in one line where the kernel has none', async () => {
    await board.sh(
      `echo '${JSON.stringify({ sip: SIP, ...MEDIA, log: { level: 'error' } })}' >refused.json`,
    );
    const { code, output } = await board.try(`${NODE} dashvoip.cjs run --config refused.json`);
    expect(output).toBe(
      'dashvoip: sip.transports names "sctp": expected a kernel that has it, found none (EPROTONOSUPPORT); load its module ("modprobe sctp"), or build the kernel with CONFIG_IP_SCTP, or take "sctp" out of the list\n',
    );
    expect(code).toBe(1);
  });

  it(
    'takes calls, and answers over the association that they came by',
    async () => {
      await board.sh('insmod /lib/board/m/sctp.ko');
      agent = await stage.agent(board, { sections: { sip: SIP, ...MEDIA } });
      await sipp('-sn uac', '-p 5070 -m 3 -l 1 -d 500', `${BOARD_ADDRESS}:5060`);
      expect(sent()).toMatch(/^Contact: <sip:[^>]*;transport=sctp>/m);
      expect(await counter('SctpPassiveEstabs')).toBe(1);
      await agent.until('no call', ({ calls }) => calls.length === 0);
    },
    PATIENCE_MS,
  );

  it(
    'calls who is named with it, and sends each message unordered',
    async () => {
      const answering = sipp('-sn uas', '-p 5072 -m 1');
      await agent.json('call', `sip:sipp@${BOARD_ADDRESS}:5072;transport=sctp`);
      await agent.until('a call', ({ calls }) => calls[0]?.state === 'active');
      await agent.json('hangup');
      await answering;
      expect(sent()).toMatch(/^Via: SIP\/2\.0\/SCTP 10\.9\.0\.10:5060/m);
      // Sipp sends so, too.
      expect(await counter('SctpOutUnorderChunks')).toBeGreaterThan(6);
      expect(await counter('SctpOutOrderChunks')).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    'says that nobody is there, by the transport that was named',
    async () => {
      await agent.json('call', `sip:nobody@${BOARD_ADDRESS}:5074;transport=sctp`);
      await agent.until('no call', ({ calls }) => calls.length === 0);
      await agent.stop();
      expect(readFileSync(join(stage.share, 'agent.log'), 'utf8')).toMatch(
        /ended="failed \(503 connection with 10\.9\.0\.10:5074: connect ECONNREFUSED/,
      );
    },
    PATIENCE_MS,
  );
});
