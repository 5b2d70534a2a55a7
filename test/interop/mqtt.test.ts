import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Authority } from '../toolkit/peers/authority';
import { Mosquitto, type MosquittoOptions } from '../toolkit/peers/mosquitto';
import { MqttPeer } from '../toolkit/peers/mqtt-client';
import { waitUntil } from '../toolkit/process/wait';
import { Stage, type TestAgent } from './support/stage';

const stage = await Stage.open('mqtt');
const USER = { username: 'office', password: 'pw-office' };
const PASSWORDS = { car: 'pw-car', office: 'pw-office' };
const BASE = 'dashvoip/car-17';
/** One of them has calls at a time. */
const [first, phoneFirst] = [stage.ports.next(20), stage.ports.next(20)];
const rtpPorts = [first, first + 19] as const;
const phonePorts = { rtpPorts: [phoneFirst, phoneFirst + 19] } as const;

async function broker(options: Partial<MosquittoOptions> = {}): Promise<Mosquitto> {
  const started = await Mosquitto.start({
    folder: stage.folder,
    port: stage.ports.next(),
    passwords: PASSWORDS,
    ...options,
  });
  stage.owns(started);
  return started;
}

async function peer({ port }: Mosquitto, protocolVersion: 4 | 5 = 5): Promise<MqttPeer> {
  const opened = await MqttPeer.open(`mqtt://127.0.0.1:${port}`, { ...USER, protocolVersion });
  stage.owns(opened);
  return opened;
}

function agent(name: string, mqtt: object, more: object = {}): Promise<TestAgent> {
  const passwordFile = join(stage.folder, `${name}.password`);
  writeFileSync(passwordFile, 'pw-car\n', { mode: 0o600 });
  const section = { device: 'car-17', username: 'car', passwordFile, ...mqtt };
  return stage.agent({ name, rtpPorts, autoAnswer: false, sections: { mqtt: section, ...more } });
}

const urlOf = ({ port }: Mosquitto): string => `mqtt://127.0.0.1:${port}`;

/** Waits until the status says it, and gives what it says of the broker. */
function untilDetail(one: TestAgent, pattern: RegExp) {
  return waitUntil(`mqtt to be ${pattern}`, async () => {
    const { mqtt, problems } = await one.status();
    return mqtt && pattern.test(mqtt.detail) ? { ...mqtt, problems } : undefined;
  });
}

describe.each(['5', '3.1.1'] as const)('MQTT %s', (version) => {
  it('tells of a call that it is commanded to make, and of its end, and leaves nothing behind', async () => {
    const mosquitto = await broker({ name: `mosquitto-${version}` });
    const office = await peer(mosquitto, version === '5' ? 5 : 4);
    // What an earlier run left there.
    await office.publish(`${BASE}/call/99`, { call: 99 }, { retain: true });
    await office.publish(
      `${BASE}/command`,
      { command: 'call', param: { uri: 'sip:no@127.0.0.1' }, id: 'old' },
      { retain: true },
    );
    const phone = await stage.baresip(`phone-${version}`, phonePorts);
    const car = await agent(`agent-${version}`, { url: urlOf(mosquitto), version });
    await office.until(`${BASE}/availability`, (text) => text === 'online');
    await office.until(`${BASE}/call/99`, (text) => text === undefined);
    expect(await office.value(`${BASE}/response`, ({ id }) => id === 'old')).toMatchObject({
      ok: false,
      error: 'retained',
    });
    const properties = { responseTopic: 'office/answers', correlationData: Buffer.from('7') };
    await office.publish(
      `${BASE}/command`,
      { command: 'call', param: { uri: phone.uri }, id: 1, sent: new Date().toISOString() },
      version === '5' ? { properties } : {},
    );
    const answers = version === '5' ? 'office/answers' : `${BASE}/response`;
    expect(await office.value(answers, ({ id }) => id === 1)).toEqual({
      command: 'call',
      id: 1,
      ok: true,
      reply: { call: 1 },
    });
    if (version === '5')
      expect(office.seen.find(({ topic }) => topic === answers)?.correlation).toBe('7');
    await office.until(`${BASE}/call/1`, (text) => /"state":"active"/.test(text ?? ''));
    // It takes five seconds: once is enough.
    if (version === '5')
      await office.until(`${BASE}/quality/1`, (text) => /"codec"/.test(text ?? ''));
    await office.until(`${BASE}/state`, (text) => /"call":"active"/.test(text ?? ''));
    await office.publish(`${BASE}/command`, { command: 'hangup', id: 2 });
    for (const topic of ['call/1', 'quality/1'])
      await office.until(`${BASE}/${topic}`, (text) => text === undefined);
    await office.value(`${BASE}/event`, ({ param }) => /hung up here/.test(JSON.stringify(param)));
    const numbers = office.values(`${BASE}/event`).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    await car.stop();
    await office.until(`${BASE}/availability`, (text) => text === 'offline');
    // Who comes now finds this, and nothing of a call.
    const late = await peer(mosquitto);
    await late.until(`${BASE}/state`, (text) => text !== undefined);
    const kept = late.seen.filter(({ retained, topic }) => retained && topic.startsWith(BASE));
    expect(kept.map(({ topic }) => topic.slice(BASE.length + 1)).sort()).toEqual([
      'availability',
      'command',
      'state',
    ]);
    await phone.stop();
  });
});

