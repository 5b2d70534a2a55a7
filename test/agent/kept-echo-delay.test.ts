import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptEchoDelay, type SoundDevices } from '../../src/agent';
import { silentLogger } from '../../src/platform';
import { type Bench, startedBench } from './fakes';

const CAMERA = { microphone: { kind: 'camera' }, speaker: { kind: 'camera' } };
const CARD = {
  microphone: { kind: 'alsa', device: 'hw:1' },
  speaker: { kind: 'alsa', device: 'hw:1' },
};

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'echo-delay-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const open = (devices: SoundDevices = CAMERA) =>
  KeptEchoDelay.open(directory, devices, silentLogger);

/** A call that ends, in which the canceller found so many ms. */
async function callThatFinds(kept: KeptEchoDelay, echoDelayMs?: number): Promise<void> {
  const { agent, engine }: Bench = await startedBench();
  kept.follow(agent);
  engine.state = {
    ...engine.state,
    voice: {
      converged: true,
      echoEnhancementDb: 25,
      ...(echoDelayMs === undefined ? {} : { echoDelayMs }),
      gainDb: 0,
      floor: 'nobody',
    },
  };
  agent.call('sip:home@example.org');
  agent.hangup();
  await kept.settled();
}

describe('the delay of the echo', () => {
  it('is known to the next start with the same devices', async () => {
    const kept = await open();
    expect(kept.delayMs).toBeUndefined();
    await callThatFinds(kept, 170);
    expect((await open()).delayMs).toBe(170);
    expect((await open(CARD)).delayMs).toBeUndefined();
    await callThatFinds(await open(CARD), -12);
    expect((await open()).delayMs).toBe(170);
    expect((await open(CARD)).delayMs).toBe(-12);
  });

  it('is written when it changed, and not when nothing was found', async () => {
    await callThatFinds(await open(), undefined);
    await expect(readFile(join(directory, 'echo-delay.json'))).rejects.toThrow('ENOENT');
    await callThatFinds(await open(), 170);
    await callThatFinds(await open(), 173);
    expect((await open()).delayMs).toBe(170);
    await callThatFinds(await open(), 200);
    expect((await open()).delayMs).toBe(200);
  });

  it.each(['', '{', 'null', '[1]', '{"[{\\"kind\\":\\"camera\\"}]":"x"}'])(
    'is not there where the file holds %j',
    async (text) => {
      await writeFile(join(directory, 'echo-delay.json'), text);
      expect((await open()).delayMs).toBeUndefined();
    },
  );

  it('is lost with a word where the folder cannot be written', async () => {
    await writeFile(join(directory, 'file'), '');
    const kept = await KeptEchoDelay.open(join(directory, 'file'), CAMERA, silentLogger);
    await callThatFinds(kept, 170);
    expect(kept.delayMs).toBe(170);
  });
});
