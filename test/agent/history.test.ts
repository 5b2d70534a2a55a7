import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KeptHistory } from '../../src/agent';
import { History, type HistoryEntry, type HistoryQuery } from '../../src/agent/history';
import { phone, startedBench } from './fakes';

const entry = (call: number): HistoryEntry => ({
  call,
  direction: 'incoming',
  remote: 'sip:a@b',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationS: 0,
  ended: 'busy',
});

describe('the history', () => {
  it('keeps the newest fifty, and no more', () => {
    const history = new History();
    for (let call = 1; call <= 60; call++) history.add(entry(call));
    const all = history.find({ limit: 1000 }).map(({ call }) => call);
    expect(all).toHaveLength(50);
    expect([all[0], all[49]]).toEqual([60, 11]);
    expect(history.find({ limit: 2 }).map(({ call }) => call)).toEqual([60, 59]);
  });

  it('is empty at first, and gives what there is', () => {
    const history = new History();
    expect(history.find({ limit: 5 })).toEqual([]);
    history.add(entry(1));
    expect(history.find({ limit: 5 })).toEqual([entry(1)]);
  });
});

describe('a search of the history', () => {
  it('finds by address, name and end, and goes on from the last one seen', () => {
    const history = new History();
    history.add({ ...entry(1), remote: 'sip:home@example.org' });
    history.add({ ...entry(2), displayName: 'Home, sweet' });
    history.add({ ...entry(3), ended: 'hung up here' });
    history.add({ ...entry(4), redirectedTo: 'sip:home2@example.org' });
    const found = (query: HistoryQuery) => history.find(query).map(({ call }) => call);
    expect(found({ search: 'HOME' })).toEqual([4, 2, 1]);
    expect(found({ search: 'hung up' })).toEqual([3]);
    expect(found({ search: 'nobody' })).toEqual([]);
    expect(found({ limit: 2 })).toEqual([4, 3]);
    expect(found({ limit: 2, before: 3 })).toEqual([2, 1]);
  });
});

describe('the times of a call', () => {
  it('begin with the dial, and count the talk alone: not the ringing, and on through hold and resume', async () => {
    const { agent, userAgent, clock } = await startedBench();
    clock.advance(3000);
    const dialled = clock.wallTime().toISOString();
    agent.call('sip:phone@192.0.2.9');
    const [session] = userAgent.sessions;
    clock.advance(20_000);
    session?.events.emit('progress', 180, 'Ringing');
    expect(agent.status().calls[0]?.durationS).toBe(0);
    clock.advance(20_000);
    session?.pickUp();
    clock.advance(4000);
    expect(agent.status().calls[0]?.durationS).toBe(4);
    await agent.hold();
    clock.advance(6000);
    if (session) session.agreesWith = phone();
    await agent.resume();
    clock.advance(5000);
    expect(agent.status().calls[0]?.durationS).toBe(15);
    session?.end({ by: 'remote', status: 200, reason: '' });
    clock.advance(60_000);
    expect(agent.status().recent[0]).toMatchObject({ startedAt: dialled, durationS: 15 });
  });

  it('begin with the first ring of a call that nobody answers', async () => {
    const { agent, userAgent, clock } = await startedBench();
    clock.advance(7000);
    const rang = clock.wallTime().toISOString();
    const session = userAgent.ringUp();
    clock.advance(30_000);
    session.end({ by: 'remote', status: 487, reason: '' });
    expect(agent.status().recent[0]).toMatchObject({ startedAt: rang, durationS: 0 });
  });
});

describe('what is told of a call', () => {
  it('has no password of a URI', async () => {
    const { agent, userAgent } = await startedBench();
    agent.call('sip:phone:geheim@192.0.2.9');
    expect(agent.status().calls[0]?.remote).toBe('sip:phone:***@192.0.2.9');
    userAgent.sessions[0]?.end({ by: 'remote', status: 486, reason: '' });
    expect(JSON.stringify(agent.status())).not.toContain('geheim');
    expect(userAgent.invited[0]?.target).toContain('geheim');
  });
});

describe('a history that is kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dashvoip-history-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('outlives the process, and numbers go on', async () => {
    const first = await KeptHistory.open(folder);
    const { agent, userAgent } = await startedBench({}, { historyKeeper: first });
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.end({ by: 'remote', status: 200, reason: 'OK' });
    await first.settled();
    const second = await startedBench({}, { historyKeeper: await KeptHistory.open(folder) });
    expect(second.agent.history({})).toEqual(agent.history({}));
    expect(second.agent.history({})).toHaveLength(1);
    expect(second.agent.call('sip:phone@192.0.2.9').call).toBe(2);
  });

  it('takes nothing that is no entry', async () => {
    const odd = [null, 5, 'x', {}, { ...entry(3), call: '3' }, { ...entry(4), durationS: null }];
    const history = new History({
      entries: [...odd, entry(7)],
      add: () => undefined,
      problem: undefined,
    });
    expect(history.find({})).toEqual([entry(7)]);
    expect(history.lastCall).toBe(7);
  });

  it('says when it is kept in memory only', async () => {
    writeFileSync(join(folder, 'flat'), '');
    const kept = await KeptHistory.open(join(folder, 'flat'));
    const { agent, userAgent } = await startedBench({}, { historyKeeper: kept });
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.end({ by: 'remote', status: 200, reason: 'OK' });
    await kept.settled();
    expect(agent.status().problems).toEqual([
      expect.stringMatching(/^history: kept in memory only: (ENOTDIR|EEXIST)/),
    ]);
    expect(agent.history({})).toHaveLength(1);
  });
});
