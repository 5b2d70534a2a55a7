// Shows RFC 3311.

import { describe, expect, it } from 'vitest';
import { World } from '../support/world';
import { sdp } from './calls';

const ALLOW = ['Allow', 'INVITE, ACK, BYE, CANCEL, PRACK, UPDATE'] as const;
const RELIABLE = [['Require', '100rel'], ['RSeq', '7'], ALLOW] as const;

/** The peer has answered Alice's offer by a 183. */
const ringing = (headers: readonly (readonly [string, string])[] = RELIABLE) => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const call = alice.call(`sip:bob@${peer.address.address}`);
  world.run(100);
  const invite = peer.request('INVITE');
  peer.answer(invite, 183, { contact: peer.contact(), headers, ...sdp('early answer') });
  world.run(100);
  if (headers === RELIABLE) peer.answer(peer.request('PRACK'), 200);
  world.run(100);
  return { world, alice, peer, invite, ...call };
};

describe('an offer of ours before the INVITE is answered, RFC 3311 §5.1', () => {
  it('goes out by UPDATE in the early dialog, and the 2xx adds nothing', async () => {
    const { world, peer, invite, session, media } = ringing();
    expect(session.canOffer).toBe(true);
    expect(await Promise.race([session.findLocalAddress(), world.settle()])).toBe('10.0.0.1');
    const agreed = session.renegotiate();
    world.run(100);
    const update = peer.request('UPDATE');
    expect(update.bodyText).toBe('offer 2 of alice');
    expect(update.to.tag).toBe('peertag');
    expect(update.contacts).toHaveLength(1);
    peer.answerOk(update, 'second answer');
    world.run(100);
    expect(await agreed).toBe(true);
    peer.answerOk(invite, 'early answer');
    world.run(100);
    expect(session.state).toBe('confirmed');
    expect(media.answersSeen).toEqual(['early answer', 'second answer']);
    expect(peer.methods).toEqual(['INVITE', 'PRACK', 'UPDATE', 'ACK']);
  });

  it('needs an answer that is sure to have come, and a peer that takes it', async () => {
    for (const headers of [[ALLOW], RELIABLE.slice(0, 2)]) {
      const { peer, session } = ringing(headers);
      expect(session.canOffer).toBe(false);
      expect(await session.renegotiate()).toBe(false);
      expect(peer.methods).not.toContain('UPDATE');
    }
  });

  it('is made again 2.1 to 4 s after 491', async () => {
    const { world, peer, session } = ringing();
    const agreed = session.renegotiate();
    world.run(100);
    const sequence = (): number => peer.request('UPDATE').cseq.sequence;
    const first = sequence();
    peer.answer(peer.request('UPDATE'), 491);
    world.run(2000);
    expect(sequence()).toBe(first);
    world.run(2100);
    expect(sequence()).toBe(first + 1);
    peer.answerOk(peer.request('UPDATE'), 'second answer');
    world.run(100);
    expect(await agreed).toBe(true);
  });

  it('has one of the peer that crosses it refused by 491', () => {
    const { world, peer, invite, session } = ringing();
    void session.renegotiate();
    world.run(100);
    peer.send(
      peer.withinTheirs(invite, 'peertag', 'UPDATE', 1, {
        ...sdp('offer of peer'),
        contact: peer.contact(),
      }),
    );
    world.run(100);
    expect(peer.statuses.at(-1)).toBe('491 UPDATE');
  });

  it('ends the call by CANCEL when its answer cannot be used', () => {
    const { world, peer, session, media, diary } = ringing();
    void session.renegotiate();
    world.run(100);
    media.takesAnswers = false;
    peer.answerOk(peer.request('UPDATE'), 'nonsense');
    world.run(100);
    expect(peer.methods.at(-1)).toBe('CANCEL');
    expect(diary.end).toMatchObject({ by: 'local', status: 488 });
  });

  it('goes out as the callee, too, once the PRACK has brought the answer', async () => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = ({ session }) => session.ring();
    const peer = world.peer(bob);
    const headers = [['Require', '100rel'], ALLOW] as const;
    const invite = peer.newRequest('INVITE', { headers });
    peer.send(invite);
    world.run(100);
    const { session, media } = bob.lastIncoming;
    expect(session.canOffer).toBe(false);
    const rack = [['RAck', `${peer.response(180).get('RSeq')} 1 INVITE`]] as const;
    const answered = { headers: rack, ...sdp('answer of peer') };
    peer.send(peer.within(invite, peer.response(180), 'PRACK', 2, answered));
    world.run(100);
    const agreed = session.renegotiate();
    world.run(100);
    peer.answerOk(peer.request('UPDATE'), 'second answer');
    world.run(100);
    expect(await agreed).toBe(true);
    session.accept();
    world.run(100);
    expect(peer.response(200).body).toHaveLength(0);
    expect(media.answersSeen).toEqual(['answer of peer', 'second answer']);
  });
});
