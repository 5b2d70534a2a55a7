// Shows RFC 8445, 8656, 8839.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ManagedProcess } from '../toolkit/process/process';
import {
  type NatKind,
  NatWorld,
  type Place,
  SERVER,
  TURN_TCP,
  TURN_TLS,
  TURN_UDP,
} from './support/nat-world';
import { PHONE_VOICE, Stage } from './support/stage';

/** ICE through NATs of Linux, by coturn: what no model of a NAT shows. */
const stage = await Stage.open('nat');
let world: NatWorld;
let [car, home]: [Place?, Place?] = [];

beforeAll(async () => {
  world = await NatWorld.build(stage, 2);
  [car, home] = [world.places[0], world.places[1]];
});
afterAll(() => world.close());

function placesBehind(near: NatKind, far: NatKind): readonly [Place, Place] {
  if (!car || !home) throw new Error('the world is not there');
  world.nat(car, near);
  world.nat(home, far);
  return [car, home];
}

async function oneAgent(place: Place): Promise<ManagedProcess> {
  const agent = await world.agent(place, 'car', ICE);
  onTestFinished(async () => {
    await agent.stop();
  });
  return agent;
}

function wayOf(agent: ManagedProcess): string {
  const [, , local, remote] = FOUND.exec(agent.output) ?? [];
  return `${local} ${remote}`;
}

async function agents(
  places: readonly [Place, Place],
  ice: readonly [object, object],
): Promise<readonly [ManagedProcess, ManagedProcess]> {
  const both = await Promise.all([
    world.agent(places[0], 'car', ice[0]),
    world.agent(places[1], 'home', ice[1]),
  ]);
  onTestFinished(async () => {
    for (const one of both) await one.stop();
  });
  return both;
}

const FOUND = /^time=(\S+) .*msg="ICE" stream=audio id=1 local=(\w+) remote=(\w+)/m;

/** Calls home, and waits until both hear; by which candidates of each end, and how long it took by the car's own clock. */
async function call(
  places: readonly [Place, Place],
  agent: ManagedProcess,
): Promise<{ readonly way: string; readonly ms: number }> {
  world.said(places[0], 'call', `sip:home@${SERVER}`);
  await agent.waitFor(FOUND);
  for (const place of places) await world.untilHeard(place);
  const [, dialled = ''] = /^time=(\S+) .*msg="dialing"/m.exec(agent.output) ?? [];
  const [, found = '', local, remote] = FOUND.exec(agent.output) ?? [];
  return { way: `${local} ${remote}`, ms: Date.parse(found) - Date.parse(dialled) };
}

const ICE = { servers: [TURN_UDP] };

describe('two cars behind NATs', () => {
  it('talk straight through full-cone ones', async () => {
    const places = placesBehind('full-cone', 'full-cone');
    const [agent] = await agents(places, [ICE, ICE]);
    const { way, ms } = await call(places, agent);
    console.info(`full-cone NATs: ${ms} ms from the call to the way of its sound`);
    expect(way).toBe('host srflx');
  });

  it('talk by a relay through symmetric ones', async () => {
    const places = placesBehind('symmetric', 'symmetric');
    const [agent] = await agents(places, [ICE, ICE]);
    const { way, ms } = await call(places, agent);
    console.info(`symmetric NATs: ${ms} ms from the call to the way of its sound`);
    expect(way).toMatch(/relay/);
  });

  for (const [name, server] of [
    ['TCP', TURN_TCP],
    ['TLS', TURN_TLS],
  ] as const) {
    it(`talk by ${name} where nothing else is let through`, async () => {
      const places = placesBehind('symmetric', 'symmetric');
      world.blockUdp(places[0], server === TURN_TCP);
      const [agent] = await agents(places, [{ servers: [TURN_UDP, server] }, ICE]);
      const { way, ms } = await call(places, agent);
      console.info(`UDP blocked, ${name}: ${ms} ms from the call to the way of its sound`);
      expect(way).toMatch(/^relay/);
    });
  }

  it('talk on when an address changes', async () => {
    const places = placesBehind('symmetric', 'symmetric');
    const [agent] = await agents(places, [ICE, ICE]);
    await call(places, agent);
    const [before, since] = [agent.output.length, Date.now()];
    world.renumber(places[0], '10.81.0.3');
    onTestFinished(() => world.renumber({ ...places[0], address: '10.81.0.3' }, '10.81.0.2'));
    await agent.waitFor(FOUND, 20_000, before);
    const [, found = ''] = FOUND.exec(agent.output.slice(before)) ?? [];
    console.info(`address changed: ${Date.parse(found) - since} ms to the way of its sound`);
    for (const place of places) await world.untilHeard(place);
  });
});

describe('a telephone behind a NAT of its own', () => {
  const NATS: readonly [NatKind, NatKind][] = [
    ['full-cone', 'full-cone'],
    ['symmetric', 'full-cone'],
  ];
  for (const [near, far] of NATS) {
    it(`baresip talks with a car behind a ${near} NAT`, async () => {
      const places = placesBehind(near, far);
      const agent = await oneAgent(places[0]);
      const phone = await world.baresip(places[1]);
      onTestFinished(async () => {
        await phone.stop();
      });
      world.said(places[0], 'call', `sip:phone@${SERVER}`);
      await agent.waitFor(FOUND);
      await world.untilHeard(places[0]);
      world.said(places[0], 'hangup');
      console.info(`baresip behind ${far}, car behind ${near}: ${wayOf(agent)}`);
      // What it sent, and what it received.
      await phone.waitFor(/packets: +[1-9]\d+ +[1-9]\d+/);
    });
  }

  it('linphonec talks with a car, whoever calls', async () => {
    const places = placesBehind('full-cone', 'full-cone');
    const agent = await oneAgent(places[0]);
    const phone = await world.linphonec(places[1], PHONE_VOICE);
    onTestFinished(async () => {
      await phone.stop();
    });
    world.said(places[0], 'call', `sip:phone@${SERVER}`);
    await agent.waitFor(FOUND);
    await world.untilHeard(places[0]);
    console.info(`linphonec: ${wayOf(agent)}`);
    world.said(places[0], 'hangup');
    const before = agent.output.length;
    phone.writeLine(`call sip:car@${SERVER}`);
    await agent.waitFor(FOUND, 20_000, before);
    await world.untilHeard(places[0]);
  });
});
