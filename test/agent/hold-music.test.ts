import { describe, expect, it } from 'vitest';
import type { TonePolicy } from '../../src/agent';
import { MediaException } from '../../src/media';
import { activeCall } from './calls';
import { type Bench, phone, startedBench } from './fakes';

const SILENT: TonePolicy = { country: 'kr', progress: false, ring: false };

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const heard = ({ engine }: Bench) => [...engine.heard.values()];

async function held(hold?: string) {
  const all = await startedBench({ tones: { ...SILENT, ...(hold ? { hold } : {}) } });
  await activeCall(all);
  const [media] = all.engine.sessions;
  if (!media) throw new Error('no media');
  await all.agent.hold();
  return { all, media };
}

describe('a far end that we hold', () => {
  it('hears nothing, and nothing is sent, where no sound is configured', async () => {
    const { all, media } = await held();
    expect(media.flow).toMatch(/^inactive/);
    expect(heard(all)).toEqual([]);
  });

  it('hears a file again and again in place of the microphone, until it is resumed', async () => {
    const { all, media } = await held('/usr/share/music.wav');
    expect(media.flow).toMatch(/^sendonly/);
    expect(media.hearsMicrophone).toBe(false);
    expect(heard(all)).toEqual([{ session: 1, file: '/usr/share/music.wav', repeats: true }]);
    const [session] = all.userAgent.sessions;
    if (session) session.agreesWith = phone();
    await all.agent.resume();
    await settled();
    expect(media.flow).toMatch(/^sendrecv/);
    expect(media.hearsMicrophone).toBe(true);
    expect(heard(all)).toEqual([]);
  });

  it('hears the tone of hold', async () => {
    const { all } = await held('tone');
    expect(heard(all)[0]?.tone?.parts.map(({ ms }) => ms)).toEqual([200, 200, 200, 7400]);
  });

  it('hears silence, not the cabin, when the file cannot be played', async () => {
    const all = await startedBench({ tones: { ...SILENT, hold: '/none.wav' } });
    await activeCall(all);
    all.engine.playRefusal = new MediaException('not-playable', '/none.wav: no such file');
    await all.agent.hold();
    await settled();
    expect(all.engine.sessions[0]?.hearsMicrophone).toBe(false);
    all.engine.playRefusal = undefined;
    await all.agent.resume();
    expect(all.engine.sessions[0]?.hearsMicrophone).toBe(true);
  });

  it('hears nothing where it is not sure that it does not hear the cabin', async () => {
    const all = await startedBench({ tones: { ...SILENT, hold: 'tone' } });
    await activeCall(all);
    const [media] = all.engine.sessions;
    if (!media) throw new Error('no media');
    media.routeRefusal = new MediaException('bad-settings', 'too many changes');
    await all.agent.hold();
    expect(media.flow).toMatch(/^inactive/);
    expect(heard(all)).toEqual([]);
  });

  it.each([
    ['refuses our sound (port 0)', phone('sendrecv', false).replace('audio 5004', 'audio 0')],
    ['gives no description', ''],
  ])('is sent nothing when it %s', async (_, answer) => {
    const all = await startedBench({ tones: { ...SILENT, hold: 'tone' } });
    const session = await activeCall(all);
    session.agreesWith = answer;
    await all.agent.hold();
    await settled();
    expect(all.engine.sessions[0]?.flow).toMatch(/^inactive/);
  });

  it('does not hear those of its conference either, and does again', async () => {
    const all = await startedBench({ tones: { ...SILENT, hold: 'tone' } });
    await activeCall(all);
    await all.agent.hold(1);
    await activeCall(all);
    await all.agent.confer([1, 2]);
    const [one] = all.engine.sessions;
    expect(one?.hears).toEqual([2]);
    await all.agent.hold(1);
    expect(one?.hears).toEqual([]);
    await all.agent.resume(1);
    expect(one?.hears).toEqual([2]);
  });
});
