import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StatusReply } from '../../../src/control';
import { LONGEST_MS } from '../../../src/control/mqtt/back-off';
import { STABLE_MS, STATE_MS, TIDY_MS } from '../../../src/control/mqtt/client';
import { OUTBOX_LIMIT } from '../../../src/control/mqtt/outbox';
import { mqttProblems } from '../../../src/control/mqtt-status';
import type { LineFile } from '../../../src/platform';
import { Authority } from '../../toolkit/peers/authority';
import { BASE, FakeBroker, office, settle } from './office';

const PHONE = 'sip:phone@192.0.2.9';
const DAY_MS = 24 * 3600 * 1000;

/** A file in memory. */
function memoryFile(text?: string): LineFile & { text: string | undefined } {
  const file = {
    text,
    read: async () => file.text,
    append: async (more: string) => {
      file.text = (file.text ?? '') + more;
    },
    replace: async (all: string) => {
      file.text = all;
    },
  };
  return file;
}

describe('what stands at the broker', () => {
  it('is all of it retained, from the first connection on', async () => {
    const { broker } = await office();
    const texts = Object.fromEntries(broker.told.map(({ topic, payload }) => [topic, payload]));
    expect(texts[`${BASE}/availability`]).toBe('online');
    expect(broker.standing(`${BASE}/state`)).toEqual({
      accounts: {},
      version: '1.2.3',
      call: 'idle',
      remote: '',
      calls: 0,
      registration: 'none',
      doNotDisturb: false,
      microphoneMuted: false,
      pictureMuted: false,
      autoAnswer: false,
      camera: 'streaming',
      problems: [],
      droppedEvents: 0,
    });
    const standing = broker.told.filter(({ topic }) => topic !== `${BASE}/event`);
    expect(standing.every(({ retain }) => retain)).toBe(true);
    expect(broker.told.some(({ topic, retain }) => topic === `${BASE}/event` && retain)).toBe(
      false,
    );
  });

  it('follows a call, and is taken away with it', async () => {
    const { broker, agent, userAgent, clock } = await office();
    agent.call(PHONE);
    await settle();
    expect(broker.standing(`${BASE}/call/1`)).toMatchObject({ state: 'dialing', remote: PHONE });
    userAgent.sessions[0]?.pickUp();
    clock.advance(6000);
    await settle();
    expect(broker.standing(`${BASE}/call/1`)).toMatchObject({ state: 'active' });
    expect(broker.standing(`${BASE}/call/1`)).not.toHaveProperty('media');
    expect(broker.standing(`${BASE}/quality/1`)).toMatchObject({ call: 1, durationS: 5 });
    expect(broker.standing(`${BASE}/state`)).toMatchObject({ call: 'active', remote: PHONE });
    agent.hangup();
    clock.advance(STATE_MS);
    await settle();
    expect(broker.texts(`${BASE}/call/1`).at(-1)).toBe('');
    expect(broker.texts(`${BASE}/quality/1`).at(-1)).toBe('');
    expect(broker.standing(`${BASE}/state`)).toMatchObject({ call: 'idle', remote: '' });
    // How a call sounded is no news afterwards, and is not kept for those who come later.
    expect(broker.events().map(({ type }) => type)).not.toContain('quality');
  });

  it('of an earlier run is taken away, what is ours stays, and then nobody listens for it', async () => {
    const { broker, agent } = await office();
    agent.call(PHONE);
    await settle();
    broker.deliver(`${BASE}/call/1`, { call: 1 }, { retained: true });
    broker.deliver(`${BASE}/call/9`, { call: 9 }, { retained: true });
    broker.deliver(`${BASE}/registration/old@example.org`, {}, { retained: true });
    broker.deliver(`${BASE}/call/8`, '', { retained: true });
    await settle();
    expect(broker.texts(`${BASE}/call/1`).at(-1)).not.toBe('');
    for (const topic of ['call/9', 'registration/old@example.org'])
      expect(broker.told.filter(({ topic: at }) => at === `${BASE}/${topic}`)).toEqual([
        { topic: `${BASE}/${topic}`, payload: '', retain: true },
      ]);
    expect(broker.texts(`${BASE}/call/8`)).toEqual([]);
  });

  it('is listened for from earlier runs for a moment only', async () => {
    const { broker, clock } = await office();
    expect(broker.subscriptions).toContain(`${BASE}/call/+`);
    clock.advance(TIDY_MS);
    expect(broker.subscriptions).toEqual([`${BASE}/command`]);
  });

  it('follows the registration by the account’s name', async () => {
    const { broker, agent, userAgent, clock } = await office();
    const topic = `${BASE}/registration/car_1@example.org`;
    agent.reconfigure({
      accounts: [
        { uri: 'sip:car/1@example.org', registrar: 'sip:example.org' },
        { name: 'fleet', uri: 'sip:van@fleet.example', registrar: 'sip:fleet.example' },
      ],
    });
    userAgent.registrations[0]?.become('registered', '', 300);
    clock.advance(STATE_MS);
    await settle();
    expect(broker.standing(`${BASE}/registration/van@fleet.example`)).toMatchObject({
      ...{ account: 'fleet', state: 'trying' },
    });
    expect(broker.standing(topic)).toEqual({
      account: 'car/1@example.org',
      uri: 'sip:car/1@example.org',
      registrar: 'sip:example.org',
      state: 'registered',
      detail: '',
    });
    expect(broker.standing(`${BASE}/state`)).toMatchObject({
      registration: 'registered',
      accounts: { 'car/1@example.org': 'registered', fleet: 'trying' },
    });
    agent.reconfigure({ accounts: [] });
    agent.setSwitch('doNotDisturb', true);
    clock.advance(STATE_MS);
    await settle();
    expect(broker.texts(topic).at(-1)).toBe('');
  });

  it('shows no password that a far end’s address has', async () => {
    const { broker, userAgent } = await office();
    userAgent.ringUp(undefined, { name: 'sip:mallory:hush@192.0.2.9' });
    await settle();
    expect(broker.texts(`${BASE}/call/1`)).toHaveLength(1);
    expect(broker.told.map(({ payload }) => String(payload)).join()).not.toContain('hush');
  });

  it('is told anew after a loss, and what ended meanwhile is taken away', async () => {
    const { broker, agent, clock } = await office();
    agent.call(PHONE);
    await settle();
    broker.drop();
    agent.hangup();
    agent.call(PHONE);
    agent.hangup();
    broker.told.length = 0;
    clock.advance(1000);
    await settle();
    expect(broker.texts(`${BASE}/availability`)).toEqual(['online']);
    expect(broker.texts(`${BASE}/call/1`)).toEqual(['']);
    // Came and went while the broker was away.
    expect(broker.texts(`${BASE}/call/2`)).toEqual([]);
  });

  it('ends with "offline", once all is told', async () => {
    const { broker, agent, client } = await office();
    broker.isSlow = true;
    agent.setSwitch('doNotDisturb', true);
    let isOver = false;
    const closing = client.close().then(() => {
      isOver = true;
    });
    await settle();
    expect(isOver).toBe(false);
    broker.takeAll();
    await closing;
    expect(broker.texts(`${BASE}/availability`).at(-1)).toBe('offline');
    expect(broker.events().at(-1)).toMatchObject({ type: 'switches' });
    expect(broker.closed).toBe(true);
  });

  it('does not keep the end waiting for a broker that takes nothing', async () => {
    const { broker, client, clock } = await office();
    broker.isSlow = true;
    const closing = client.close();
    clock.advance(500);
    await closing;
    expect(broker.closed).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('events', () => {
  it('have the numbers of the journal and the run that they are of', async () => {
    const { broker, agent } = await office();
    agent.setSwitch('doNotDisturb', true);
    agent.setSwitch('doNotDisturb', false);
    await settle();
    const [one, two] = broker.events().slice(-2);
    expect(two).toMatchObject({
      number: Number(one?.number) + 1,
      at: '2026-01-01T00:00:00.000Z',
      type: 'switches',
      param: { doNotDisturb: false },
      dropped: 0,
    });
    expect(one?.run).toMatch(/^[\da-f]{8}$/);
    expect(two?.run).toBe(one?.run);
  });

  it('of a day without a broker are told in order when it is back, the oldest given way and counted', async () => {
    const { broker, agent, client, clock } = await office();
    await settle();
    broker.drop();
    broker.away = 'no network';
    const before = broker.events().length;
    const times = OUTBOX_LIMIT + 500;
    for (let count = 0; count < times; count++) {
      clock.advance(DAY_MS / times);
      agent.setSwitch('doNotDisturb', count % 2 === 0);
      if (count % 100 === 0) await settle();
    }
    expect(client.status).toMatchObject({
      connected: false,
      detail: 'no network',
      waiting: OUTBOX_LIMIT,
      dropped: 500,
    });
    await settle();
    broker.away = undefined;
    clock.advance(LONGEST_MS);
    for (let turn = 0; turn < 300; turn++) await settle();
    const events = broker.events().slice(before);
    expect(events).toHaveLength(OUTBOX_LIMIT);
    const numbers = events.map(({ number }) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    // The gap is seen by number and by count.
    expect(numbers[0]).toBe(Number(broker.events()[before - 1]?.number ?? 0) + 501);
    expect(events[0]).toMatchObject({ dropped: 500 });
    expect(broker.standing(`${BASE}/state`)).toMatchObject({ droppedEvents: 500 });
    expect(client.status).toMatchObject({ waiting: 0, dropped: 500, connected: true, detail: '' });
  });

  it('that the broker has not taken are told again', async () => {
    const { broker, agent, clock } = await office();
    broker.isSlow = true;
    agent.setSwitch('doNotDisturb', true);
    await settle();
    const [lost] = broker.events().slice(-1);
    broker.drop();
    broker.isSlow = false;
    broker.told.length = 0;
    clock.advance(1000);
    await settle();
    expect(broker.events()).toEqual([lost]);
  });

  it('are not taken for delivered by an acknowledgement whose connection is gone, nor does it make room', async () => {
    const { broker, agent, client, clock } = await office();
    broker.isSlow = true;
    for (let count = 0; count < 100; count++) agent.setSwitch('doNotDisturb', count % 2 === 0);
    await settle();
    broker.drop();
    broker.told.length = 0;
    clock.advance(1000);
    await settle();
    expect(broker.told).toHaveLength(16);
    broker.takeLate();
    await settle();
    expect(broker.told).toHaveLength(16);
    expect(client.status.waiting).toBe(100);
  });

  it('are never more than a few on their way', async () => {
    const { broker, agent } = await office();
    broker.isSlow = true;
    broker.told.length = 0;
    for (let count = 0; count < 100; count++) agent.setSwitch('doNotDisturb', count % 2 === 0);
    await settle();
    expect(broker.events()).toHaveLength(16);
    broker.takeAll();
    await settle();
    expect(broker.events()).toHaveLength(32);
  });

  it('outlive the agent where there is a folder, each run by its own name', async () => {
    const file = memoryFile();
    const away = new FakeBroker();
    away.away = 'no network';
    const first = await office({}, file, away);
    first.agent.setSwitch('autoAnswer', true);
    await first.client.close();
    const second = await office({}, file);
    await settle();
    const events = second.broker.events();
    const switches = events.filter(({ type }) => type === 'switches');
    expect(switches).toMatchObject([{ param: { autoAnswer: true } }]);
    await second.client.close();
    // All were delivered: a third run tells none of them.
    const third = await office({}, file);
    await settle();
    expect(third.broker.events().filter(({ run }) => run === events[0]?.run)).toEqual([]);
  });

  it('in the state are told to be in memory only where the folder cannot be written', async () => {
    const broken = { ...memoryFile(), replace: () => Promise.reject(new Error('EROFS')) };
    const away = new FakeBroker();
    away.away = 'no network';
    const { client, agent } = await office({}, broken, away);
    agent.setSwitch('autoAnswer', true);
    await settle();
    expect(client.status.notKept).toBe('EROFS');
    expect(client.status.waiting).toBeGreaterThan(0);
  });
});

describe('a broker that is away', () => {
  it('is tried again later and later, never all at once, and soon after one that was up for long', async () => {
    const { broker, clock, client } = await office();
    clock.advance(STABLE_MS);
    broker.away = 'no network';
    broker.drop('gone');
    expect(client.status).toMatchObject({ connected: false, detail: 'gone' });
    const waits: number[] = [];
    for (let last = clock.now(), tries = broker.tries; waits.length < 10; ) {
      clock.advance(50);
      await settle();
      if (broker.tries === tries) continue;
      waits.push(clock.now() - last);
      [last, tries] = [clock.now(), broker.tries];
    }
    for (const [index, wait] of waits.entries()) {
      const whole = Math.min(LONGEST_MS, 1000 * 2 ** index);
      expect(wait).toBeGreaterThanOrEqual(whole / 2);
      expect(wait).toBeLessThanOrEqual(whole + 50);
    }
    expect(new Set(waits.slice(-3)).size).toBe(3);
    broker.away = undefined;
    clock.advance(LONGEST_MS);
    await settle();
    expect(client.status).toMatchObject({ connected: true, detail: '' });
    expect(Date.parse(client.status.since)).toBeGreaterThan(
      clock.wallTime().getTime() - LONGEST_MS,
    );
  });

  it('that takes us in and throws us out is not tried ever faster', async () => {
    const { broker, clock } = await office();
    for (let count = 0; count < 8; count++) {
      broker.drop('taken over');
      clock.advance(LONGEST_MS);
      await settle();
    }
    const { tries } = broker;
    broker.drop('taken over');
    clock.advance(LONGEST_MS / 2 - 1);
    await settle();
    expect(broker.tries).toBe(tries);
  });

  it('is tried at once when the network has come', async () => {
    const { broker, agent, clock, client } = await office();
    broker.away = 'no network';
    broker.drop();
    for (let count = 0; count < 6; count++) {
      clock.advance(LONGEST_MS);
      await settle();
    }
    broker.away = undefined;
    agent.networkChanged();
    await settle();
    expect(client.status.connected).toBe(true);
    const { tries } = broker;
    agent.networkChanged();
    await settle();
    expect(broker.tries).toBe(tries);
  });
});

describe('the status', () => {
  it('says how it stands with the broker, and what is wrong there', async () => {
    const { client, broker, agent, control, ask } = await office();
    const status = async () => ((await ask({ command: 'status' })) as { reply: StatusReply }).reply;
    expect(await status()).not.toHaveProperty('mqtt');
    control.surfaces.mqtt = () => client.status;
    expect(await status()).toMatchObject({ mqtt: { connected: true, commands: 2 }, problems: [] });
    broker.refuses.set(`${BASE}/event`, 'not authorized');
    agent.setSwitch('autoAnswer', true);
    await settle();
    expect((await status()).problems).toContainEqual(expect.stringMatching(/^mqtt: nothing is/));
    expect(
      mqttProblems({ ...client.status, connected: false, detail: 'gone', notKept: 'EROFS' }),
    ).toEqual(['mqtt: not connected: gone', 'mqtt: events are kept in memory only: EROFS']);
  });
});

describe('a certificate that runs out', () => {
  it('is told of a month before, ours and the broker’s', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dashvoip-mqtt-'));
    const { cert } = new Authority(folder, 'right').sign('car', 'DNS:car', 20);
    const broker = new FakeBroker();
    const spoken = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };
    const { client, clock, control, ask } = await office({ certFile: cert }, undefined, broker);
    await expect.poll(() => client.status.certificateExpires).toMatch(/^20\d\d-/);
    expect(client.status).not.toHaveProperty('tls');
    // The virtual clock has another year.
    clock.wallTime = () => new Date();
    const ours = /^mqtt: our certificate runs out on .*, in (19|20) days$/;
    expect(client.status.expiry).toEqual([expect.stringMatching(ours)]);
    const expires = new Date(Date.now() + 10.5 * 24 * 3_600_000);
    broker.security = { ...spoken, expires };
    broker.drop();
    clock.advance(60_000);
    await settle();
    expect(client.status.tls).toEqual({ ...spoken, expires: expires.toISOString() });
    control.surfaces.mqtt = () => client.status;
    const { reply } = (await ask({ command: 'status' })) as { reply: StatusReply };
    expect(reply.problems).toEqual([
      expect.stringMatching(ours),
      expect.stringMatching(/^mqtt: the certificate of the broker runs out on .*, in 10 days$/),
    ]);
    rmSync(folder, { recursive: true });
    await expect
      .poll(() => {
        clock.advance(60_000);
        return client.status.expiry;
      })
      .toHaveLength(1);
  });
});

describe('a broker that refuses', () => {
  it('a topic has it named, and is told everything else', async () => {
    const { broker, agent, client } = await office();
    broker.refuses.set(`${BASE}/event`, 'not authorized');
    agent.setSwitch('doNotDisturb', true);
    await settle();
    expect(client.status).toMatchObject({
      connected: true,
      detail: `nothing is taken at ${BASE}/event: not authorized`,
      waiting: 0,
    });
  });

  it('the subscription to commands has it named', async () => {
    const broker = new FakeBroker();
    broker.refuses.set(`${BASE}/command`, 'not authorized');
    const { client } = await office({}, undefined, broker);
    expect(client.status.detail).toBe(`no command comes from ${BASE}/command: not authorized`);
  });
});
