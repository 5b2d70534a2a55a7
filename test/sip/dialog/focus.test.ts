// Shows RFC 4575, 4579.

import { expect, it } from 'vitest';
import { CONFERENCE_INFO } from '../../../src/sip/event-packages';
import { NameAddr, parseSipUri } from '../../../src/sip/message';
import { called, sdp } from '../invite/calls';
import { World } from '../support/world';

const ROOM = 'sip:room@192.0.2.9:5070';
const CONTACT = new NameAddr(undefined, parseSipUri(ROOM)).withParam('isfocus', '');
const focusContact = { contact: CONTACT };

it('who is called and answers as a conference is one', () => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const { session } = alice.call(`sip:bob@${peer.address.address}`);
  world.run(100);
  peer.answerOk(peer.request('INVITE'), 'answer', focusContact);
  world.run(100);
  expect(session.focus).toBe(ROOM);
});

it('a conference calls', () => {
  const world = new World();
  const bob = world.phone('bob').listen();
  const peer = world.peer(bob);
  peer.send(peer.newInvite(focusContact));
  world.run(100);
  expect(bob.lastIncoming.session.focus).toBe(ROOM);
});

it('a far end becomes one by a re-INVITE, and is none after the next', () => {
  const { ask, session, peer } = called();
  expect(session.focus).toBeUndefined();
  ask('INVITE', 2, { ...sdp('again'), ...focusContact });
  ask('ACK', 2);
  expect(session.focus).toBe(ROOM);
  ask('INVITE', 3, { ...sdp('again'), contact: peer.contact() });
  expect(session.focus).toBeUndefined();
});

it('a conference tells who is there, in a dialog beside that of the call', () => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  alice.call(`sip:bob@${peer.address.address}`);
  world.run(100);
  peer.answerOk(peer.request('INVITE'), 'answer', focusContact);
  world.run(100);
  const told: string[] = [];
  const wanted = { event: 'conference', accept: [CONFERENCE_INFO], expiresS: 3600 };
  alice.userAgent.subscribe(`sip:room@${peer.address.address}`, alice.account, wanted, {
    onState: (state) => told.push(state),
    onNotice: (type, body) => told.push(`${type}: ${body}`),
  });
  world.run(100);
  const subscribe = peer.request('SUBSCRIBE');
  expect(subscribe.get('Accept')).toBe(CONFERENCE_INFO);
  peer.answer(subscribe, 200, { contact: peer.contact(), headers: [['Expires', '3600']] });
  world.run(100);
  const headers = [
    ['Event', 'conference'],
    ['Subscription-State', 'active;expires=3600'],
  ] as const;
  const body = { contentType: CONFERENCE_INFO, content: '<conference-info/>' };
  const parts = { contact: peer.contact(), headers, body };
  peer.send(peer.withinTheirs(subscribe, 'peertag', 'NOTIFY', 1, parts));
  world.run(100);
  expect(peer.statuses.at(-1)).toBe('200 NOTIFY');
  expect(told).toContain(`${CONFERENCE_INFO}: <conference-info/>`);
});
