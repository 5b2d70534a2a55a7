import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav } from '../toolkit/measure/wav';
import { PortBlock } from '../toolkit/process/ports';
import { sleep } from '../toolkit/process/wait';
import { NodeAgent, runScript } from './support/node-agent';

const VOICE = resolve('build/material/phone-voice.wav');

describe.each([16, 20, 22])('on Node %i of this machine', (major) => {
  const node = resolve(
    execFileSync('board/vboard/node', [String(major), 'x64'], { encoding: 'utf8' }).trim(),
  );
  const folder = resolve('build/test/board', `node-${major}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });

  it('loads the addon and tells what it is', async () => {
    const { ok, output } = await runScript([node], ['dist/dashvoip.cjs', 'version', '--json']);
    expect(output).toMatch(new RegExp(`"node":\\s*"v?${major}\\.`));
    expect(ok).toBe(true);
  });

  it('one agent calls another, and is heard', async () => {
    const ports = await PortBlock.take();
    const start = (name: string, sipPort: number, media: object): Promise<NodeAgent> => {
      const first = ports.next(20);
      return NodeAgent.start({
        name,
        program: 'dist',
        folder,
        node: [node],
        controlPort: ports.next(),
        config: {
          sip: { address: '127.0.0.1', port: sipPort },
          media: { video: 'none', rtpPorts: [first, first + 19], ...media },
          camera: { link: 'none' },
          policy: { autoAnswer: true },
        },
      });
    };
    const heard = join(folder, 'heard.wav');
    const calledPort = ports.next();
    const called = await start('called', calledPort, {
      microphone: { kind: 'null' },
      speaker: { kind: 'file', path: heard },
    });
    const caller = await start('caller', ports.next(), {
      microphone: { kind: 'file', path: VOICE },
      speaker: { kind: 'null' },
    });
    await caller.json('call', `sip:called@127.0.0.1:${calledPort}`);
    await called.until('an active call', ({ calls }) => calls[0]?.state === 'active');
    await sleep(6000);
    const [call] = (await called.status()).calls;
    expect(call?.media?.audio?.received.packets).toBeGreaterThan(200);
    expect(call?.media?.audio?.received.lost).toBe(0);
    await caller.json('hangup');
    await called.until('no call', ({ calls }) => calls.length === 0);
    for (const agent of [caller, called])
      expect(await agent.process.stop()).toMatchObject({ code: 0 });
    ports.release();
    const match = matchSpeech(readWav(heard), readWav(VOICE), true);
    expect(match.correlation).toBeGreaterThan(0.9);
    expect(match.seconds).toBeGreaterThan(3);
  });
});
