import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from '../toolkit/process/wait';
import { BOARD_ADDRESS, type Board } from './support/board';
import { BoardAgent, CONTROL_KEY } from './support/board-agent';
import { BoardStage } from './support/stage';

const CARD = resolve('build/sdcard');
const SETTINGS = `${JSON.stringify({
  control: { address: BOARD_ADDRESS, key: CONTROL_KEY },
  media: { microphone: { kind: 'alsa', device: 'hw:Dummy' }, speaker: { kind: 'null' } },
  policy: { autoAnswer: true, autoAnswerFrom: ['10.9.0.0/24'] },
})}\n`;
const MOUNT = '/tmp/SD0';
const PATIENCE_MS = 240_000;

/** The board as the camera is: one processor, 96 MB, a root that cannot be written and has no Node. */
describe('the SD card, on the arm64 board', () => {
  let stage: BoardStage;
  let board: Board;
  let agent: BoardAgent;
  let image: string;

  beforeAll(async () => {
    stage = BoardStage.open('sdcard', 'arm64');
    image = makeImage(stage.folder);
    board = await stage.boot({ cpus: 1, memoryMb: 96, disk: image });
    await board.sh(
      'rm /usr/bin/node; rm -rf /usr/share/alsa; mkdir -p /var/log; touch /var/log/messages',
    );
    await board.sh('syslogd -O /tmp/messages; mount -o remount,ro /');
    await board.sh(`mkdir ${MOUNT} && mount -t vfat /dev/vdb ${MOUNT}`);
  }, PATIENCE_MS);

  afterAll(() => stage?.close());

  it('starts the agent with its own Node and C library', async () => {
    // Standing in for S99bootdone, which runs it when it can be executed.
    await board.sh(`[ -x ${MOUNT}/bootup.sh ] && ${MOUNT}/bootup.sh`);
    agent = await BoardAgent.attach(board, stage.network);
    const status = await agent.status();
    expect(status).toMatchObject({
      engine: { microphone: { kind: 'alsa', open: true, error: '' }, camera: { state: 'absent' } },
    });
    const maps = await board.sh(`cat /proc/${status.pid}/maps`);
    for (const part of ['runtime/node.bin', 'runtime/lib/libc.so.6', 'dashvoip.node']) {
      expect(maps).toContain(`${MOUNT}/dashvoip/${part}`);
    }
    expect(maps).not.toMatch(/ \/(usr\/)?lib\//);
  });

  it('answers a call', async () => {
    const phone = await stage.phone('phone', 60, { dials: agent.uri });
    await agent.untilTalking();
    await agent.json('hangup');
    await agent.until('no call', ({ calls }) => calls.length === 0);
    await phone.stop();
  });

  it('has its command at hand', async () => {
    await board.sh(`echo '${CONTROL_KEY}' >/tmp/key`);
    const said = await board.sh(
      `${MOUNT}/dashvoip/dashvoip.sh status --control ${BOARD_ADDRESS}:8778 --key /tmp/key`,
    );
    expect(said).toMatch(/^dashvoip \d/);
  });

  it('may be pulled: no setting is lost, and the agent is back when the card is', async () => {
    const { pid } = await agent.status();
    await board.sh(
      'echo 1 >/sys/bus/pci/devices/0000:00:1c.0/remove; echo 3 >/proc/sys/vm/drop_caches',
    );
    await sleep(5000);
    expect(await board.sh('cat /tmp/dashvoip.json')).toBe(SETTINGS);
    // Either is right, one that lives and is deaf is not: who needs a page that is gone is ended by the kernel.
    const answers = (await agent.status().catch(() => undefined))?.pid === pid;
    const lives = (await board.try(`kill -0 ${pid}`)).code === 0;
    console.info(`card pulled: the agent ${lives ? 'lives' : 'was ended by the kernel'}`);
    expect(lives).toBe(answers);
    await board.sh(
      `umount -l ${MOUNT}; echo 1 >/sys/bus/pci/rescan; sleep 1; mount -t vfat /dev/vd[b-z] ${MOUNT}`,
    );
    if (lives) await board.sh(`kill -KILL ${pid}`);
    const back = await agent.until('another agent', (status) => status.pid !== pid, 120_000);
    expect(back).toMatchObject({ engine: { microphone: { kind: 'alsa', open: true } } });
  });

  it('was written nothing', async () => {
    await board.sh(`${MOUNT}/bootup.sh stop && umount ${MOUNT}`);
    await board.stop();
    const copy = join(stage.folder, 'after');
    mkdirSync(copy);
    execFileSync('mcopy', ['-s', '-i', image, '::*', copy]);
    execFileSync('diff', ['-r', join(stage.folder, 'before'), copy]);
  });
});

/** A FAT image of what scripts/sdcard made, with our settings. @returns its path. */
function makeImage(folder: string): string {
  const before = join(folder, 'before');
  const image = join(folder, 'card.img');
  rmSync(image, { force: true });
  execFileSync('cp', ['-r', CARD, before]);
  writeFileSync(join(before, 'dashvoip/dashvoip.json'), SETTINGS);
  execFileSync('mkfs.vfat', ['-F', '32', '-C', image, String(160 * 1024)]);
  execFileSync('mcopy', [
    '-s',
    '-i',
    image,
    join(before, 'bootup.sh'),
    join(before, 'dashvoip'),
    '::',
  ]);
  return image;
}
