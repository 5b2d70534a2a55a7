import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PortBlock } from '../toolkit/process/ports';
import { builtFor } from './support/board';
import { NodeAgent, runScript } from './support/node-agent';

const RUNTIME = resolve('build/runtime/20');
const LIBRARIES = resolve('build/vboard/arm64/sysroot/usr/lib/aarch64-linux-gnu');
/** Node for aarch64 under its own C library, as on the SD card, with the processor emulated. */
const EMULATED: [string, ...string[]] = [
  'qemu-aarch64-static',
  join(RUNTIME, 'lib/ld-linux-aarch64.so.1'),
  ...['--library-path', `${join(RUNTIME, 'lib')}:${LIBRARIES}`],
  join(RUNTIME, 'node.bin'),
];
if (!existsSync(RUNTIME)) throw new Error(`${RUNTIME} is missing: run scripts/runtime 20`);

const folder = resolve('build/test/board/qemu-user');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const file of builtFor('arm64')) copyFileSync(file, join(folder, basename(file)));

describe('the bundle and the cross-built addon on an emulated aarch64 processor', () => {
  it('tell what they are', async () => {
    const { output: processor } = await runScript(EMULATED, ['-p', 'process.arch']);
    expect(processor.trim()).toBe('arm64');
    const { ok, output } = await runScript(EMULATED, [
      join(folder, 'dashvoip.cjs'),
      ...['version', '--json'],
    ]);
    expect(ok).toBe(true);
    const version: unknown = JSON.parse(output);
    expect(version).toMatchObject({
      features: { cameraLink: 'stand-in', alsa: true, aac: true, still: true },
    });
  });

  it('run as the agent, and answer its command', async () => {
    const ports = await PortBlock.take();
    const first = ports.next(20);
    const sipPort = ports.next();
    const agent = await NodeAgent.start({
      name: 'agent',
      program: folder,
      folder,
      node: EMULATED,
      controlPort: ports.next(),
      config: {
        sip: { address: '127.0.0.1', port: sipPort },
        media: {
          microphone: { kind: 'null' },
          speaker: { kind: 'alsa', device: 'null' },
          video: 'none',
          rtpPorts: [first, first + 19],
        },
        camera: { link: 'none' },
      },
    });
    afterAll(() => agent.stop());
    const status = await agent.status();
    expect(status.problems).toEqual([]);
    expect(status).toMatchObject({
      sip: { port: sipPort },
      engine: { speaker: { kind: 'alsa', open: true } },
    });
    expect(await agent.process.stop()).toEqual({ code: 0, signal: null });
    ports.release();
  });
});
