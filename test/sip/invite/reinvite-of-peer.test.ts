import { describe, expect, it } from 'vitest';
import { World } from '../support/world';
import { called, calling, lastStatus, ok, sdp } from './calls';

describe('re-INVITE of the peer', () => {
  it('is answered by 200 with the new description, repeated until its ACK', () => {
    const { world, peer, ask, media, diary } = called();
    ask('INVITE', 2, sdp('hold'));
    expect(ok(peer).bodyText).toBe('answer of bob to hold');
    expect(ok(peer).contacts).toHaveLength(1);
    expect(media.offersSeen).toEqual(['offer of peer', 'hold']);
    expect(diary.entries).toEqual(['confirmed', 'renegotiated']);
    world.run(2000);
    expect(peer.statuses.filter((status) => status === '200 INVITE')).toHaveLength(4);
    ask('ACK', 2);
    const repeated = peer.statuses.length;
    world.run(40_000);
    expect(peer.statuses).toHaveLength(repeated);
  });

  it('is served in calls of ours as well', () => {
    const { peer, ask, diary } = calling();
    ask('INVITE', 7, sdp('hold'));
    expect(ok(peer).bodyText).toBe('answer of alice to hold');
    expect(diary.entries).toEqual(['confirmed', 'renegotiated']);
  });

  it('that cannot be served is refused, and the session lives', () => {
    const { peer, ask, media, session, diary } = called();
    media.refuseWith = 488;
    ask('INVITE', 2, sdp('nonsense'));
    expect(lastStatus(peer)).toBe('488 INVITE');
    expect(session.state).toBe('confirmed');
    expect(diary.entries).toEqual(['confirmed']);
  });

  it('is repeated no slower than every T2, and by no ACK but its own ended', () => {
    const { world, peer, ask } = called();
    ask('INVITE', 2, sdp('hold'));
    // Late, and doubled by the network: the ACK of the first INVITE.
    ask('ACK', 1);
    const first = world.clock.now() - 200 + 10;
    world.run(20_000);
    const times = world.network.sent
      .filter(({ text }) => /^SIP\/2\.0 200/.test(text) && /^CSeq: 2 /m.test(text))
      .map(({ at }) => at - first);
    expect(times).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500]);
    ask('ACK', 2);
    expect(peer.statuses.filter((status) => status === '200 INVITE')).toHaveLength(9);
  });

  it('without offer gets ours and answers it in the ACK', () => {
    const { peer, ask, media, diary } = called();
    ask('INVITE', 2);
    expect(ok(peer).bodyText).toBe('offer 1 of bob');
    expect(diary.entries).toEqual(['confirmed']);
    ask('ACK', 2, sdp('late answer'));
    expect(media.answersSeen).toEqual(['late answer']);
    expect(diary.entries).toEqual(['confirmed', 'renegotiated']);
  });

  it('without offer, nor the answer that its ACK owes, ends the session', () => {
    const { peer, ask, diary } = called();
    ask('INVITE', 2);
    ask('ACK', 2);
    expect(diary.end).toMatchObject({ by: 'local', status: 488 });
    expect(peer.methods.at(-1)).toBe('BYE');
  });

  it('while the answer to our offer is awaited gets 491', () => {
    const { peer, ask } = called();
    ask('INVITE', 2);
    ask('INVITE', 3, sdp('too soon'));
    expect(peer.statuses).toContain('491 INVITE');
  });

  it('shows that the former 200 has come, though its ACK was lost', () => {
    const { world, peer, ask, diary } = called();
    ask('INVITE', 2, sdp('hold'));
    ask('INVITE', 3, sdp('resume'));
    expect(ok(peer).bodyText).toBe('answer of bob to resume');
    ask('ACK', 3);
    world.run(40_000);
    expect(diary.entries).toEqual(['confirmed', 'renegotiated', 'renegotiated']);
  });

  it('whose 200 is never acknowledged ends the session', () => {
    const { world, peer, ask, diary } = called();
    ask('INVITE', 2, sdp('hold'));
    world.run(32_000);
    expect(diary.entries.at(-1)).toBe('ended network 408');
    expect(peer.methods).toEqual(['BYE']);
  });

  it('moves the target of our requests', () => {
    const { world, bob, ask, session } = called();
    const other = world.peer(bob);
    ask('INVITE', 2, { ...sdp('moved'), contact: other.contact() });
    ask('ACK', 2);
    session.hangup();
    world.run(100);
    expect(other.methods).toEqual(['BYE']);
  });

  it('without offer moves the target of our requests, too', () => {
    const { world, bob, ask, session } = called();
    const other = world.peer(bob);
    ask('INVITE', 2, { contact: other.contact() });
    ask('ACK', 2, sdp('late answer'));
    session.hangup();
    world.run(100);
    expect(other.methods).toEqual(['BYE']);
  });

  it('before the first answer gets 500 with Retry-After', () => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = ({ session }) => session.ring();
    const peer = world.peer(bob);
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(100);
    peer.send(peer.within(invite, peer.response(180), 'INVITE', 2, sdp('again')));
    world.run(100);
    expect(lastStatus(peer)).toBe('500 INVITE');
    expect(peer.response(500).retryAfter).toBeLessThanOrEqual(10);
  });
});

describe('a refused offer', () => {
  it('says why in a Warning, RFC 3261 §20.43', () => {
    const { peer, ask, media } = called();
    media.refuseWith = 488;
    media.warning = { code: 305, text: 'found "G729"\\ and\u2028 G723\r\nX: y' };
    ask('INVITE', 2, sdp('odd'));
    expect(peer.response(488).get('Warning')).toBe(
      '305 bob "found \\"G729\\"\\\\ and? G723??X: y"',
    );
  });
});
