import { describe, expect, it } from 'vitest';
import type { Body } from '../../../src/sip/message';
import { answer, World } from '../support/world';

/** A description beside something that a telephone need not know. */
const among = (description: string): Body => ({
  contentType: 'multipart/mixed;boundary=b1',
  content: [
    '--b1',
    'Content-Type: application/isup;version=itu-t92+',
    'Content-Disposition: signal;handling=optional',
    '',
    '\x01\x00',
    '--b1',
    'Content-Type: application/sdp',
    '',
    description,
    '--b1--',
    '',
  ].join('\r\n'),
});

const called = (body: Body | undefined = among('offer of peer')) => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = answer;
  const peer = world.peer(bob);
  const invite = peer.newRequest('INVITE', { body });
  peer.send(invite);
  world.run(100);
  return { world, peer, invite, success: peer.response(200), ...bob.lastIncoming };
};

const calling = () => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const call = alice.call(`sip:peer@${peer.address.address}`);
  world.run(100);
  return { world, peer, invite: peer.request('INVITE'), ...call };
};

describe('a description among other parts', () => {
  it('is taken from INVITE and re-INVITE', () => {
    const { world, peer, invite, success, media } = called();
    peer.send(peer.within(invite, success, 'ACK', 1));
    peer.send(peer.within(invite, success, 'INVITE', 2, { body: among('another') }));
    world.run(100);
    expect(media.offersSeen).toEqual(['offer of peer', 'another']);
  });

  it('is taken from the ACK of an INVITE without one', () => {
    const { world, peer, invite, success, media, session } = called({
      contentType: 'application/isup',
      content: '',
    });
    expect(success.bodyText).toBe('offer 1 of bob');
    peer.send(peer.within(invite, success, 'ACK', 1, { body: among('answer of peer') }));
    world.run(100);
    expect(media.answersSeen).toEqual(['answer of peer']);
    expect(session.state).toBe('confirmed');
  });

  it('is taken from 200 and 183', () => {
    const direct = calling();
    direct.peer.answer(direct.invite, 200, {
      contact: direct.peer.contact(),
      body: among('answer of peer'),
    });
    const early = calling();
    early.peer.answer(early.invite, 183, { body: among('early answer') });
    early.world.run(100);
    early.peer.answer(early.invite, 200, { contact: early.peer.contact() });
    for (const { world, media, session } of [direct, early]) {
      world.run(100);
      expect(session.state).toBe('confirmed');
      expect(media.answersSeen.at(-1)).toMatch(/answer/);
    }
  });
});

describe('a body that has none', () => {
  it('leaves the offer to us when nothing in it is required', () => {
    const body = among('').content.toString().replace('application/sdp', 'text/plain');
    const { success } = called({ contentType: 'multipart/mixed;boundary=b1', content: body });
    expect(success.bodyText).toBe('offer 1 of bob');
  });
});
