import { describe, expect, it } from 'vitest';
import type { TonePolicy } from '../../src/agent';
import { TONE_COUNTRIES, type ToneCountry, type ToneName, toneOf } from '../../src/agent/tones';
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
    [480, '250,250'],
  ])('say why nobody answered: %d', async (status, cadence) => {
    const { all, session } = await dialled({ ...ALL_ON, country: 'us' });
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
  const told = (name: ToneName, country: ToneCountry): string =>
    toneOf(name, country)
      .parts.map(({ frequencies, ms }) => `${frequencies.join('+')}/${ms}`)
      .join(' ');

  // As the sources quote ITU-T E.180 Supplement 2 that src/agent/tones.ts names.
  it.each<[ToneCountry, string, string, string, string]>([
    ['us', '440+480/2000 /4000', '480+620/500 /500', '480+620/250 /250', '440/300 /10000'],
    [
      'gb',
      '400+450/400 /200 400+450/400 /2000',
      '400/375 /375',
      '400/400 /350 400/225 /525',
      '400/100 /4000',
    ],
    ['de', '425/1000 /4000', '425/480 /480', '425/240 /240', '425/200 /200 425/200 /5000'],
    [
      'tw',
      '440+480/1000 /2000',
      '480+620/500 /500',
      '480+620/250 /250',
      '350+440/250 /250 350+440/250 /3250',
    ],
  ])('%s: ring-back, busy, congestion, waiting', (country, ringback, busy, congestion, waiting) => {
    expect(told('ringback', country)).toBe(ringback);
    expect(told('busy', country)).toBe(busy);
    expect(told('congestion', country)).toBe(congestion);
    expect(told('waiting', country)).toBe(waiting);
  });

  it('kr: ring-back and busy; congestion is busy, and waiting our own, as no source was found', () => {
    expect(told('ringback', 'kr')).toBe('440+480/1000 /2000');
    expect(told('busy', 'kr')).toBe('480+620/500 /500');
    expect(told('congestion', 'kr')).toBe('480+620/500 /500');
    expect(told('waiting', 'kr')).toBe('440/200 /200 440/200 /5000');
  });

  it('begins with sound everywhere, and ends in silence', () => {
    for (const country of TONE_COUNTRIES) {
      for (const name of ['ringback', 'busy', 'congestion', 'waiting', 'ring', 'hold'] as const) {
        const { parts } = toneOf(name, country);
        expect(parts[0]?.frequencies.length).toBeGreaterThan(0);
        expect(parts.at(-1)?.frequencies).toEqual([]);
      }
    }
  });
});
