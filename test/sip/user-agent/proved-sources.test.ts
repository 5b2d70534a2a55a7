import { describe, expect, it } from 'vitest';
import type { ScriptedPeer } from '../support/scripted-peer';
import { LATENCY, ring, World } from '../support/world';

function listening() {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = ring;
  const peer = world.peer(bob);
  /** Calls of two in one moment: a stranger’s second one has to wait for a turn of its own. */
  const isStranger = (of: ScriptedPeer = peer): boolean => {
    world.run(1000);
    const before = bob.incoming.length;
    for (const callId of ['one', 'two']) {
      of.send(of.newInvite({ callId: `${callId} at ${world.clock.now()}`.replaceAll(' ', '-') }));
    }
    world.run(LATENCY);
    const taken = bob.incoming.length - before;
    expect(taken).toBeGreaterThan(0);
    return taken === 1;
  };
  return { world, bob, peer, isStranger };
}

describe('who has shown that our answers reach him', () => {
  it('is no stranger any more; he is one before', () => {
    const { isStranger } = listening();
    expect(isStranger()).toBe(true);
  });

  it.each([
    ['acknowledges a refusal by its tag', true],
    ['acknowledges it by a tag of his own', false],
  ])('%s: %s', (_case, knows) => {
    const { world, bob, peer, isStranger } = listening();
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(100);
    bob.lastIncoming.session.reject(486);
    world.run(100);
    const { to } = peer.response(486);
    const ack = { via: invite.topVia, to: knows ? to : to.withTag('guessed') };
    peer.send(peer.newRequest('ACK', ack));
    expect(isStranger()).toBe(!knows);
  });

  it.each([
    ['of a refusal that left no state', true],
    ['that names no tag of ours', false],
  ])('sends an ACK %s: %s', (_case, knows) => {
    const { world, peer, isStranger } = listening();
    const invite = peer.newInvite({ headers: [['Require', 'telepathy']] });
    peer.send(invite);
    world.run(100);
    const { to } = peer.response(420);
    const ack = { via: invite.topVia, to: knows ? to : to.withTag('guessed') };
    peer.send(peer.newRequest('ACK', ack));
    expect(isStranger()).toBe(!knows);
  });

  it('acknowledges a call', () => {
    const { world, bob, peer, isStranger } = listening();
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(100);
    bob.lastIncoming.session.accept();
    world.run(100);
    peer.send(peer.newRequest('ACK', { to: peer.response(200).to }));
    world.run(100);
    expect(bob.lastIncoming.diary.entries).toContain('confirmed');
    expect(isStranger()).toBe(false);
  });

  it('is at that socket, and not beside it', () => {
    const { world, bob, peer, isStranger } = listening();
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(100);
    bob.lastIncoming.session.reject(486);
    world.run(100);
    const { to } = peer.response(486);
    peer.send(peer.newRequest('ACK', { via: invite.topVia, to }));
    expect(isStranger(world.peer(bob))).toBe(true);
    expect(isStranger()).toBe(false);
  });
});

describe('whom we turn to ourselves', () => {
  it('is no stranger: whom we call', () => {
    const { bob, peer, isStranger } = listening();
    bob.call(`sip:peer@${peer.address.address}:${peer.address.port}`);
    expect(isStranger()).toBe(false);
  });

  it('is no stranger: where we register', () => {
    const { world, bob, peer, isStranger } = listening();
    bob.userAgent.register({
      uri: 'sip:bob@example.org',
      registrar: `sip:${peer.address.address}:${peer.address.port}`,
    });
    world.run(100);
    expect(peer.methods).toEqual(['REGISTER']);
    expect(isStranger()).toBe(false);
  });

  it('is a stranger whom we only answer', () => {
    const { world, peer, isStranger } = listening();
    peer.send(peer.newRequest('OPTIONS'));
    world.run(100);
    expect(peer.statuses).toEqual(['200 OPTIONS']);
    expect(isStranger()).toBe(true);
  });
});