describe('a broker that does not let us in, or not everywhere', () => {
  it('is named with its reason, and no secret', async () => {
    const mosquitto = await broker();
    const car = await agent('wrong-password', {
      url: urlOf(mosquitto),
      passwordFile: undefined,
      password: 'hush-hush',
    });
    const seen = await untilDetail(car, /user name or the password|not authorized/);
    expect(seen.connected).toBe(false);
    expect(seen.problems.join()).toContain('mqtt: not connected: ');
    expect(JSON.stringify(await car.status()) + car.agent.process.output).not.toContain(
      'hush-hush',
    );
    await car.stop();
  });

  it('by its access list is told by topic, and commands by who may not send them never come', async () => {
    const accessList = [
      ...['user car', `topic readwrite ${BASE}/#`, `topic deny ${BASE}/event`],
      ...['user office', 'topic read #'],
    ];
    const mosquitto = await broker({ name: 'mosquitto-acl', accessList });
    const office = await peer(mosquitto);
    const car = await agent('acl', { url: urlOf(mosquitto) });
    await untilDetail(car, /nothing is taken at dashvoip\/car-17\/event: not authorized/);
    // What is refused keeps nothing else from being told.
    await office.until(`${BASE}/state`, (text) => text !== undefined);
    await expect(office.publish(`${BASE}/command`, { command: 'status', id: 3 })).rejects.toThrow(
      /[Nn]ot authorized/,
    );
    await waitUntil('nothing to wait', async () => (await car.status()).mqtt?.waiting === 0);
    expect((await car.status()).mqtt).toMatchObject({ connected: true, commands: 0 });
    await car.stop();
  });

  it('by its certificate is not told anything; ours is shown where it asks for one', async () => {
    const [right, wrong] = [
      new Authority(stage.folder, 'right'),
      new Authority(stage.folder, 'wrong'),
    ];
    const tls = right.sign('broker', 'DNS:localhost,IP:127.0.0.1');
    const client = right.sign('car-17', 'DNS:car-17', 20);
    const mosquitto = await broker({
      name: 'mosquitto-tls',
      tls: { ...tls, asksForCertificate: true },
    });
    const url = `mqtts://127.0.0.1:${mosquitto.port}`;
    const plain = { username: undefined, passwordFile: undefined };
    const stranger = await agent('wrong-ca', { ...plain, url, caFile: wrong.certificate });
    await untilDetail(stranger, /authority|certificate was not signed/);
    await stranger.stop();
    const nameless = await agent('no-certificate', { ...plain, url, caFile: right.certificate });
    await untilDetail(nameless, /client certificate|closed/);
    await nameless.stop();
    const known = await agent('certificate', {
      ...plain,
      url,
      caFile: right.certificate,
      certFile: client.cert,
      keyFile: client.key,
    });
    await waitUntil('a connection', async () => (await known.status()).mqtt?.connected);
    await known.untilProblem(/^mqtt: our certificate runs out on .*, in (19|20) days$/);
    expect(await known.agent.json('status')).toMatchObject({
      mqtt: { tls: { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) } },
    });
    await known.stop();
  });
});

describe('a broker that goes in the middle of a call', () => {
  it('is told all that happened meanwhile when it is back', async () => {
    const mosquitto = await broker({ name: 'mosquitto-killed' });
    const phone = await stage.baresip('phone-killed', phonePorts);
    const car = await agent('killed', { url: urlOf(mosquitto) });
    await waitUntil('a connection', async () => (await car.status()).mqtt?.connected);
    await car.call(phone.uri);
    await car.until('active');
    const before = await peer(mosquitto);
    await before.until(`${BASE}/call/1`, (text) => /active/.test(text ?? ''));
    await before.stop();
    await mosquitto.kill();
    await untilDetail(car, /./);
    await car.hold();
    await car.until('held');
    await car.hangup();
    await car.untilIdle();
    const { waiting } = (await car.status()).mqtt ?? { waiting: 0 };
    expect(waiting).toBeGreaterThanOrEqual(2);
    const again = await broker({ name: 'mosquitto-again', port: mosquitto.port });
    const office = await peer(again);
    await office.value(`${BASE}/event`, ({ param }) => /hung up here/.test(JSON.stringify(param)));
    const events = office.values(`${BASE}/event`);
    expect(events.map(({ param }) => (param as { state?: string }).state)).toContain('held');
    const numbers = events.map(({ number }) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    await office.until(`${BASE}/availability`, (text) => text === 'online');
    expect(office.last(`${BASE}/call/1`)).toBeUndefined();
    await waitUntil('nothing to wait', async () => (await car.status()).mqtt?.waiting === 0);
    await car.stop();
    await phone.stop();
  });
});

describe('without a broker in the configuration', () => {
  it('nothing of MQTT is loaded', async () => {
    const watch = join(stage.folder, 'watch.cjs');
    writeFileSync(
      watch,
      "const m = require('module'), load = m._load; m._load = function (name, ...rest) { if (/dashvoip-mqtt/.test(name)) console.error('loads ' + name); return load.call(this, name, ...rest); };",
    );
    const [plain, other] = [
      await stage.agent({ name: 'plain', rtpPorts, require: watch }),
      await stage.agent({
        name: 'other',
        rtpPorts,
        require: watch,
        sections: { mqtt: { url: 'mqtt://127.0.0.1:1', device: 'x' } },
      }),
    ];
    await untilDetail(other, /nobody listens/);
    expect(other.agent.process.output).toMatch(/^loads .*dashvoip-mqtt.cjs$/m);
    expect((await plain.status()).mqtt).toBeUndefined();
    expect(plain.agent.process.output).not.toContain('dashvoip-mqtt');
    await plain.stop();
    await other.stop();
  });
});
