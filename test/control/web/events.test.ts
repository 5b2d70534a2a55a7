import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOURNAL_LIMIT } from '../../../src/control';
import { EventReader } from './event-reader';
import { cheapRecord, openSite, type Site } from './site';

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

const listen = async (query = '', headers = {}): Promise<EventReader> =>
  new EventReader(await site.open(`/api/events${query}`, headers));
const dial = (): number => site.agent.call('sip:home@192.0.2.9').call;
const flip = (times: number): void => {
  for (let i = 0; i < times; i++) site.agent.setSwitch('doNotDisturb', i % 2 === 0);
};

describe('whoever listens', () => {
  it('is told what happens, as it happens', async () => {
    const reader = await listen();
    dial();
    const [call] = await reader.of('call');
    expect(call).toMatchObject({
      id: expect.stringMatching(/^\d+\.[0-9a-f]{8}$/),
      data: {
        at: expect.stringMatching(/^2026-01-01T/),
        param: { call: 1, direction: 'outgoing', remote: 'sip:home@192.0.2.9' },
      },
    });
  });

  it('gets the status at once and each second', async () => {
    const reader = await listen();
    const [first] = await reader.of('status');
    expect(first?.data).toMatchObject({ version: '1.2.3', calls: [], web: { streams: 1 } });
    dial();
    site.clock.advance(1000);
    const [, second] = await reader.of('status', 2);
    expect(second?.data).toMatchObject({ calls: [{ call: 1 }] });
  });

  it('is the reason for looking: nobody there, no clock runs', async () => {
    const before = site.clock.pendingTimers;
    const reader = await listen();
    await reader.of('status');
    expect(site.clock.pendingTimers).toBe(before + 1);
    reader.leave();
    await expect.poll(() => site.status.streams).toBe(0);
    expect(site.clock.pendingTimers).toBe(before);
  });

  it('is never left in a cache', async () => {
    const response = await site.open('/api/events');
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    response.destroy();
  });

  it('hears that the agent stops', async () => {
    const reader = await listen();
    await site.agent.stop();
    await reader.of('stopping');
  });
});

describe('whoever comes back', () => {
  it('is told what he missed, by the id of the last event that he took', async () => {
    const first = await listen();
    flip(2);
    const [taken] = await first.of('switches', 2);
    first.leave();
    flip(2);
    const second = await listen('', { 'Last-Event-ID': taken?.id });
    await second.of('switches', 3);
    const ids = second.told.map(({ id }) => Number.parseInt(id ?? '', 10));
    const from = Number.parseInt(taken?.id ?? '', 10);
    expect(ids).toEqual([from + 1, from + 2, from + 3]);
    expect(second.told.map(({ type }) => type)).not.toContain('gap');
  });

  it('may name a number', async () => {
    flip(3);
    const { last } = site.control.journal;
    const reader = await listen(`?since=${last - 1}`);
    const [only] = await reader.of('switches');
    expect(reader.told).toEqual([only]);
    expect(only?.id).toMatch(new RegExp(`^${last}\\.`));
  });

  it('is told how much is forgotten', async () => {
    flip(1);
    const reader = await listen('?since=0');
    const id = (await reader.of('switches'))[0]?.id ?? '';
    reader.leave();
    flip(JOURNAL_LIMIT + 10);
    const missed = site.control.journal.last - JOURNAL_LIMIT - Number.parseInt(id, 10);
    expect(missed).toBeGreaterThan(0);
    const back = await listen('', { 'Last-Event-ID': id });
    await back.of('switches', JOURNAL_LIMIT);
    expect(back.told[0]).toMatchObject({ type: 'gap', data: { missed, restarted: false } });
    expect(back.told).toHaveLength(1 + JOURNAL_LIMIT);
  });

  it.each(['41.00000000', '99999', 'rubbish', '1.zz'])(
    'to another run of the agent with the id %s is told so, and all that there is',
    async (id) => {
      flip(2);
      const reader = await listen('', { 'Last-Event-ID': id });
      await reader.of('switches', 2);
      expect(reader.told[0]).toMatchObject({ type: 'gap', data: { missed: 0, restarted: true } });
      expect(reader.told).toHaveLength(1 + site.control.journal.last);
    },
  );

  it('without a word about it is told nothing old', async () => {
    flip(2);
    const reader = await listen();
    await reader.of('status');
    expect(reader.told).toEqual([]);
  });
});

