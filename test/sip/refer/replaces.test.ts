// Shows RFC 3891.

import { describe, expect, it } from 'vitest';
import { readReplaces, replacesField } from '../../../src/sip/refer';
import { called, calling, sdp } from '../invite/calls';
import { ring, World } from '../support/world';

describe('the field Replaces', () => {
  it('is read and written alike', () => {
    const text = '98732@sip.example.org;to-tag=r33th4x0r;from-tag=ff87ff;early-only';
    const read = readReplaces(text);
    expect(read).toEqual({
      callId: '98732@sip.example.org',
      toTag: 'r33th4x0r',
      fromTag: 'ff87ff',
      isEarlyOnly: true,
    });
    expect(read && replacesField(read)).toBe(text);
  });

  it('takes blanks and other parameters', () => {
    expect(readReplaces(' a@b ; From-Tag = 1 ;x=y; TO-TAG=2')).toMatchObject({
      callId: 'a@b',
      fromTag: '1',
      toTag: '2',
    });
  });

  it.each([
    '',
    'a@b',
    'a@b;to-tag=1',
    'a@b;from-tag=1',
    ';to-tag=1;from-tag=2',
    'a b;to-tag=1;from-tag=2',
  ])('is nothing as %j', (text) => expect(readReplaces(text)).toBeUndefined());
});

describe('an INVITE with Replaces', () => {
  const replacing = (text: string | readonly string[], all = called()) => {
    const texts = typeof text === 'string' ? [text] : text;
    all.peer.send(
      all.peer.newInvite({
        callId: 'another',
        headers: texts.map((value) => ['Replaces', value] as const),
      }),
    );
    all.world.run(100);
    return all.peer.statuses.filter((status) => status.endsWith('INVITE')).at(-1);
  };

  it('names the session whose place it takes', () => {
    const all = called();
    const first = all.bob.lastIncoming.session;
    const tag = all.ok.to.tag;
    expect(replacing(`call-of-peer;to-tag=${tag};from-tag=peertag`, all)).toBe('200 INVITE');
    expect(all.bob.lastIncoming.session.replaced).toBe(first);
  });

  it.each([
    ['another Call-ID', 'nobody;to-tag=TAG;from-tag=peertag', 481],
    ['its tags the other way round', 'call-of-peer;to-tag=peertag;from-tag=TAG', 481],
    [
      'an early dialog that is none any more',
      'call-of-peer;to-tag=TAG;from-tag=peertag;early-only',
      486,
    ],
    ['nothing that can be read', 'call-of-peer', 400],
  ])('with %s gets its refusal, and rings nowhere', (_, text, status) => {
    const all = called();
    expect(replacing(text.replace('TAG', all.ok.to.tag ?? ''), all)).toBe(`${status} INVITE`);
    expect(all.bob.incoming).toHaveLength(1);
  });

  it('twice in one INVITE gets 400', () => {
    const text = 'call-of-peer;to-tag=1;from-tag=2';
    expect(replacing([text, text])).toBe('400 INVITE');
  });

  it('for a call that rings here gets 481: it is nobody else’s to take', () => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = ring;
    const peer = world.peer(bob);
    peer.send(peer.newInvite());
    world.run(100);
    const tag = peer.response(180).to.tag;
    const headers = [['Replaces', `call-of-peer;to-tag=${tag};from-tag=peertag`]] as const;
    peer.send(peer.newInvite({ callId: 'another', headers }));
    world.run(100);
    expect(peer.statuses.at(-1)).toBe('481 INVITE');
  });

  it('may take up a call that we are dialling', () => {
    const { world, alice, peer, invite } = calling();
    alice.listen();
    const dialled = alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    const second = peer.request('INVITE');
    expect(second.callId).not.toBe(invite.callId);
    peer.answer(second, 180, { contact: peer.contact() });
    world.run(100);
    const text = `${second.callId};to-tag=${second.from.tag};from-tag=peertag;early-only`;
    peer.send(peer.newInvite({ callId: 'another', headers: [['Replaces', text]], ...sdp('x') }));
    world.run(100);
    expect(alice.lastIncoming.session.replaced).toBe(dialled.session);
  });
});
