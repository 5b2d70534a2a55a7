import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeCall } from './calls';
import { type Bench, startedBench } from './fakes';

let directory: string;
let lamp: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'live-'));
  lamp = join(directory, 'brightness');
  await writeFile(lamp, '1\n');
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const shining = async (): Promise<string> => (await readFile(lamp, 'utf8')).trim();
/** What the cabin hears now: its tones by their first frequency, its files by name. */
const heard = ({ engine }: Bench): string[] =>
  [...engine.heard.values()]
    .filter(({ session }) => session === undefined)
    .map((sound) =>
      'file' in sound ? `${sound.file}` : `${sound.tone?.parts[0]?.frequencies[0]}`,
    );

async function benchWith(live: object): Promise<Bench> {
  return startedBench({ policy: { autoAnswer: false, ...live } });
}

describe('the indicator', () => {
  it('is dark at the start, shines while a call lets anything out, and is dark at the end', async () => {
    const all = await benchWith({ liveIndicator: lamp });
    await expect.poll(shining).toBe('0');
    await activeCall(all);
    await expect.poll(shining).toBe('1');
    all.agent.hangup();
    await expect.poll(shining).toBe('0');
  });

  it('is dark while microphone and picture are muted, both of them', async () => {
    const all = await benchWith({ liveIndicator: lamp });
    await activeCall(all);
    all.agent.setSwitch('microphoneMuted', true);
    await expect.poll(shining).toBe('1');
    all.agent.setSwitch('pictureMuted', true);
    await expect.poll(shining).toBe('0');
    all.agent.setSwitch('microphoneMuted', false);
    await expect.poll(shining).toBe('1');
  });

  it('is dark while the call is held here, and when the agent has stopped', async () => {
    const all = await benchWith({ liveIndicator: lamp });
    await activeCall(all);
    await all.agent.hold();
    await expect.poll(shining).toBe('0');
    await all.agent.resume();
    await expect.poll(shining).toBe('1');
    await all.agent.stop();
    expect(await shining()).toBe('0');
  });

  it('is set where another configuration names it', async () => {
    const all = await benchWith({});
    await activeCall(all);
    expect(await shining()).toBe('1');
    await writeFile(lamp, '0\n');
    all.agent.reconfigure({ policy: { autoAnswer: false, liveIndicator: lamp } });
    await expect.poll(shining).toBe('1');
  });

  it('that cannot be written keeps no call', async () => {
    const all = await benchWith({ liveIndicator: join(directory, 'nowhere', 'brightness') });
    await activeCall(all);
    expect(all.agent.status().calls).toMatchObject([{ state: 'active' }]);
    await all.agent.stop();
  });
});

describe('the notice', () => {
  it('is heard once in the cabin when it begins to be heard outside', async () => {
    const all = await benchWith({ liveNotice: 'tone' });
    await activeCall(all);
    await expect.poll(() => heard(all)).toEqual(['523']);
    all.agent.hangup();
  });

  it('may be words, and begins anew with what comes out again', async () => {
    const all = await benchWith({ liveNotice: '/words/live.wav' });
    await activeCall(all);
    await expect.poll(() => heard(all)).toEqual(['/words/live.wav']);
    all.agent.setSwitch('microphoneMuted', true);
    all.agent.setSwitch('pictureMuted', true);
    for (const id of all.engine.heard.keys()) all.engine.endPlaying(id, true);
    all.agent.setSwitch('pictureMuted', false);
    await expect.poll(() => heard(all)).toEqual(['/words/live.wav']);
  });

  it('is none without a word in the configuration', async () => {
    const all = await benchWith({ liveIndicator: lamp });
    await activeCall(all);
    await expect.poll(shining).toBe('1');
    expect(heard(all)).toEqual([]);
  });
});
