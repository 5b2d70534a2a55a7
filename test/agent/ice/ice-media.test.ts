// Shows RFC 8839, 8445.
import { describe, expect, it } from 'vitest';
import type { IceSettings } from '../../../src/agent/ice';
import { type NatKind, SimulatedNetwork } from '../../ice/support/network';
import { SimulatedServer } from '../../ice/support/turn-server';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';
import { exchange, IceEnd, type IceEndOptions } from './ice-end';

const USER = { username: 'car', password: 'secret' };
const TURN: IceSettings = { servers: [{ uri: 'turn:203.0.113.1', ...USER }] };
const BARE: IceSettings = { servers: [] };

function world() {
  const clock = new VirtualClock();
  const network = new SimulatedNetwork(clock, { random: seededRandom(99) });
  const server = new SimulatedServer(network, { address: '203.0.113.1', port: 3478 }, USER);
  const end = (seed: number, rest: Partial<IceEndOptions> = {}): IceEnd =>
    new IceEnd({ clock, network, seed, address: `192.0.2.${seed}`, ice: BARE, ...rest });
  const behind = (kind: NatKind, seed: number, rest: Partial<IceEndOptions> = {}): IceEnd => {
    const nat = network.nat(kind, `198.51.100.${seed}`);
    return end(seed, { address: `10.0.${seed}.2`, nat, ice: TURN, ...rest });
  };
  return { clock, network, server, end, behind };
}

function call(clock: VirtualClock, one: IceEnd, other: IceEnd): readonly [string, string] {
  clock.advance(1000);
  const descriptions = exchange(one, other);
  for (const { media } of [one, other]) media.confirm();
  clock.advance(1500);
  return descriptions;
}

const attributes = (description: string, name: string): string[] =>
  description.split('\r\n').filter((line) => line.startsWith(`a=${name}`));

describe('descriptions with ICE', () => {
  it('name the candidates of both components in an offer, and of one in an answer that shares the port', () => {
    const { clock, end } = world();
    const [offer, answer] = call(clock, end(1), end(2));
    expect(attributes(offer, 'candidate')).toEqual([
      'a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host',
      'a=candidate:1 2 udp 2130706430 192.0.2.1 40001 typ host',
    ]);
    expect(attributes(answer, 'candidate')).toHaveLength(1);
    expect(attributes(offer, 'ice-options')).toEqual(['a=ice-options:ice2']);
    expect(attributes(offer, 'ice-ufrag')).toHaveLength(1);
    expect(attributes(answer, 'ice-pwd')).toHaveLength(1);
  });

  it('wait for servers, and for those that do not answer half a second', async () => {
    const { clock, network, end, behind } = world();
    let isReady = false;
    void behind('full-cone', 1).media.ready?.then(() => {
      isReady = true;
    });
    clock.advance(110);
    await Promise.resolve();
    expect(isReady).toBe(true);
    network.blocked.add('203.0.113.1');
    const late = end(2, { ice: TURN });
    clock.advance(499);
    expect(late.media.ready).toBeDefined();
    clock.advance(2);
    expect(late.media.ready).toBeUndefined();
    expect(end(3).media.ready).toBeUndefined();
    expect(end(4, { ice: undefined }).media.ready).toBeUndefined();
  });

  it('say nothing of ICE to whoever has none, and media go as ever', () => {
    const { clock, end } = world();
    const one = end(1, { ice: undefined });
    const other = end(2);
    const [, answer] = call(clock, one, other);
    expect(answer).not.toContain('a=ice');
    expect(other.remote).toBe('192.0.2.1:40000 40000');
    expect(one.remote).toBe('192.0.2.2:40000 40000');
    const [offer] = call(clock, other, one);
    expect(offer).not.toContain('a=ice');
    const fresh = end(5);
    call(clock, fresh, one);
    expect(fresh.remote).toBe('192.0.2.1:40000 40000');
    expect(fresh.aim('audioRtp')).toBe('nowhere');
  });

  it('are told apart from those that something on the way has changed (§5.4)', () => {
    const { clock, end } = world();
    const [one, other] = [end(1), end(2)];
    clock.advance(500);
    const offer = one.media.createOffer().replace('c=IN IP4 192.0.2.1', 'c=IN IP4 203.0.113.99');
    const outcome = other.media.handleOffer(offer);
    const answer = 'answer' in outcome ? outcome.answer : '';
    expect(attributes(answer, 'ice')).toEqual(['a=ice-mismatch']);
    expect(other.remote).toBe('203.0.113.99:40000 40000');
    one.media.handleAnswer(answer);
    expect(one.remote).toBe('192.0.2.2:40000 40000');
  });
});