describe('the log', () => {
  const write = (text: string, level: 'warn' | 'info' = 'info'): void =>
    site.control.log.logger('sip')[level](text);

  it('is told to whoever asks for it, from the level that he asks for', async () => {
    write('early');
    const [info, warn, none] = await Promise.all([
      listen('?log=info'),
      listen('?log=warn'),
      listen('?log=loud'),
    ]);
    write('late');
    write('grave', 'warn');
    expect((await info?.of('log', 3))?.map(({ data }) => Object(data).text)).toEqual([
      ...['early', 'late', 'grave'],
    ]);
    const [grave] = await warn.of('log');
    expect(grave?.data).toEqual({
      ...{ at: '1970-01-01T00:00:00.000Z', level: 'warn', area: 'sip', text: 'grave' },
    });
    await none.of('status');
    expect([warn.told.length, none.told.length]).toEqual([1, 0]);
  });

  it('is kept for 200 lines', async () => {
    for (let i = 0; i < 30; i++) {
      for (let j = 0; j < 10; j++) write(`line ${'x'.repeat(i)}`);
    }
    const reader = await listen('?log=debug');
    await reader.of('log', 200);
    expect(reader.told).toHaveLength(200);
    expect(reader.told[199]?.data).toMatchObject({ text: `line ${'x'.repeat(29)}` });
  });
});

describe('streams', () => {
  it('are eight at most: the eldest gives way', async () => {
    const readers: EventReader[] = [];
    for (let count = 0; count < 9; count++) readers.push(await listen());
    await expect.poll(() => readers[0]?.isOver).toBe(true);
    expect(site.status.streams).toBe(8);
    expect(readers.slice(1).map(({ isOver }) => isOver)).toEqual(Array(8).fill(false));
  });

  it('whose reader takes nothing are dropped, and others go on', async () => {
    const slow = await site.open('/api/events?log=warn');
    slow.pause();
    const quick = await listen();
    const line = 'x'.repeat(60_000);
    // More than the sockets of both ends hold.
    for (let i = 0; site.status.droppedStreams === 0 && i < 2000; i++) {
      // Each of a kind of its own, which nothing keeps back.
      site.control.log.logger('sip').warn(`${i} ${line}`);
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(site.status).toMatchObject({ droppedStreams: 1, streams: 1 });
    dial();
    await quick.of('call');
    slow.destroy();
  });

  it('end with the session', async () => {
    const closed = await openSite({}, 'secret word');
    const cookie = await closed.logIn('secret word');
    const reader = new EventReader(await closed.open('/api/events', cookie));
    await reader.of('status');
    // A page that is open and listens is in use.
    for (let minutes = 0; minutes < 90; minutes += 1) closed.clock.advance(60_000);
    expect(Object((await closed.ask('/api/session', { headers: cookie })).json())).toMatchObject({
      authenticated: true,
    });
    await closed.post('/api/logout', {}, cookie);
    closed.clock.advance(1000);
    await expect.poll(() => reader.isOver).toBe(true);
    await closed.close();
  });

  it('end when another password is set', async () => {
    const closed = await openSite({}, 'secret word');
    const reader = new EventReader(
      await closed.open('/api/events', await closed.logIn('secret word')),
    );
    rmSync(join(closed.folder, 'password'));
    writeFileSync(join(closed.folder, 'password'), cheapRecord('another word'));
    await expect
      .poll(() => {
        closed.clock.advance(1000);
        return reader.isOver;
      })
      .toBe(true);
    await closed.close();
  });
});
