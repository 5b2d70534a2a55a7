import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Board } from './support/board';
import { CAMERA_SOCKET, NODE, startCamera } from './support/board-agent';
import { BoardStage } from './support/stage';

const PATIENCE_MS = 240_000;

const boards = [
  { architecture: 'amd64', arch: 'x64', cpus: 2, memoryMb: 512 },
  { architecture: 'arm64', arch: 'arm64', cpus: 1, memoryMb: 96 },
] as const;

describe.each(boards)('a probe on the $architecture board', (machine) => {
  const { architecture, arch, cpus, memoryMb } = machine;
  let stage: BoardStage;
  let board: Board;

  /** Runs it there. @returns what it printed; the file stays in the folder of the test. */
  async function probe(name: string, ...args: string[]): Promise<string> {
    await board.sh(
      `H22_SIM_SOCKET=${CAMERA_SOCKET} ${NODE} dashvoip.cjs probe ${args.join(' ')} >${name} 2>${name}.log`,
      PATIENCE_MS,
    );
    return readFileSync(join(stage.share, name), 'utf8');
  }

  beforeAll(async () => {
    stage = BoardStage.open(`probe-${architecture}`, architecture);
    board = await stage.boot({ cpus, memoryMb });
    await startCamera(board);
  }, PATIENCE_MS);

  afterAll(() => stage?.close());

  it(
    'finds out what this board is',
    async () => {
      const report: unknown = JSON.parse(await probe('probe.json', '--json', '--seconds', '8'));
      expect(report).toMatchObject({
        probeVersion: 1,
        runtime: {
          arch,
          features: { cameraLink: 'stand-in', libraries: { glibc: expect.any(String) } },
        },
        kernel: { cpusOnline: cpus, modules: expect.arrayContaining(['snd_aloop']) },
        sound: {
          cards: expect.arrayContaining([
            expect.objectContaining({ driver: 'Loopback' }),
            expect.objectContaining({ driver: 'Dummy' }),
          ]),
        },
        priority: { realtime: true },
        library: { path: '/project/libnetfifo.so', mapped: true, missing: [] },
        camera: {
          state: 'examined',
          connected: true,
          done: true,
          error: '',
          tracks: [{ codec: 'H264' }, { codec: 'PCM', sampleRate: expect.any(Number) }],
          speaker: { present: true, error: '', clock: {} },
        },
      });
      const totalKb = Number(await board.sh("awk '/^MemTotal:/ { print $2 }' /proc/meminfo"));
      expect(totalKb).toBeLessThan(memoryMb * 1024);
      expect(report).toMatchObject({ memory: { totalKb } });
    },
    PATIENCE_MS,
  );

  it(
    'says it in words',
    async () => {
      const words = await probe('probe.txt');
      expect(words).toMatch(/^ {2}speaker +PCM 48000 Hz/m);
      expect(words).toMatch(/^note: snd-aloop is loaded$/m);
    },
    PATIENCE_MS,
  );

  it(
    'leaves the camera to an agent',
    async () => {
      const agent = await stage.agent(board, { sections: {} });
      const seen = await probe('beside.json', '--json', '--control', '10.9.0.10:8778');
      expect(JSON.parse(seen)).toMatchObject({
        camera: { state: 'taken', by: `dashvoip run (process ${agent.pid})` },
      });
      await agent.stop();
    },
    PATIENCE_MS,
  );
});
