import { describe, expect, it } from 'vitest';
import { activeCall, refusalOfPromise } from './calls';
import { phone, startedBench } from './fakes';

describe('hold and resume', () => {
  it('falls silent at once and tells the peer', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [media] = all.engine.sessions;
    const [session] = all.userAgent.sessions;
    const held = all.agent.hold();
    expect(media?.flow).toBe('inactive inactive');
    await held;
    expect(session?.did).toEqual(['renegotiate']);
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'us' });
    if (session) session.agreesWith = phone();
    await all.agent.resume();
    expect(media?.flow).toBe('sendrecv sendonly');
    expect(all.told.slice(-2)).toEqual(['call 1 held us', 'call 1 active']);
  });

  it('goes on when the peer refuses to be held', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    if (session) session.agreesWith = undefined;
    expect(await refusalOfPromise(all.agent.hold())).toBe('refused-by-peer');
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
    expect(all.agent.status().calls[0]?.state).toBe('active');
  });

  it.each([
    ['refuses our sound (port 0)', phone('sendrecv', false).replace('audio 5004', 'audio 0')],
    ['gives no description', ''],
  ])('is held, and comes back, when the peer %s in its answer', async (_, answer) => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    if (session) session.agreesWith = answer;
    await all.agent.hold();
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'us' });
    expect(all.engine.sessions[0]?.flow).toMatch(/^inactive (inactive|none)$/);
    if (session) session.agreesWith = phone();
    await all.agent.resume();
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'active' });
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
  });

  it('is not resumed by an answer without description', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    await all.agent.hold();
    if (session) session.agreesWith = '';
    expect(await refusalOfPromise(all.agent.resume())).toBe('refused-by-peer');
    expect(all.engine.sessions[0]?.flow).toBe('inactive inactive');
  });

  it('sees that the peer holds and resumes', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    session?.reinvite(phone('sendonly'));
    expect(all.engine.sessions[0]?.flow).toBe('recvonly sendonly');
    session?.reinvite(phone());
    expect(all.told.slice(-2)).toEqual(['call 1 held peer', 'call 1 active']);
  });

  it('knows an old-style hold and keeps the address for RTCP', async () => {
    const all = await startedBench();
    await activeCall(all);
    all.userAgent.sessions[0]?.reinvite(
      phone('sendrecv', false).replace('c=IN IP4 192.0.2.9', 'c=IN IP4 0.0.0.0'),
    );
    const settings = all.engine.sessions[0]?.settings ?? [];
    expect(settings[settings.length - 1]?.audio).toMatchObject({
      direction: 'recvonly',
      remote: { address: '192.0.2.9', rtpPort: 5004 },
    });
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'peer' });
  });

  it('tells when both hold', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    session?.reinvite(phone('sendonly'));
    if (session) session.agreesWith = phone('inactive');
    await all.agent.hold();
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'both' });
  });

  it('tells nothing twice', async () => {
    const all = await startedBench();
    await activeCall(all);
    const before = all.told.length;
    all.userAgent.sessions[0]?.reinvite(phone());
    expect(all.told).toHaveLength(before);
  });

  it('refuses a second change while one is under way', async () => {
    const all = await startedBench();
    await activeCall(all);
    const first = all.agent.hold();
    expect(await refusalOfPromise(all.agent.hold(1))).toBe('wrong-state');
    await first;
  });
});
