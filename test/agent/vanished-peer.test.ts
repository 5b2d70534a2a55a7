import { describe, expect, it } from 'vitest';
import { STATUS_EXAMPLE } from '../../src/control';
import type { SessionSnapshot } from '../../src/media';
import { activeCall } from './calls';
import { startedBench } from './fakes';

/** What the media plane counts when nothing has come for `silentMs` and ICMP errors have. */
function soundSince(silentMs: number, unreachable: number): SessionSnapshot {
  const audio = STATUS_EXAMPLE.calls[0]?.media?.audio;
  if (!audio) throw new Error('the example has no sound');
  return { silentMs, audio: { ...audio, sent: { ...audio.sent, unreachable } } };
}

describe('a peer that vanishes', () => {
  it('is named, told once, and the call goes on when it returns', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [media] = all.engine.sessions;
    if (!media) throw new Error('no media');
    media.report = { silentMs: 100 };
    all.clock.advance(4000);
    media.report = { silentMs: 7000 };
    all.clock.advance(3000);
    expect(all.agent.status().problems).toEqual([
      'call 1: nothing has come from the far end for 7 s',
    ]);
    media.report = { silentMs: 20 };
    all.clock.advance(2000);
    expect(all.told.filter((line) => line.startsWith('silence'))).toEqual([
      'silence 1 true',
      'silence 1 false',
    ]);
    expect(all.agent.status().calls[0]?.state).toBe('active');
  });

  it('is asked after 20 s whether it is there, and the call ends and says why when it is not', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    all.clock.advance(19_000);
    expect(session?.did).toEqual([]);
    all.clock.advance(1000);
    expect(session?.did).toEqual(['ask']);
    session?.answerQuestion(true);
    await Promise.resolve();
    all.clock.advance(19_000);
    expect(session?.did).toEqual(['ask']);
    all.clock.advance(1000);
    expect(session?.did).toEqual(['ask', 'ask']);
    session?.end({ by: 'network', status: 408, reason: 'OPTIONS is not answered' });
    expect(all.agent.status().recent[0]?.ended).toBe(
      'lost: the far end is gone (408 OPTIONS is not answered)',
    );
  });

  it('with its ports closed is given up ten seconds after the question', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    const [media] = all.engine.sessions;
    for (let second = 1; second < 15; second++) {
      if (media) media.report = soundSince(second * 1000, 50 * second);
      all.clock.advance(1000);
    }
    expect(session?.did).toEqual(['ask']);
    if (media) media.report = soundSince(15_000, 750);
    all.clock.advance(1000);
    expect(session?.did).toEqual(['ask', 'drop']);
    expect(all.agent.status().recent[0]?.ended).toContain('its ports are closed');
  });

  it('whose signalling port is closed is given up as soon, on hold too', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    await all.agent.hold();
    all.clock.advance(90_000);
    expect(session.did.at(-1)).toBe('ask');
    for (let second = 1; second < 10; second++) {
      session.events.emit('portClosed');
      all.clock.advance(1000);
    }
    expect(session.did.at(-1)).toBe('ask');
    session.events.emit('portClosed');
    all.clock.advance(1000);
    expect(session.did.at(-1)).toBe('drop');
    expect(all.agent.status().recent[0]?.ended).toContain('its ports are closed');
  });

  it('is asked at once when somebody else calls, if it is held or silent', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    const [media] = all.engine.sessions;
    all.clock.advance(6000);
    if (media) media.report = { silentMs: 4999 };
    all.userAgent.ringUp();
    expect(session?.did).toEqual([]);
    if (media) media.report = { silentMs: 5000 };
    all.userAgent.ringUp();
    all.userAgent.ringUp();
    expect(session?.did).toEqual(['ask']);
  });

  it('that never sent anything is named too', async () => {
    const all = await startedBench();
    await activeCall(all);
    all.clock.advance(5000);
    expect(all.agent.status().problems).toEqual([
      'call 1: nothing has come from the far end since it was answered',
    ]);
  });
});
