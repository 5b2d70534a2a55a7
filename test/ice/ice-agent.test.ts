// Shows RFC 8445, 7675, 8656, 8489.
import { describe, expect, it } from 'vitest';
import type { IceServer } from '../../src/ice';
import { METHOD } from '../../src/ice/stun';
import { seededRandom } from '../support/seeded-random';
import { VirtualClock } from '../support/virtual-clock';
import { Endpoint, type EndpointOptions, meet, RTCP, RTP } from './support/endpoint';
import { type NatKind, SimulatedNetwork } from './support/network';
import { SimulatedServer } from './support/turn-server';

const USER = { username: 'car', password: 'secret' };
const TURN_AT = { address: '203.0.113.1', port: 3478 };
const TURN: IceServer = { at: TURN_AT, name: 'turn', user: USER, preference: 1000 };
const STUN: IceServer = { at: TURN_AT, name: 'stun', preference: 65_535 };

function world({ loss = 0 } = {}) {
  const clock = new VirtualClock();
  const network = new SimulatedNetwork(clock, { random: seededRandom(99), loss });
  const server = new SimulatedServer(network, TURN_AT, USER);
  const endpoint = (options: Omit<EndpointOptions, 'clock' | 'network'>): Endpoint =>
    new Endpoint({ clock, network, ...options });
  const behind = (kind: NatKind, seed: number, rest: Partial<EndpointOptions> = {}): Endpoint => {
    const nat = network.nat(kind, `198.51.100.${seed}`);
    return endpoint({ address: `10.0.${seed}.2`, nat, servers: [TURN], seed, ...rest });
  };
  return { clock, network, server, endpoint, behind };
}

function talk(clock: VirtualClock, one: Endpoint, other: Endpoint): void {
  one.say('sound of one');
  other.say('sound of other');
  clock.advance(200);
  expect(one.heard).toContain('sound of other');
  expect(other.heard).toContain('sound of one');
}

