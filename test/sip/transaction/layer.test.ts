// Shows RFC 3261, 3581.

import { describe, expect, it } from 'vitest';
import { NameAddr, Params, parseSipUri, serializeMessage, Via } from '../../../src/sip/message';
import { ScriptedPeer } from '../support/scripted-peer';
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

  it.each([
    ['From tag', { from: new NameAddr(undefined, parseSipUri('sip:p@x')).withTag('other') }],
    ['Call-ID', { callId: 'other' }],
    ['sequence number', { cseq: 2 }],
  ])('takes a request with another %s for another request', (_what, parts) => {
    const { world, bob, peer } = setUp();
    peer.send(peer.newInvite());
    peer.send(peer.newInvite(parts));
    world.run(100);
    expect(bob.incoming).toHaveLength(2);
    expect(peer.statuses).toEqual(['180 INVITE', '180 INVITE']);
  });

  it('compares branches and hosts without case, and the rest of them', () => {
    const { world, bob, peer } = setUp();
    const via = (branch: string, host = 'Peer.example') =>
      new Via('UDP', host, 5060, Params.of({ branch, rport: undefined }));
    peer.send(peer.newInvite({ via: via('z9hG4bKaBc') }));
    peer.send(peer.newInvite({ via: via('z9hG4bKAbC', 'peer.EXAMPLE') }));
    peer.send(peer.newInvite({ via: via('z9hG4bKabd') }));
    world.run(100);
    expect(bob.incoming).toHaveLength(1);
    expect(peer.statuses).toEqual(['180 INVITE', '180 INVITE', '482 INVITE']);
  });

  it('answers 482 to an INVITE of ours that comes back to us', () => {
    const world = new World();
    const alice = world.phone('alice').listen();
    alice.onCall = ring;
    const proxy = world.peer(alice);
    const { diary } = alice.call(`sip:alice@${proxy.address.address}`);
    world.run(100);
    const invite = proxy.request('INVITE');
    proxy.send(invite.clone().prepend('Via', proxy.via()));
    world.run(100);
    expect(alice.incoming).toHaveLength(0);
    proxy.answer(invite, proxy.response(482).status);
    world.run(100);
    expect(diary.end).toMatchObject({ status: 482, reason: 'Loop Detected' });
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

  it('is port 5060 of the source when the Via names none', () => {
    const { world, bob } = setUp();
    const address = { address: '10.0.0.9', port: 6000 };
    const peer = new ScriptedPeer(world.network, address, bob.address);
    const via = new Via('UDP', 'peer.example', undefined, Params.of({ branch: 'z9hG4bK1' }));
    peer.send(peer.newRequest('OPTIONS', { via }));
    world.run(100);
    expect(world.network.sent.at(-1)?.to).toBe('10.0.0.9:5060');
  });

  it.each(['maddr', 'received', 'ttl'])('is nothing that only the Via names: %s', (name) => {
    const { world, peer } = setUp();
    const via = new Via('UDP', '192.0.2.77', 5060, Params.of({ branch: 'z9hG4bK1', [name]: '9' }));
    for (const rport of [false, true]) {
      const sent = rport ? via.withParam('rport', '4711') : via;
      peer.send(peer.newRequest('OPTIONS', { via: sent.withParam(name, '192.0.2.78') }));
      world.run(100);
      expect(world.network.sent.at(-1)).toMatchObject({ to: `${peer.address.address}:5060` });
    }
    expect(peer.statuses).toEqual(['200 OPTIONS', '200 OPTIONS']);
    // Nor where the port is that of the Via.
    const elsewhere = new Via('UDP', '192.0.2.77', 9999, Params.of({ branch: 'z9hG4bK2' }));
    peer.send(peer.newRequest('OPTIONS', { via: elsewhere.withParam(name, '192.0.2.78') }));
    world.run(100);
    expect(world.network.sent.at(-1)).toMatchObject({ to: `${peer.address.address}:9999` });
  });

  it('is ourselves for what claims to come from us, and begins nothing', () => {
    const { world, bob, peer } = setUp();
    for (const method of ['OPTIONS', 'INVITE']) {
      const contact = new NameAddr(undefined, parseSipUri(bob.uri));
      const request = peer.newRequest(method, { contact, callId: method });
      world.network.send(bob.address, bob.address, serializeMessage(request));
    }
    world.run(1000);
    expect(world.trace()).toEqual(['OPTIONS', 'INVITE', '200 OPTIONS', '180 INVITE']);
    bob.lastIncoming.session.accept();
    world.run(40_000);
    expect(world.trace().filter((line) => line === 'BYE')).toEqual([]);
    expect(bob.userAgent.counters.activeDialogs).toBe(0);
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
