import { describe, expect, it } from 'vitest';
import type { RequestParts, SipRequest, SipResponse } from '../../../src/sip/message';
import type { ScriptedPeer } from '../support/scripted-peer';
import { World } from '../support/world';

const sdp = (content: string) => ({ body: { contentType: 'application/sdp', content } });

/** Bob has answered the peer; `ask` sends a request within the dialog. */
const called = () => {
  const world = new World();
  const bob = world.phone('bob').listen();
  const peer = world.peer(bob);
  const invite = peer.newInvite();
  peer.send(invite);
  world.run(100);
  const ok = peer.response(200);
  peer.send(peer.within(invite, ok, 'ACK', 1));
  world.run(100);
  const ask = (method: string, cseq: number, parts: Partial<RequestParts> = {}): SipRequest => {
    const request = peer.within(invite, ok, method, cseq, parts);
    peer.send(request);
    world.run(100);
    return request;
  };
  return { world, bob, peer, invite, ok, ask, ...bob.lastIncoming };
};

/** The peer has answered Alice. */
const calling = () => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const call = alice.call(`sip:bob@${peer.address.address}`);
  world.run(100);
  const invite = peer.request('INVITE');
  peer.answerOk(invite);
  world.run(100);
  const ask = (method: string, cseq: number, parts: Partial<RequestParts> = {}): void => {
    peer.send(peer.withinTheirs(invite, 'peertag', method, cseq, parts));
    world.run(100);
  };
  return { world, alice, peer, invite, ask, ...call };
};

const lastStatus = (peer: ScriptedPeer): string | undefined => peer.statuses.at(-1);
const ok = (peer: ScriptedPeer): SipResponse => peer.response(200);

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

describe('other requests within a dialog', () => {
  it('below the last sequence number get 500', () => {
    const { peer, ask } = called();
    ask('OPTIONS', 5);
    ask('OPTIONS', 4);
    expect(peer.statuses.slice(-2)).toEqual(['200 OPTIONS', '500 OPTIONS']);
  });

  it('with the last sequence number are served: out of order is below it', () => {
    const { peer, ask } = called();
    ask('OPTIONS', 5);
    ask('INFO', 5);
    expect(peer.statuses.slice(-2)).toEqual(['200 OPTIONS', '200 INFO']);
  });

  it('OPTIONS gets what we can do', () => {
    const { peer, ask } = called();
    ask('OPTIONS', 2);
    expect(ok(peer).allow).toContain('INVITE');
    expect(ok(peer).accept?.map(({ type }) => type)).toContain('application/sdp');
  });

  it('INFO with media control asks for a key frame, RFC 5168', () => {
    const { peer, ask, diary } = called();
    const content = '<media_control><vc_primitive><to_encoder><picture_fast_update/>';
    ask('INFO', 2, { body: { contentType: 'application/media_control+xml', content } });
    expect(lastStatus(peer)).toBe('200 INFO');
    expect(diary.entries).toEqual(['confirmed', 'picture']);
  });

  it('INFO without body gets 200', () => {
    const { peer, ask } = called();
    ask('INFO', 2);
    expect(lastStatus(peer)).toBe('200 INFO');
  });

  it('INFO with another body gets 415 with Accept', () => {
    const { peer, ask } = called();
    ask('INFO', 2, { body: { contentType: 'application/x-keys', content: 'Signal=1' } });
    expect(lastStatus(peer)).toBe('415 INFO');
    expect(peer.response(415).get('Accept')).toBe(
      'application/media_control+xml, application/dtmf-relay, application/dtmf, multipart/mixed',
    );
  });

  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', ['key 5 160']],
    ['application/dtmf-relay', 'Signal= *\nDuration= 250', ['key * 250']],
    ['Application/DTMF-Relay', 'DURATION = 90\rsignal = #', ['key # 90']],
    ['application/dtmf-relay', 'Signal=11\r\n', ['key # 160']],
    ['application/dtmf-relay', 'Signal=a\r\nDuration=-3\r\n', ['key A 160']],
    ['application/dtmf-relay', 'Signal=1\r\nDuration=9999999\r\n', ['key 1 6000']],
    ['application/dtmf-relay', 'Signal=16\r\nDuration=100\r\n', []],
    ['application/dtmf-relay', 'hello', []],
    ['application/dtmf', '7', ['key 7 160']],
    ['application/dtmf', ' 0 \r\n', ['key 0 160']],
    ['application/dtmf', '12', ['key A 160']],
    ['application/dtmf', '123', []],
  ])('INFO with a key in %s: %j', (contentType, content, told) => {
    const { peer, ask, diary } = called();
    ask('INFO', 2, { body: { contentType, content } });
    expect(lastStatus(peer)).toBe('200 INFO');
    expect(diary.entries).toEqual(['confirmed', ...told]);
  });

  it('INFO with a package gets 469, RFC 6086', () => {
    const { peer, ask } = called();
    ask('INFO', 2, { headers: [['Info-Package', 'foo']] });
    expect(lastStatus(peer)).toBe('469 INFO');
  });

  it.each(['REFER', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY'])('%s gets 405 with Allow', (method) => {
    const { peer, ask } = called();
    ask(method, 2);
    expect(lastStatus(peer)).toBe(`405 ${method}`);
    expect(peer.response(405).allow).toContain('INVITE');
  });

  it('BYE after the end gets 481', () => {
    const { peer, ask, session } = called();
    session.hangup();
    ask('BYE', 2);
    expect(lastStatus(peer)).toBe('481 BYE');
  });

  it('are served in early dialogs of ours, where re-INVITE gets 491', () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    const invite = peer.request('INVITE');
    peer.answer(invite, 183, { contact: peer.contact() });
    peer.send(peer.withinTheirs(invite, 'peertag', 'OPTIONS', 1));
    peer.send(peer.withinTheirs(invite, 'peertag', 'INVITE', 2, sdp('early')));
    peer.send(peer.withinTheirs(invite, 'unknown', 'OPTIONS', 1));
    world.run(100);
    expect(peer.statuses).toEqual(['200 OPTIONS', '491 INVITE', '481 OPTIONS']);
  });
});

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

describe('a key of ours by INFO', () => {
  const sending = () => {
    const call = calling();
    const sent = call.session.sendKey({ digit: '#', durationMs: 100 });
    call.world.run(100);
    return { ...call, sent };
  };

  it('goes out as application/dtmf-relay, and its answer says whether it was taken', async () => {
    const { world, peer, sent } = sending();
    const info = peer.request('INFO');
    expect(info.contentType?.type).toBe('application/dtmf-relay');
    expect(info.bodyText).toBe('Signal=#\r\nDuration=100\r\n');
    peer.answer(info, 200);
    world.run(100);
    expect(await sent).toBe(true);
  });

  it('is refused by who does not know the type, and the call goes on', async () => {
    const { world, peer, sent, session } = sending();
    peer.answer(peer.request('INFO'), 415);
    world.run(100);
    expect(await sent).toBe(false);
    expect(session.state).toBe('confirmed');
  });

  it('ends a call that the peer does not know any more (RFC 3261 §12.2.1.2)', async () => {
    const { world, peer, sent, session } = sending();
    peer.answer(peer.request('INFO'), 481);
    world.run(100);
    expect(await sent).toBe(false);
    expect(session.state).toBe('ended');
  });

  it('is for calls that are up', async () => {
    const { session } = new World().phone('alice').call('sip:bob@192.0.2.9');
    expect(await session.sendKey({ digit: '1', durationMs: 100 })).toBe(false);
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