describe('two ends with ICE', () => {
  it('find each other without a NAT at once, by their own addresses', () => {
    const { clock, endpoint } = world();
    const one = endpoint({ address: '192.0.2.1', seed: 1, components: [RTP, RTCP] });
    const other = endpoint({ address: '192.0.2.2', seed: 2, components: [RTP, RTCP] });
    meet(clock, one, other);
    clock.advance(300);
    expect(one.kinds).toEqual(['host host', 'host host']);
    expect(other.kinds).toEqual(['host host', 'host host']);
    expect(one.aims.get('audio 1')).toEqual({ address: '192.0.2.2', port: 4020 });
    expect(one.aims.get('audio 2')).toEqual({ address: '192.0.2.2', port: 4021 });
    talk(clock, one, other);
  });

  const EXPECTED: readonly [NatKind, NatKind, RegExp][] = [
    ['full-cone', 'full-cone', /^host srflx . host srflx$/],
    ['full-cone', 'symmetric', /^host prflx . host srflx$/],
    ['port-restricted', 'port-restricted', /^host srflx . host srflx$/],
    ['port-restricted', 'symmetric', /relay/],
    ['symmetric', 'port-restricted', /relay/],
    ['symmetric', 'symmetric', /relay/],
  ];
  for (const [near, far, kinds] of EXPECTED) {
    it(`talk through a ${near} and a ${far} NAT within 3 s`, () => {
      const { clock, behind } = world();
      const [one, other] = [behind(near, 1), behind(far, 2)];
      meet(clock, one, other);
      clock.advance(2000);
      expect([one.kinds[0], other.kinds[0]].join(' | ')).toMatch(kinds);
      expect(one.told).toContain('completed');
      expect(other.told).toContain('completed');
      talk(clock, one, other);
    });
  }

  it('talk although one packet in five is lost', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { clock, behind } = world({ loss: 0.2 });
      const one = behind('port-restricted', 2 * seed);
      const other = behind('port-restricted', 2 * seed + 1);
      meet(clock, one, other);
      clock.advance(8000);
      expect(one.told, `seed ${seed}`).toContain('completed');
      expect(other.told, `seed ${seed}`).toContain('completed');
    }
  });

  it('settle who chooses where both believe that they do (§7.3.1.1)', () => {
    for (const both of [true, false]) {
      const { clock, endpoint } = world();
      const one = endpoint({ address: '192.0.2.1', seed: 1 });
      const other = endpoint({ address: '192.0.2.2', seed: 2 });
      clock.advance(500);
      one.open(both);
      other.open(both);
      one.begin(other.description);
      other.begin(one.description);
      clock.advance(2000);
      expect(one.agent.sessionOf('audio')?.isControlling).toBe(
        !other.agent.sessionOf('audio')?.isControlling,
      );
      talk(clock, one, other);
    }
  });

  it('are found where the far end only answers checks (§2.5), whoever offered', () => {
    const { clock, endpoint } = world();
    const one = endpoint({ address: '192.0.2.1', seed: 1 });
    const lite = endpoint({ address: '192.0.2.2', seed: 2 });
    one.open(false);
    // It never begins, and answers all the same.
    lite.open(false);
    one.begin({ ...lite.description, isLite: true });
    expect(one.agent.sessionOf('audio')?.isControlling).toBe(true);
    clock.advance(500);
    expect(one.kinds).toEqual(['host host']);
  });

  it('answer checks that come before the description', () => {
    const { clock, endpoint } = world();
    const one = endpoint({ address: '192.0.2.1', seed: 1 });
    const other = endpoint({ address: '192.0.2.2', seed: 2 });
    one.open(true);
    other.open(false);
    other.begin(one.description);
    // The answer takes its time; the checks do not.
    clock.advance(400);
    one.begin(other.description);
    clock.advance(250);
    expect(one.kinds).toEqual(['host host']);
    expect(other.kinds).toEqual(['host host']);
  });

  it('tell why there is no way, and stop', () => {
    const { clock, network, endpoint } = world();
    network.blocked.add('192.0.2.2');
    const one = endpoint({ address: '192.0.2.1', seed: 1 });
    const other = endpoint({ address: '192.0.2.2', seed: 2 });
    meet(clock, one, other);
    clock.advance(60_000);
    expect(one.told.join()).toContain('ICE has found no way for audio 1');
    const { sent } = network;
    clock.advance(60_000);
    expect(network.sent).toBe(sent);
  });

  it('let each other in at their relays before any check comes there', () => {
    const { clock, server, behind } = world();
    meet(clock, behind('symmetric', 1), behind('symmetric', 2));
    clock.advance(120);
    for (const address of ['198.51.100.1', '198.51.100.2', '203.0.113.1'])
      expect(server.permissions()).toContain(address);
  });

  it('check no more than there is to check', () => {
    const { clock, network, endpoint } = world();
    const one = endpoint({ address: '192.0.2.1', seed: 1 });
    const other = endpoint({ address: '192.0.2.2', seed: 2 });
    one.open(true);
    other.open(false);
    one.begin(other.description);
    other.begin(one.description);
    clock.advance(1000);
    // A check each way, one that nominates, and their answers.
    expect(network.sent).toBe(6);
  });

  it('check 128 pairs at most, one in 50 ms', () => {
    const { clock, network, endpoint } = world();
    const servers = [1, 2, 3, 4].map((number) => {
      const at = { address: `203.0.113.10${number}`, port: 3478 };
      new SimulatedServer(network, at, USER);
      return { ...TURN, at, name: `turn ${number}` };
    });
    const one = endpoint({ address: '192.0.2.1', seed: 1, servers });
    clock.advance(1000);
    expect(one.agent.candidatesOf('audio')).toHaveLength(5);
    one.open(true);
    const candidates = Array.from({ length: 500 }, (_, index) => ({
      foundation: String(index),
      component: 1 as const,
      priority: 1000 + index,
      kind: 'host' as const,
      address: `192.0.3.${index % 250}`,
      port: 1000 + index,
    }));
    const far = { stream: 'audio', fragment: 'abcd', password: 'x'.repeat(22), candidates };
    const before = network.sent;
    one.begin({ isLite: false, streams: [far] });
    expect(one.agent.sessionOf('audio')?.pairs).toHaveLength(128);
    // Beside what asks the relays to let them in.
    const asked = network.sent - before;
    clock.advance(40);
    const settled = network.sent;
    clock.advance(500);
    // One that is relayed is sent twice.
    expect(network.sent - settled).toBeLessThanOrEqual(2 * 11);
    expect(asked).toBeLessThanOrEqual(1 + 4 * 32);
  });

  it('take nothing from whoever does not know the password', () => {
    const { clock, network, endpoint } = world();
    const one = endpoint({ address: '192.0.2.1', seed: 1 });
    const other = endpoint({ address: '192.0.2.2', seed: 2 });
    const thief = endpoint({ address: '192.0.2.66', seed: 3 });
    meet(clock, one, other);
    clock.advance(1000);
    thief.open(false);
    const [stream] = one.description.streams;
    if (!stream) throw new Error('no stream');
    const guessed = { ...stream, password: 'wrong'.repeat(5) };
    thief.begin({ isLite: false, streams: [guessed] });
    clock.advance(2000);
    expect(one.agent.sessionOf('audio')?.pairs.map(({ remote }) => remote.address)).toEqual([
      '192.0.2.2',
    ]);
    expect(thief.kinds).toEqual(['none']);
    expect(network.sent).toBeLessThan(40);
  });

  it('go on where an end restarts with other credentials (§9), without a gap', () => {
    const { clock, behind } = world();
    const [one, other] = [behind('full-cone', 1), behind('full-cone', 2)];
    meet(clock, one, other);
    clock.advance(1000);
    const former = one.agent.credentials;
    one.agent.renewCredentials();
    one.open(true);
    expect(one.agent.credentials).not.toEqual(former);
    talk(clock, one, other);
    other.agent.renewCredentials();
    other.open(false);
    other.begin(one.description);
    one.begin(other.description);
    clock.advance(1000);
    expect(one.told.filter((word) => word === 'completed')).toHaveLength(2);
    talk(clock, one, other);
  });
});

