import { describe, expect, it } from 'vitest';
import { COMMANDS, commandRequestReader } from '../../../src/control';
import { FAKE_JPEG } from '../../agent/fakes';
import { BASE, office, settle } from './office';

const DISCOVERY = 'homeassistant/device/dashvoip-car-17/config';

interface Discovery {
  readonly dev: Record<string, unknown>;
  readonly o: Record<string, unknown>;
  readonly cmps: Record<string, Record<string, string>>;
}

/** What a template of ours makes of a value: `value | tojson` and the time are all that the commands' ones have. */
function rendered(template: string, value: string): unknown {
  return JSON.parse(
    template
      .replaceAll('{{ value | tojson }}', JSON.stringify(value))
      .replaceAll('{{ now().isoformat() | tojson }}', '"2026-01-01T00:00:00.000000+09:00"'),
  );
}

async function discovered() {
  const all = await office({ homeAssistant: true });
  return { ...all, discovery: all.broker.standing(DISCOVERY) as unknown as Discovery };
}

describe('Home Assistant', () => {
  it('is not told of where it is not wanted', async () => {
    const { broker } = await office();
    expect(broker.texts(DISCOVERY)).toEqual([]);
    expect(broker.subscriptions.some((topic) => topic.startsWith('homeassistant'))).toBe(false);
  });

  it('is told of one device, with everything that it has to have', async () => {
    const { discovery, broker } = await discovered();
    expect(discovery).toMatchObject({
      dev: { ids: ['dashvoip-car-17'], name: 'car-17', sw: '1.2.3' },
      o: { name: 'dashvoip' },
      availability_topic: `${BASE}/availability`,
      state_topic: `${BASE}/state`,
      command_topic: `${BASE}/command`,
      qos: 1,
    });
    expect(broker.told.find(({ topic }) => topic === DISCOVERY)?.retain).toBe(true);
    const kinds = Object.entries(discovery.cmps).map(([key, { p }]) => `${key} ${p}`);
    expect(kinds).toEqual([
      ...['call sensor', 'remote sensor'],
      ...['mos sensor', 'loss sensor', 'jitter sensor', 'round_trip sensor'],
      'picture image',
      ...['dial text', 'answer button', 'hangup button'],
      ...['do_not_disturb switch', 'mute_microphone switch', 'mute_picture switch'],
      'auto_answer switch',
    ]);
    const ids = Object.values(discovery.cmps).map(({ unique_id }) => unique_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows the registration where there is a registrar', async () => {
    const { broker, agent, clock } = await discovered();
    agent.reconfigure({
      accounts: [
        { uri: 'sip:car@example.org', registrar: 'sip:example.org' },
        { name: 'fleet', uri: 'sip:van@fleet.example', registrar: 'sip:fleet.example' },
      ],
    });
    agent.setSwitch('autoAnswer', true);
    clock.advance(1000);
    await settle();
    const { cmps } = broker.standing(DISCOVERY) as unknown as Discovery;
    expect(cmps.registration).toMatchObject({
      ...{ p: 'sensor', name: 'Registration', device_class: 'enum' },
      state_topic: `${BASE}/registration/car@example.org`,
    });
    expect(cmps.registration_fleet).toMatchObject({
      name: 'Registration fleet',
      state_topic: `${BASE}/registration/van@fleet.example`,
    });
  });

  it('shows the picture of each call that becomes active', async () => {
    const { broker, agent, userAgent, discovery } = await discovered();
    expect(discovery.cmps.picture).toMatchObject({
      p: 'image',
      image_topic: `${BASE}/picture`,
      content_type: 'image/jpeg',
    });
    agent.call('sip:phone@192.0.2.9');
    await settle();
    expect(broker.texts(`${BASE}/picture`)).toEqual([]);
    userAgent.sessions[0]?.pickUp();
    await settle();
    const { jpeg } = await agent.still();
    expect(broker.told.find(({ topic }) => topic === `${BASE}/picture`)).toEqual({
      topic: `${BASE}/picture`,
      payload: Buffer.from(jpeg),
      retain: true,
    });
  });

  it.each([[{ homeAssistant: false }], [{ homeAssistant: true, servesCommands: false }]])(
    'gets no picture where it is not wanted or anybody would see it: %j',
    async (settings) => {
      const { broker, agent, userAgent } = await office(settings);
      agent.call('sip:phone@192.0.2.9');
      userAgent.sessions[0]?.pickUp();
      await settle();
      expect(broker.texts(`${BASE}/picture`)).toEqual([]);
      expect(broker.standing(DISCOVERY)?.cmps ?? {}).not.toHaveProperty('picture');
    },
  );

  it('shows the picture that the command "still" took, with or without Home Assistant', async () => {
    const kept = { path: 'door.jpg', bytes: FAKE_JPEG.length, width: 1280, height: 720 };
    const { broker, ask } = await office({}, undefined, undefined, {
      stillKeeper: { keep: async () => kept },
    });
    expect(await ask({ command: 'still', param: { name: '../door' } })).toMatchObject({
      ok: false,
    });
    expect(broker.texts(`${BASE}/picture`)).toEqual([]);
    expect(await ask({ command: 'still', param: { name: 'door' } })).toMatchObject({
      ok: true,
      reply: kept,
    });
    await settle();
    expect(broker.told.filter(({ topic }) => topic === `${BASE}/picture`)).toEqual([
      { topic: `${BASE}/picture`, payload: Buffer.from(FAKE_JPEG), retain: true },
    ]);
  });

  it('goes without a picture when there is none to be had', async () => {
    const { broker, agent, userAgent, engine } = await discovered();
    engine.state = { ...engine.state, camera: { ...engine.state.camera, state: 'absent' } };
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.pickUp();
    await settle();
    expect(broker.texts(`${BASE}/picture`)).toEqual([]);
    expect(broker.standing(`${BASE}/call/1`)).toMatchObject({ state: 'active' });
  });

  it('finds in the state what its entities take from there', async () => {
    const { discovery, broker } = await discovered();
    const state = broker.standing(`${BASE}/state`) ?? {};
    const templates = Object.values(discovery.cmps)
      .filter(({ state_topic }) => state_topic === undefined)
      .flatMap(({ value_template }) => value_template ?? []);
    const fields = templates.map((template) => /value_json\.(\w+)/.exec(template)?.[1] ?? '');
    expect(fields.filter((field) => !(field in state))).toEqual([]);
    expect(discovery.cmps.call?.options).toContain(state.call);
  });

  it('sends commands that there are, with parameters that are right', async () => {
    const { discovery } = await discovered();
    const read = commandRequestReader(COMMANDS);
    const { dial, answer, hangup, do_not_disturb, auto_answer } = discovery.cmps;
    const sent = [
      rendered(dial?.command_template ?? '', 'sip:"o\'hara"@192.0.2.9'),
      rendered(answer?.command_template ?? '', answer?.payload_press ?? ''),
      rendered(hangup?.command_template ?? '', hangup?.payload_press ?? ''),
      ...[do_not_disturb, auto_answer].flatMap((one) =>
        [one?.payload_on, one?.payload_off].map((text) => JSON.parse(text ?? '')),
      ),
    ];
    const made = sent.map((value) => read(value));
    expect(made.flatMap(({ problems }) => problems)).toEqual([]);
    expect(made.map(({ request }) => [request?.command.name, request?.param])).toEqual([
      ['call', { uri: 'sip:"o\'hara"@192.0.2.9' }],
      ['answer', undefined],
      ['hangup', undefined],
      ['do-not-disturb', { on: true }],
      ['do-not-disturb', { on: false }],
      ['auto-answer', { on: true }],
      ['auto-answer', { on: false }],
    ]);
    expect(made.slice(0, 3).every(({ request }) => request?.sent !== undefined)).toBe(true);
  });

  it('is told again when it has started', async () => {
    const { broker } = await discovered();
    const before = broker.texts(DISCOVERY).length;
    broker.deliver('homeassistant/status', 'offline');
    await settle();
    expect(broker.texts(DISCOVERY)).toHaveLength(before);
    broker.deliver('homeassistant/status', 'online');
    await settle();
    expect(broker.texts(DISCOVERY)).toHaveLength(before + 1);
  });
});
