import { describe, expect, it } from 'vitest';
import { activeCall, refusalOfPromise } from './calls';
import { type Bench, type FakeSession, startedBench } from './fakes';

/** Calls that are up, of which all but the last are held. */
async function callsUp(count: number): Promise<{ all: Bench; sessions: FakeSession[] }> {
  const all = await startedBench();
  const sessions: FakeSession[] = [];
  for (let i = 1; i <= count; i++) {
    sessions.push(await activeCall(all));
    if (i < count) await all.agent.hold(i);
  }
  return { all, sessions };
}

const hears = ({ engine }: Bench): (readonly number[])[] =>
  engine.sessions.map((session) => session.hears);
const states = ({ agent }: Bench): string[] => agent.status().calls.map(({ state }) => state);

describe('a conference', () => {
  it('of four calls: each hears all but itself, and all are active together', async () => {
    const { all } = await callsUp(4);
    const told: (readonly number[])[] = [];
    all.agent.events.on('conference', (calls) => told.push(calls));
    expect(await all.agent.confer()).toEqual([1, 2, 3, 4]);
    expect(hears(all)).toEqual([
      [2, 3, 4],
      [1, 3, 4],
      [1, 2, 4],
      [1, 2, 3],
    ]);
    expect(states(all)).toEqual(['active', 'active', 'active', 'active']);
    expect(all.agent.status().conference).toEqual([1, 2, 3, 4]);
    expect(told).toEqual([[1, 2, 3, 4]]);
  });

  it('of some leaves the others alone, and holds them', async () => {
    const { all } = await callsUp(3);
    await all.agent.confer([1, 2]);
    expect(hears(all)).toEqual([[2], [1], []]);
    expect(states(all)).toEqual(['active', 'active', 'held']);
  });

  it('is held and resumed as one', async () => {
    const { all } = await callsUp(3);
    await all.agent.confer([1, 2]);
    await all.agent.resume(3);
    expect(states(all)).toEqual(['held', 'held', 'active']);
    await all.agent.resume(2);
    expect(states(all)).toEqual(['active', 'active', 'held']);
  });

  it('loses who ends; one that is left is a call as any', async () => {
    const { all, sessions } = await callsUp(3);
    await all.agent.confer();
    sessions[1]?.hangup();
    expect(hears(all)[0]).toEqual([3]);
    expect(all.agent.status().conference).toEqual([1, 3]);
    sessions[2]?.hangup();
    expect(hears(all)[0]).toEqual([]);
    expect(all.agent.status().conference).toEqual([]);
  });

  it('lets go of one, which is held, and ends as a whole', async () => {
    const { all } = await callsUp(4);
    await all.agent.confer();
    const leaving = all.agent.leaveConference(2);
    // Before its far end has agreed to be held.
    expect(hears(all)[1]).toEqual([]);
    await leaving;
    expect(all.agent.status().conference).toEqual([1, 3, 4]);
    expect(states(all)[1]).toBe('held');
    expect(hears(all)[1]).toEqual([]);
    await all.agent.splitConference();
    expect(states(all)).toEqual(['active', 'held', 'held', 'held']);
    expect(hears(all)).toEqual([[], [], [], []]);
    expect(all.agent.status().conference).toEqual([]);
    expect(await refusalOfPromise(all.agent.splitConference())).toBe('wrong-state');
  });

  it('is none where all but one have ended meanwhile', async () => {
    const { all, sessions } = await callsUp(2);
    const conferring = refusalOfPromise(all.agent.confer());
    sessions[1]?.hangup();
    expect(await conferring).toBe('wrong-state');
    expect(all.agent.status().conference).toEqual([]);
  });

  it('is of two at least, of calls that are up, and cannot be left twice', async () => {
    const { all } = await callsUp(1);
    expect(await refusalOfPromise(all.agent.confer())).toBe('wrong-state');
    expect(await refusalOfPromise(all.agent.confer([1, 1]))).toBe('wrong-state');
    expect(await refusalOfPromise(all.agent.confer([1, 9]))).toBe('wrong-state');
    expect(await refusalOfPromise(all.agent.leaveConference(1))).toBe('wrong-state');
    expect(await refusalOfPromise(all.agent.splitConference())).toBe('wrong-state');
  });
});
