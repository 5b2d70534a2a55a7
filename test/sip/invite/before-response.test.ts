import { describe, expect, it } from 'vitest';
import { World } from '../support/world';

describe('a request that comes before the response that makes its dialog', () => {
  const calling = () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const call = alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    return { world, alice, peer, invite: peer.request('INVITE'), ...call };
  };

  it('ends the call when it is a BYE, and the 2xx that follows is acknowledged', () => {
    const { world, alice, peer, invite, diary } = calling();
    peer.send(peer.withinTheirs(invite, 'peertag', 'BYE', 1));
    world.run(100);
    expect(peer.statuses).toEqual(['200 BYE']);
    expect(diary.entries).toEqual(['ended remote 200']);
    peer.answerOk(invite);
    world.run(100);
    expect(peer.methods).toEqual(['INVITE', 'ACK', 'BYE']);
    world.run(40_000);
    expect(alice.userAgent.counters.activeDialogs).toBe(0);
  });

  it('is served, and the 2xx says what routes and target are', () => {
    const { world, peer, invite, diary, session } = calling();
    const body = { contentType: 'application/dtmf-relay', content: 'Signal=5\r\nDuration=100' };
    peer.send(peer.withinTheirs(invite, 'peertag', 'INFO', 1, { body }));
    world.run(100);
    expect(diary.entries).toEqual(['key 5 100']);
    peer.answerOk(invite);
    world.run(100);
    expect(diary.entries).toEqual(['key 5 100', 'confirmed']);
    session.hangup();
    world.run(100);
    expect(peer.request('BYE').uri).toEqual(peer.contact().uri);
    expect(peer.request('BYE').cseq.sequence).toBe(invite.cseq.sequence + 1);
  });

  it('gets 481 once the call is settled, with another tag of ours, or without one of its own', () => {
    const { world, peer, invite } = calling();
    const stray = peer.withinTheirs(invite, 'peertag', 'BYE', 1);
    peer.send(peer.newRequest('BYE', { from: stray.from, to: stray.to.withTag('other') }));
    peer.answer(invite, 486);
    world.run(100);
    peer.send(stray);
    world.run(100);
    expect(peer.statuses).toEqual(['481 BYE', '481 BYE']);
  });

  it('makes so many dialogs and no more', () => {
    const { world, alice, peer, invite } = calling();
    for (let i = 0; i < 20; i++) peer.send(peer.withinTheirs(invite, `fork${i}`, 'INFO', 1));
    world.run(100);
    expect(alice.userAgent.counters.activeDialogs).toBe(16);
    expect(peer.statuses.filter((status) => status === '481 INFO')).toHaveLength(4);
  });
});