describe('a peer that stays with another way than the one that was nominated', () => {
  it('is followed there after half a second of its media (§12.2)', () => {
    const { clock, network, behind } = world();
    const nat = network.nat('full-cone', '198.51.100.2');
    const one = behind('symmetric', 1);
    const other = behind('full-cone', 2, { nat });
    meet(clock, one, other);
    clock.advance(2000);
    expect(one.kinds).toEqual(['host srflx']);
    const relay = one.agent.candidatesOf('audio').find(({ kind }) => kind === 'relay');
    if (!relay) throw new Error('no relay');
    const send = (): void => {
      network.send({ address: '10.0.2.2', port: 4020 }, nat, relay, Buffer.alloc(172, 0x80));
      clock.advance(20);
    };
    for (let packet = 0; packet < 24; packet++) send();
    clock.advance(100);
    expect(one.kinds).toEqual(['host srflx']);
    send();
    clock.advance(200);
    expect(one.kinds).toEqual(['relay srflx']);
    expect(one.aims.get('audio 1')).toEqual({ ...TURN_AT, channel: 0x4000 });
  });
});

describe('consent (RFC 7675)', () => {
  it('is kept by questions every few seconds, and lost 30 s after the last answer', () => {
    const { clock, network, endpoint } = world();
    const one = endpoint({ address: '192.0.2.1', seed: 1 });
    const other = endpoint({ address: '192.0.2.2', seed: 2 });
    meet(clock, one, other);
    clock.advance(120_000);
    expect(one.told).not.toContain('consent lost: audio 1');
    network.blocked.add('192.0.2.2');
    clock.advance(23_000);
    expect(one.told).not.toContain('consent lost: audio 1');
    clock.advance(15_000);
    expect(one.told).toContain('consent lost: audio 1');
  });
});

describe('candidates', () => {
  it('are gathered from a server without credentials, too, and those that say nothing new are left out', () => {
    const { clock, network, endpoint } = world();
    const nat = network.nat('full-cone', '198.51.100.9');
    const inside = endpoint({ address: '10.0.0.2', nat, servers: [STUN], seed: 1 });
    const outside = endpoint({ address: '192.0.2.7', servers: [STUN], seed: 2 });
    clock.advance(100);
    expect(inside.told).toEqual(['gathered']);
    const kinds = (end: Endpoint): string[] =>
      end.agent.candidatesOf('audio').map(({ kind, address }) => `${kind} ${address}`);
    expect(kinds(inside)).toEqual(['host 10.0.0.2', 'srflx 198.51.100.9']);
    expect(kinds(outside)).toEqual(['host 192.0.2.7']);
  });

  it('are given up where a server does not answer, or does not know the password', () => {
    const { clock, network, endpoint } = world();
    network.blocked.add('203.0.113.2');
    const dead = { at: { address: '203.0.113.2', port: 3478 }, name: 'dead', preference: 1 };
    const wrong = { ...TURN, user: { username: 'car', password: 'guess' } };
    const one = endpoint({ address: '192.0.2.1', servers: [dead, wrong], seed: 1 });
    clock.advance(5000);
    expect(one.told).toEqual(['turn: 401 Unauthorized', 'dead: no answer', 'gathered']);
  });
});

describe('an allocation', () => {
  it('is renewed, with another nonce where the old one is stale, and given back', () => {
    const { clock, server, behind } = world();
    const [one, other] = [behind('symmetric', 1), behind('symmetric', 2)];
    meet(clock, one, other);
    clock.advance(2000);
    server.nonce = 'second';
    clock.advance(30 * 60_000);
    expect(server.allocations).toBe(2);
    const bound = server.asked.filter((method) => method === METHOD.channelBind);
    expect(bound.length).toBeGreaterThanOrEqual(4);
    talk(clock, one, other);
    one.agent.close();
    other.agent.close();
    clock.advance(1000);
    expect(server.allocations).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
