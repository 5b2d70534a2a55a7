import { describe, expect, it } from 'vitest';
import { World } from '../support/world';
import { called, calling, lastStatus, sdp } from './calls';

describe('re-INVITE of ours', () => {
  it('carries a new offer, is acknowledged, and resolves true', async () => {
    const { world, peer, session, media, diary } = calling();
    const agreed = session.renegotiate();
    world.run(100);
    const reinvite = peer.request('INVITE');
    expect(reinvite.bodyText).toBe('offer 2 of alice');
    expect(reinvite.cseq.sequence).toBe(2);
    expect(reinvite.to.tag).toBe('peertag');
    expect(reinvite.contacts).toHaveLength(1);
    const success = peer.answerOk(reinvite, 'new answer');
    world.run(100);
    await expect(agreed).resolves.toBe(true);
    expect(media.answersSeen).toEqual(['answer of peer', 'new answer']);
    expect(diary.entries).toEqual(['confirmed', 'renegotiated']);
    peer.send(success);
    world.run(100);
    expect(peer.requests.filter(({ cseq }) => String(cseq) === '2 ACK')).toHaveLength(2);
  });

  it('has its target moved by the Contact of the 2xx', async () => {
    const { world, alice, peer, session } = calling();
    const other = world.peer(alice);
    void session.renegotiate();
    world.run(100);
    peer.answerOk(peer.request('INVITE'), 'new answer', { contact: other.contact() });
    world.run(100);
    expect(other.methods).toEqual(['ACK']);
    session.hangup();
    world.run(100);
    expect(other.methods).toEqual(['ACK', 'BYE']);
  });

  it('that puts on hold ends nothing, though its 2xx has no description', async () => {
    const { world, peer, session, media, diary } = calling();
    media.isHolding = true;
    const agreed = session.renegotiate();
    world.run(100);
    peer.answer(peer.request('INVITE'), 200, { contact: peer.contact() });
    world.run(100);
    await expect(agreed).resolves.toBe(true);
    expect(peer.methods).toEqual(['INVITE', 'ACK', 'INVITE', 'ACK']);
    expect(diary.entries).toEqual(['confirmed', 'renegotiated']);
  });

  it('works from the callee, too', async () => {
    const { world, peer, session } = called();
    const agreed = session.renegotiate();
    world.run(100);
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    await expect(agreed).resolves.toBe(true);
    expect(String(peer.request('ACK').cseq)).toBe('1 ACK');
  });

  it.each([403, 488, 500, 603])(
    'refused by %i resolves false, and the session lives',
    async (status) => {
      const { world, peer, session } = calling();
      const agreed = session.renegotiate();
      world.run(100);
      peer.answer(peer.request('INVITE'), status);
      world.run(100);
      await expect(agreed).resolves.toBe(false);
      expect(session.state).toBe('confirmed');
    },
  );

  it.each([408, 481])('answered %i ends the session', async (status) => {
    const { world, peer, session, diary } = calling();
    const agreed = session.renegotiate();
    world.run(100);
    peer.answer(peer.request('INVITE'), status);
    world.run(100);
    await expect(agreed).resolves.toBe(false);
    expect(diary.entries.at(-1)).toBe('ended network 408');
    expect(peer.methods.at(-1)).toBe('BYE');
  });

  it('without any answer ends the session', async () => {
    const { world, session, diary } = calling();
    const agreed = session.renegotiate();
    world.run(33_000);
    await expect(agreed).resolves.toBe(false);
    expect(diary.entries.at(-1)).toBe('ended network 408');
  });

  it('that cannot be sent leaves the session as it is', async () => {
    const { world, session } = calling();
    world.network.isDown = true;
    const agreed = session.renegotiate();
    world.run(100);
    await expect(agreed).resolves.toBe(false);
    expect(session.state).toBe('confirmed');
  });

  it('goes out again 2.1 to 4 s after 491 when the Call-ID is ours', async () => {
    const { world, peer, session } = calling();
    const agreed = session.renegotiate();
    world.run(100);
    peer.answer(peer.request('INVITE'), 491);
    world.run(2090);
    expect(peer.request('INVITE').cseq.sequence).toBe(2);
    world.run(2000);
    expect(peer.request('INVITE').cseq.sequence).toBe(3);
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    await expect(agreed).resolves.toBe(true);
  });

  it('goes out again within 2 s after 491 when the Call-ID is the peer’s', () => {
    const { world, peer, session } = called();
    void session.renegotiate();
    world.run(100);
    peer.answer(peer.request('INVITE'), 491);
    world.run(2100);
    expect(peer.request('INVITE').cseq.sequence).toBe(2);
  });

  it('gives way for good to a peer that always answers 491', async () => {
    const { world, peer, session } = calling();
    const agreed = session.renegotiate();
    for (let i = 0; i < 12; i++) {
      world.run(100);
      const invite = peer.request('INVITE');
      if (!peer.methods.includes('BYE')) peer.answer(invite, 491);
      world.run(4100);
    }
    await expect(agreed).resolves.toBe(false);
    expect(session.state).toBe('confirmed');
  });

  it('refuses a re-INVITE of the peer by 491 meanwhile', () => {
    const { peer, ask, session } = calling();
    void session.renegotiate();
    ask('INVITE', 5, sdp('glare'));
    expect(lastStatus(peer)).toBe('491 INVITE');
  });

  it('waits for the ACK of the peer’s, and one serves all who asked', async () => {
    const { peer, ask, session, world } = called();
    ask('INVITE', 2, sdp('hold'));
    const both = Promise.all([session.renegotiate(), session.renegotiate()]);
    world.run(100);
    expect(peer.methods).toEqual([]);
    ask('ACK', 2);
    expect(peer.methods).toEqual(['INVITE']);
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    // The first asked alone, the second while it was still waiting: one offer is for both.
    await expect(both).resolves.toEqual([true, true]);
    expect(peer.methods).toEqual(['INVITE', 'ACK']);
  });

  it('resolves false when the session ends first', async () => {
    const { session, ask } = calling();
    const agreed = session.renegotiate();
    ask('BYE', 5);
    await expect(agreed).resolves.toBe(false);
    await expect(session.renegotiate()).resolves.toBe(false);
  });

  it('with an answer that cannot be used ends the session', async () => {
    const { world, peer, session, media, diary } = calling();
    const agreed = session.renegotiate();
    world.run(100);
    media.takesAnswers = false;
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    await expect(agreed).resolves.toBe(false);
    expect(diary.end?.status).toBe(488);
    expect(peer.methods.slice(-2)).toEqual(['ACK', 'BYE']);
  });

  it('without an answer leaves the session as it was', async () => {
    const { world, peer, session, diary } = calling();
    const agreed = session.renegotiate();
    world.run(100);
    peer.answerOk(peer.request('INVITE'), '');
    world.run(100);
    await expect(agreed).resolves.toBe(false);
    expect(diary.entries).toEqual(['confirmed']);
    expect(peer.methods.at(-1)).toBe('ACK');
  });

  it('answers a challenge', async () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const { session } = alice.call('sip:bob@example.org', {
      password: 'secret',
      realm: 'r',
      outboundProxy: `sip:${peer.address.address}`,
    });
    world.run(100);
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    const agreed = session.renegotiate();
    world.run(100);
    peer.answer(peer.request('INVITE'), 407, {
      headers: [['Proxy-Authenticate', 'Digest realm="r", nonce="n"']],
    });
    world.run(100);
    expect(peer.request('INVITE').proxyAuthorization).toHaveLength(1);
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    await expect(agreed).resolves.toBe(true);
  });
});

describe('two user agents that re-INVITE at once', () => {
  it('agree in the end', async () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const call = alice.call(bob.uri);
    world.run(100);
    const both = Promise.all([call.session.renegotiate(), bob.lastIncoming.session.renegotiate()]);
    world.run(10_000);
    await expect(both).resolves.toEqual([true, true]);
    expect(world.trace()).toContain('491 INVITE');
    expect(call.diary.entries).toEqual(['confirmed', 'renegotiated', 'renegotiated']);
  });
});