describe('media with ICE', () => {
  it('go nowhere before a way is found, and then there', () => {
    const { clock, end } = world();
    const [one, other] = [end(1), end(2)];
    clock.advance(1000);
    exchange(one, other);
    for (const { media } of [one, other]) media.confirm();
    expect(one.remote).toBe('nowhere');
    clock.advance(300);
    expect(one.aim('audioRtp')).toBe('192.0.2.2:40000');
    expect(one.remote).toBe('192.0.2.2:40000 40000');
    expect(other.aim('audioRtp')).toBe('192.0.2.1:40000');
    expect(one.session.flow).toBe('sendrecv none');
  });

  it('go by a relay through symmetric NATs, which the controlling end tells by an offer (§4.4.1.2.2)', () => {
    const { clock, behind } = world();
    const [one, other] = [behind('symmetric', 1), behind('symmetric', 2)];
    call(clock, one, other);
    expect(one.aim('audioRtp') + other.aim('audioRtp')).toMatch(/203\.0\.113\.1:3478 16384/);
    expect([one.offersWanted, other.offersWanted]).toEqual([1, 0]);
    const before = [one.aim('audioRtp'), other.aim('audioRtp')];
    const [offer, answer] = exchange(one, other);
    expect(attributes(offer, 'remote-candidates')).toHaveLength(1);
    expect(attributes(answer, 'remote-candidates')).toEqual([]);
    for (const description of [offer, answer]) {
      const [candidate = ''] = attributes(description, 'candidate');
      const [, address = '', port = ''] = /udp \d+ (\S+) (\d+) typ/.exec(candidate) ?? [];
      expect(attributes(description, 'candidate')).toHaveLength(1);
      expect(description).toContain(`m=audio ${port} `);
      expect(description.split('m=audio')[1]).toContain(`c=IN IP4 ${address}`);
    }
    clock.advance(60_000);
    expect([one.aim('audioRtp'), other.aim('audioRtp')]).toEqual(before);
    expect([one.offersWanted, other.offersWanted]).toEqual([1, 0]);
  });

  it('go by both components where the port is not shared', () => {
    const { clock, end } = world();
    const [one, other] = [end(1), end(2)];
    clock.advance(1000);
    const offer = one.media.createOffer().replace('a=rtcp-mux\r\n', '');
    const outcome = other.media.handleOffer(offer);
    const answer = 'answer' in outcome ? outcome.answer : '';
    expect(attributes(answer, 'candidate')).toHaveLength(2);
    one.media.handleAnswer(answer);
    clock.advance(500);
    expect([one.aim('audioRtp'), one.aim('audioRtcp')]).toEqual([
      '192.0.2.2:40000',
      '192.0.2.2:40001',
    ]);
    expect(one.remote).toBe('192.0.2.2:40000 40001');
  });

  it('of a picture go beside those of sound', () => {
    const { clock, end } = world();
    const [one, other] = [end(1, { withVideo: true }), end(2, { withVideo: true })];
    call(clock, one, other);
    expect(one.aim('videoRtp')).toBe('192.0.2.2:40002');
    expect(other.aim('videoRtp')).toBe('192.0.2.1:40002');
  });

  it('stay where they are when an offer of a hold comes, which is no restart', () => {
    const { clock, end } = world();
    const [one, other] = [end(1), end(2)];
    const [first] = call(clock, one, other);
    one.media.setHolding(true);
    const [second] = exchange(one, other);
    expect(attributes(second, 'ice-ufrag')).toEqual(attributes(first, 'ice-ufrag'));
    expect(other.remote).toBe('192.0.2.1:40000 40000');
    expect(other.aim('audioRtp')).toBe('192.0.2.1:40000');
  });

  it('move with an end that has another address, by a restart (RFC 8445 §9)', () => {
    const { clock, end } = world();
    const [one, other] = [end(1), end(2)];
    const [first, firstAnswer] = call(clock, one, other);
    one.media.moveTo('192.0.2.71');
    expect(one.media.ready).toBeUndefined();
    expect(one.remote).toBe('nowhere');
    const [second, secondAnswer] = exchange(one, other);
    expect(attributes(second, 'ice-ufrag')).not.toEqual(attributes(first, 'ice-ufrag'));
    expect(attributes(secondAnswer, 'ice-pwd')).not.toEqual(attributes(firstAnswer, 'ice-pwd'));
    clock.advance(500);
    expect(other.aim('audioRtp')).toMatch(/^192\.0\.2\.71:/);
    expect(one.aim('audioRtp')).toBe('192.0.2.2:40000');
    expect(one.remote).toBe('192.0.2.2:40000 40000');
  });

  it('stop when the far end does not answer for 30 s, and go on after a restart', () => {
    const { clock, network, end } = world();
    const [one, other] = [end(1), end(2)];
    call(clock, one, other);
    network.blocked.add('192.0.2.2');
    clock.advance(45_000);
    expect(one.remote).toBe('nowhere');
    expect(one.media.problems.join()).toContain('has not answered for 30 s');
    expect(one.offersWanted).toBe(1);
    network.blocked.clear();
    exchange(one, other);
    clock.advance(500);
    expect(one.remote).toBe('192.0.2.2:40000 40000');
    expect(one.media.problems).toEqual([]);
  });

  it('go where the description says when no way is found, and the reason is told', () => {
    const { clock, network, end } = world();
    const [one, other] = [end(1), end(2)];
    network.blocked.add('192.0.2.1');
    network.blocked.add('192.0.2.2');
    call(clock, one, other);
    expect(one.remote).toBe('nowhere');
    clock.advance(20_000);
    expect(one.remote).toBe('192.0.2.2:40000 40000');
    expect(one.media.problems.join()).toContain('as without ICE');
  });

  it('are those of whoever answers last: a fork, or a far end without ICE later', () => {
    const { clock, end } = world();
    const [one, early, late, plain] = [end(1), end(2), end(3), end(4, { ice: undefined })];
    clock.advance(500);
    const offer = one.media.createOffer();
    const answerOf = (other: IceEnd): string => {
      const outcome = other.media.handleOffer(offer);
      return 'answer' in outcome ? outcome.answer : '';
    };
    one.media.handleEarlyAnswer(answerOf(early));
    clock.advance(300);
    expect(one.aim('audioRtp')).toBe('192.0.2.2:40000');
    one.media.handleAnswer(answerOf(late));
    one.media.confirm();
    clock.advance(1000);
    expect(one.aim('audioRtp')).toBe('192.0.2.3:40000');
    exchange(plain, one);
    expect(one.aim('audioRtp')).toBe('nowhere');
    expect(one.remote).toBe('192.0.2.4:40000 40000');
  });

  it('give back what they had at a server when the call ends', () => {
    const { clock, server, behind } = world();
    const [one, other] = [behind('symmetric', 1), behind('symmetric', 2)];
    call(clock, one, other);
    expect(server.allocations).toBe(4);
    for (const { media } of [one, other]) media.close();
    clock.advance(1000);
    expect(server.allocations).toBe(0);
  });
});
