import { describe, expect, it } from 'vitest';
import type { TonePolicy } from '../../src/agent';
import { toneOf } from '../../src/agent/tones';
import { type Bench, startedBench } from './fakes';

const ALL_ON: TonePolicy = { country: 'kr', progress: true, ring: true };

/** What is heard in the cabin, by the cadence’s lengths: `1000,2000`. */
const heard = async ({ engine }: Bench): Promise<string[]> => {
  await new Promise((resolve) => setImmediate(resolve));
  return [...engine.heard.values()].map(
    ({ tone }) => tone?.parts.map(({ ms }) => ms).join(',') ?? 'a file',
  );
};

async function dialled(tones: TonePolicy = ALL_ON) {
  const all = await startedBench({ tones });
  all.agent.call('sip:phone@192.0.2.9');
  const session = all.userAgent.sessions.at(-1);
  if (!session) throw new Error('nobody was called');
  return { all, session };
}

describe('tones in the cabin', () => {
  it('ring back while the far end rings, until it answers', async () => {
    const { all, session } = await dialled();
    expect(await heard(all)).toEqual([]);
    session.events.emit('progress', 180, 'Ringing');
    expect(await heard(all)).toEqual(['1000,2000']);
    session.pickUp();
    expect(await heard(all)).toEqual([]);
  });

  it.each([
    [486, '500,500'],
    [480, '300,200'],
  ])('say why nobody answered: %d', async (status, cadence) => {
    const { all, session } = await dialled();
    session.events.emit('progress', 180, 'Ringing');
    session.end({ by: 'remote', status, reason: '' });
    expect(await heard(all)).toEqual([cadence]);
    all.clock.advance(3000);
    expect(await heard(all)).toEqual([]);
  });

  it('are silent when we gave up ourselves, or hung up', async () => {
    const { all, session } = await dialled();
    session.events.emit('progress', 180, 'Ringing');
    session.hangup();
    expect(await heard(all)).toEqual([]);
  });

  it('are off where they are switched off', async () => {
    const { all, session } = await dialled({ ...ALL_ON, progress: false });
    session.events.emit('progress', 180, 'Ringing');
    expect(await heard(all)).toEqual([]);
    session.end({ by: 'remote', status: 486, reason: '' });
    expect(await heard(all)).toEqual([]);
  });

  it('end with the agent', async () => {
    const { all, session } = await dialled();
    session.events.emit('progress', 180, 'Ringing');
    void all.agent.stop();
    expect(await heard(all)).toEqual([]);
  });
});

describe('the table of countries', () => {
  it('has what ITU-T E.180 says of Korea', () => {
    expect(toneOf('ringback', 'kr').parts).toEqual([
      { frequencies: [440, 480], ms: 1000 },
      { frequencies: [], ms: 2000 },
    ]);
    expect(toneOf('busy', 'kr').parts[0]).toEqual({ frequencies: [480, 620], ms: 500 });
    expect(toneOf('congestion', 'kr').parts.map(({ ms }) => ms)).toEqual([300, 200]);
  });

  it('begins with sound everywhere, and ends in silence', () => {
    for (const country of ['kr', 'us', 'gb', 'de'] as const) {
      for (const name of ['ringback', 'busy', 'congestion', 'waiting'] as const) {
        const { parts } = toneOf(name, country);
        expect(parts[0]?.frequencies.length).toBeGreaterThan(0);
        expect(parts.at(-1)?.frequencies).toEqual([]);
      }
    }
  });
});
