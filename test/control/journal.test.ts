import { describe, expect, it } from 'vitest';
import { JOURNAL_LIMIT, type JournalEntry } from '../../src/control';
import { startedBench } from '../agent/fakes';
import { controlOf } from './fakes';

async function journal() {
  const all = await startedBench();
  const { journal: kept } = controlOf(all);
  const flip = (times: number): void => {
    for (let count = 0; count < times; count++)
      all.agent.setSwitch('doNotDisturb', count % 2 === 0);
  };
  return { ...all, kept, flip };
}

describe('the journal', () => {
  it('numbers what is told, with its time, and passes it on', async () => {
    const { kept, flip, clock } = await journal();
    const heard: JournalEntry[] = [];
    const stop = kept.listen((entry) => heard.push(entry));
    flip(1);
    const at = clock.wallTime().toISOString();
    expect(kept.after(0, 10)).toEqual({
      events: [
        {
          ...{ number: 1, at, type: 'switches' },
          param: {
            ...{ doNotDisturb: true, autoAnswer: false },
            ...{ microphoneMuted: false, pictureMuted: false },
          },
        },
      ],
      last: 1,
      missed: 0,
    });
    expect(heard).toEqual(kept.after(0, 10).events);
    stop();
    flip(2);
    expect(heard).toHaveLength(1);
  });

  it('goes on from a number, a few at a time', async () => {
    const { kept, flip } = await journal();
    flip(5);
    const page = kept.after(1, 2);
    expect(page.events.map(({ number }) => number)).toEqual([2, 3]);
    expect(page.last).toBe(3);
    expect(kept.after(page.last, 10).events.map(({ number }) => number)).toEqual([4, 5]);
    expect(kept.after(5, 10)).toEqual({ events: [], last: 5, missed: 0 });
  });

  it('forgets the oldest, and says how many were missed', async () => {
    const { kept, flip } = await journal();
    flip(JOURNAL_LIMIT + 10);
    const { events, missed } = kept.after(3, JOURNAL_LIMIT);
    expect(events).toHaveLength(JOURNAL_LIMIT);
    expect(events[0]?.number).toBe(11);
    expect(missed).toBe(7);
  });

  it('tells all there is to one who knows a number of an earlier run', async () => {
    const { kept, flip } = await journal();
    flip(2);
    expect(kept.after(4711, 10).events.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('keeps nothing that is soon out of date, nor numbers it', async () => {
    const { kept, flip, agent } = await journal();
    const heard: JournalEntry[] = [];
    kept.listen((entry) => heard.push(entry));
    agent.events.emit('quality', {
      call: 1,
      direction: 'outgoing',
      state: 'active',
      remote: 'sip:a@b',
      durationS: 5,
    });
    flip(1);
    expect(heard.map(({ type, number }) => [type, number])).toEqual([
      ['quality', undefined],
      ['switches', 1],
    ]);
    expect(kept.after(0, 10).events).toHaveLength(1);
  });
});
