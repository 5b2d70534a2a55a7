import { describe, expect, it } from 'vitest';
import { Params, Via } from '../../../src/sip/message';
import { headline, ring, World } from '../support/world';

const setUp = (onCall = ring) => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = onCall;
  return { world, bob, peer: world.peer(bob) };
};

describe('matching requests to server transactions', () => {
  it('takes a repeated INVITE for the one it has and repeats its answer', () => {
    const { world, bob, peer } = setUp();
    const invite = peer.newInvite();
    for (let i = 0; i < 3; i++) {
      peer.send(invite);
      world.run(100);
    }
    expect(bob.incoming).toHaveLength(1);
    expect(peer.statuses).toEqual(['180 INVITE', '180 INVITE', '180 INVITE']);
    expect(bob.userAgent.counters.retransmissions).toBe(2);
  });

  it('tells requests with the same branch from different senders apart', () => {
    const { world, bob, peer } = setUp();
    const other = world.peer(bob);
    peer.send(peer.newInvite({ via: peer.via('z9hG4bKsame') }));
    other.send(other.newInvite({ via: other.via('z9hG4bKsame'), callId: 'another' }));
    world.run(100);
    expect(bob.incoming).toHaveLength(2);
  });

  it('gives the ACK of a refusal to the INVITE with its branch', () => {
    const { world, bob, peer } = setUp();
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(100);
    bob.lastIncoming.session.reject(486);
    world.run(100);
    const { to } = peer.response(486);
    peer.send(peer.newRequest('ACK', { via: invite.topVia, to }));
    world.run(40_000);
    expect(peer.statuses).toEqual(['180 INVITE', '486 INVITE']);
  });

  it('repeats a refusal until its ACK comes', () => {
    const { world, bob, peer } = setUp();
    peer.send(peer.newInvite({ headers: [['Subject', 'x'.repeat(500)]] }));
    world.run(100);
    bob.lastIncoming.session.reject(486);
    world.run(2000);
    expect(peer.statuses).toEqual(['180 INVITE', '486 INVITE', '486 INVITE', '486 INVITE']);
  });

  it('matches RFC 2543 requests, which have no such branch, by their fields', () => {
    const { world, bob, peer } = setUp();
    const via = new Via('UDP', peer.address.address, peer.address.port, Params.EMPTY);
    const invite = peer.newInvite({ via, headers: [['Subject', 'x'.repeat(500)]] });
    peer.send(invite);
    world.run(100);
    peer.send(invite);
    world.run(100);
    expect(bob.incoming).toHaveLength(1);
    bob.lastIncoming.session.reject(486);
    world.run(100);
    const { to } = peer.response(486);
    peer.send(peer.newRequest('ACK', { via, to: to.withTag('of-someone-else') }));
    world.run(1000);
    const repeated = peer.statuses.length;
    expect(repeated).toBeGreaterThan(3);
    peer.send(peer.newRequest('ACK', { via, to }));
    world.run(20_000);
    expect(peer.statuses).toHaveLength(repeated);
  });

  it('answers 482 to a request that came over two paths', () => {
    const { world, bob, peer } = setUp();
    peer.send(peer.newInvite());
    peer.send(peer.newInvite());
    world.run(100);
    expect(bob.incoming).toHaveLength(1);
    expect(peer.statuses).toContain('482 INVITE');
  });
});

describe('where responses go', () => {
  it('follows received and rport, RFC 3581', () => {
    const { world, peer } = setUp();
    const via = new Via(
      'UDP',
      'behind.nat.example',
      9999,
      Params.of({ branch: 'z9hG4bK1', rport: undefined }),
    );
    peer.send(peer.newInvite({ via }));
    world.run(100);
    const { topVia } = peer.response(180);
    expect(topVia.received).toBe(peer.address.address);
    expect(topVia.rport).toBe(peer.address.port);
  });

  it('goes to the port of the Via without rport, RFC 3261 §18.2.2', () => {
    const { world, peer } = setUp();
    const via = new Via('UDP', '192.0.2.77', 9999, Params.of({ branch: 'z9hG4bK1' }));
    peer.send(peer.newInvite({ via }));
    world.run(100);
    const answers = world.network.sent.filter(({ text }) => text.startsWith('SIP/2.0'));
    expect(new Set(answers.map(({ to }) => to))).toEqual(new Set([`${peer.address.address}:9999`]));
    expect(answers[0]?.text).toContain(`;received=${peer.address.address}`);
  });

  it('asks for rport in requests and builds Via and Contact from the flow', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    alice.call(bob.uri);
    world.run(0);
    const invite = world.network.sent[0]?.text ?? '';
    expect(headline(invite)).toBe('INVITE');
    expect(invite).toMatch(/^Via: SIP\/2.0\/UDP 10.0.0.1:5060;branch=z9hG4bK\w+;rport\r$/m);
    expect(invite).toMatch(/^Contact: <sip:alice@10.0.0.1:5060>\r$/m);
  });
});
