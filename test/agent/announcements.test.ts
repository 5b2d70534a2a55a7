import { describe, expect, it } from 'vitest';
import type { AnnouncementNotice } from '../../src/agent';
import { MediaException } from '../../src/media';
import { activeCall, refusalOfPromise } from './calls';
import { type Bench, startedBench } from './fakes';

async function listening(): Promise<{ all: Bench; notices: AnnouncementNotice[] }> {
  const all = await startedBench({ tones: { country: 'kr', progress: false, ring: false } });
  const notices: AnnouncementNotice[] = [];
  all.agent.events.on('announcement', (notice) => notices.push(notice));
  return { all, notices };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an announcement', () => {
  it('is heard by the far end of the call that talks, and its end is told', async () => {
    const { all, notices } = await listening();
    await activeCall(all);
    expect(await all.agent.announce('/a.wav', 'call')).toBe(1);
    expect([...all.engine.heard.values()]).toEqual([
      { session: 1, file: '/a.wav', repeats: false },
    ]);
    all.engine.endPlaying(1, true);
    expect(notices).toEqual([
      { announcement: 1, file: '/a.wav', call: 1, state: 'begun' },
      { announcement: 1, file: '/a.wav', call: 1, state: 'ended' },
    ]);
  });

  it('waits for its turn at its place, and not for those elsewhere', async () => {
    const { all, notices } = await listening();
    await activeCall(all);
    await all.agent.announce('/a.wav', 'call');
    await all.agent.announce('/b.wav', 'call');
    await all.agent.announce('/c.wav', 'cabin');
    expect([...all.engine.heard.values()].map(({ file }) => file)).toEqual(['/a.wav', '/c.wav']);
    all.engine.endPlaying(1, true);
    await settled();
    expect([...all.engine.heard.values()].map(({ file }) => file)).toEqual(['/c.wav', '/b.wav']);
    expect(notices.filter(({ state }) => state === 'begun')).toHaveLength(3);
  });

  it('of which eight wait, and no more', async () => {
    const { all } = await listening();
    for (let i = 0; i < 8; i++) await all.agent.announce('/a.wav', 'cabin');
    expect(await refusalOfPromise(all.agent.announce('/a.wav', 'cabin'))).toBe('busy');
  });

  it('ends with its call, and those behind it are not heard', async () => {
    const { all, notices } = await listening();
    const session = await activeCall(all);
    await all.agent.announce('/a.wav', 'call');
    await all.agent.announce('/b.wav', 'call');
    session.hangup();
    all.engine.endPlaying(1, false);
    await settled();
    expect(notices.map(({ file, state }) => `${file} ${state}`)).toEqual([
      '/a.wav begun',
      '/b.wav cut',
      '/a.wav cut',
    ]);
    expect(all.engine.heard.size).toBe(0);
  });

  it('that cannot be read is refused, or told where it waited, and the next goes on', async () => {
    const { all, notices } = await listening();
    all.engine.playRefusal = new MediaException(
      'not-playable',
      '/x.wav: expected a RIFF/WAVE file',
    );
    await expect(all.agent.announce('/x.wav', 'cabin')).rejects.toThrow('RIFF/WAVE');
    all.engine.playRefusal = undefined;
    await all.agent.announce('/a.wav', 'cabin');
    await all.agent.announce('/x.wav', 'cabin');
    all.engine.playRefusal = new MediaException('not-playable', 'gone');
    all.engine.endPlaying(1, true);
    await settled();
    expect(notices.at(-1)).toMatchObject({ file: '/x.wav', state: 'failed' });
  });

  it('is for a call that is up', async () => {
    const { all } = await listening();
    expect(await refusalOfPromise(all.agent.announce('/a.wav', 'call'))).toBe('wrong-state');
  });
});
