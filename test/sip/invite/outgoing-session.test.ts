// Shows RFC 3261.

import { describe, expect, it } from 'vitest';
import type { SipAccount } from '../../../src/sip/account';
import { createResponse, NameAddr, parseSipUri, type SipRequest } from '../../../src/sip/message';
import { Diary, FakeMedia, World } from '../support/world';

const setUp = (account: Partial<SipAccount> = {}) => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const call = alice.call(`sip:bob@${peer.address.address}`, account);
  world.run(100);
  return { world, alice, peer, call, ...call };
};

describe('INVITE refused', () => {
  it.each([302, 404, 480, 486, 500, 503, 600, 603])('ends with %i, acknowledged', (status) => {
    const { world, peer, diary } = setUp();
    peer.answer(peer.request('INVITE'), status, { reason: 'For Some Reason' });
    world.run(100);
    expect(diary.end).toEqual({ by: 'remote', status, reason: 'For Some Reason' });
    expect(peer.methods).toEqual(['INVITE', 'ACK']);
    expect(peer.request('ACK').topVia.branch).toBe(peer.request('INVITE').topVia.branch);
    expect(peer.request('ACK').to.tag).toBe('peertag');
  });

  it('ends with 408 when nobody answers', () => {
    const { world, diary, peer } = setUp();
    world.run(32_000);
    expect(diary.end).toEqual({ by: 'network', status: 408, reason: 'no answer' });
    expect(peer.methods).toHaveLength(7);
  });

  it('ends with 503 when there is no network, and not before invite() returns', () => {
    const world = new World();
    const alice = world.phone('alice');
    world.network.isDown = true;
    const { diary } = alice.call('sip:bob@10.9.9.9');
    expect(diary.entries).toEqual([]);
    world.run(0);
    expect(diary.end).toEqual({ by: 'network', status: 503, reason: 'network is down' });
  });

  it('ends with 503 when the name has no address', async () => {
    const world = new World();
    const { diary } = world.phone('alice').call('sip:bob@nowhere.example');
    await world.settle(200);
    expect(diary.end).toMatchObject({ by: 'network', status: 503 });
    expect(diary.end?.reason).toContain('nowhere.example');
  });

  it('ends with 503 for a transport it does not have', () => {
    const world = new World();
    const { diary } = world.phone('alice').call('sip:bob@10.9.9.9;transport=tcp');
    world.run(0);
    expect(diary.end?.reason).toContain('only UDP');
  });

  it('ends when ringing never does, and cancels', () => {
    const { world, peer, diary } = setUp();
    peer.answer(peer.request('INVITE'), 180);
    world.run(180_000);
    expect(diary.entries).toEqual(['progress 180', 'ended network 408']);
    expect(peer.methods).toContain('CANCEL');
  });

  it('throws for a target that is no URI', () => {
    const alice = new World().phone('alice');
    expect(() => alice.call('not a uri')).toThrow('expected a URI');
  });
});

describe('INVITE answered', () => {
  it('acknowledges every repetition of the 2xx by the same ACK', () => {
    const { world, alice, peer, diary } = setUp();
    const ok = peer.answerOk(peer.request('INVITE'));
    world.run(100);
    peer.send(ok);
    peer.send(ok);
    world.run(100);
    const acks = peer.requests.filter(({ method }) => method === 'ACK');
    expect(acks).toHaveLength(3);
    expect(new Set(acks.map(({ topVia }) => topVia.branch)).size).toBe(1);
    expect(acks[0]?.topVia.branch).not.toBe(peer.request('INVITE').topVia.branch);
    expect(diary.entries).toEqual(['confirmed']);
    expect(alice.userAgent.counters.activeDialogs).toBe(1);
  });

  it('reports each provisional response but 100', () => {
    const { world, peer, diary } = setUp();
    for (const status of [100, 180, 183, 182]) peer.answer(peer.request('INVITE'), status);
    world.run(100);
    expect(diary.entries).toEqual(['progress 180', 'progress 183', 'progress 182']);
  });

  it('takes the answer of a provisional response when the 2xx has none', () => {
    const { world, peer, media, diary } = setUp();
    const invite = peer.request('INVITE');
    const body = { contentType: 'application/sdp', content: 'early answer' };
    peer.answer(invite, 183, { body, contact: peer.contact() });
    peer.answer(invite, 200, { contact: peer.contact() });
    world.run(100);
    expect(media.answersSeen).toEqual(['early answer']);
    expect(diary.entries.at(-1)).toBe('confirmed');
  });

  it('hears what each provisional response brings, the latest one of all forks', () => {
    const { world, peer, media } = setUp();
    const invite = peer.request('INVITE');
    const ringing = (toTag: string, content: string) =>
      peer.answer(invite, 183, {
        toTag,
        contact: peer.contact(),
        body: { contentType: 'application/sdp', content },
      });
    ringing('one', 'announcement of one');
    ringing('two', 'announcement of two');
    // Repeated for the proxies on the way: it does not take the other one's place.
    ringing('one', 'announcement of one');
    ringing('one', 'another of one');
    world.run(100);
    expect(media.earlyAnswersSeen).toEqual([
      'announcement of one',
      'announcement of two',
      'another of one',
    ]);
    peer.answer(invite, 200, { toTag: 'two', contact: peer.contact() });
    world.run(100);
    expect(media.answersSeen).toEqual(['announcement of two']);
  });

  it('prefers the description of the 2xx to the early one', () => {
    const { world, peer, media } = setUp();
    const invite = peer.request('INVITE');
    const body = { contentType: 'application/sdp', content: 'announcement' };
    peer.answer(invite, 183, { body, contact: peer.contact() });
    peer.answerOk(invite, 'phone');
    world.run(100);
    expect(media.earlyAnswersSeen).toEqual(['announcement']);
    expect(media.answersSeen).toEqual(['phone']);
  });

  it('hears a provisional response without tag, too', () => {
    const { world, peer, media } = setUp();
    const body = { contentType: 'application/sdp', content: 'announcement' };
    peer.send(createResponse(peer.request('INVITE'), 183, { body }));
    world.run(100);
    expect(media.earlyAnswersSeen).toEqual(['announcement']);
  });

  it('acknowledges and ends an answer that cannot be used', () => {
    const { world, peer, media, diary } = setUp();
    media.takesAnswers = false;
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    expect(peer.methods).toEqual(['INVITE', 'ACK', 'BYE']);
    expect(diary.end).toMatchObject({ by: 'local', status: 488 });
  });

  it('acknowledges and ends a 2xx without any answer', () => {
    const { world, peer } = setUp();
    peer.answer(peer.request('INVITE'), 200, { contact: peer.contact() });
    world.run(100);
    expect(peer.methods).toEqual(['INVITE', 'ACK', 'BYE']);
  });

  it('acknowledges and ends the dialogs of other forks', () => {
    const { world, alice, peer, diary } = setUp();
    const invite = peer.request('INVITE');
    peer.answer(invite, 180, { toTag: 'one' });
    peer.answer(invite, 180, { toTag: 'two' });
    peer.answerOk(invite, 'answer', { toTag: 'one' });
    const second = peer.answerOk(invite, 'answer', { toTag: 'two' });
    world.run(100);
    peer.send(second);
    world.run(100);
    const toTags = (method: string) =>
      peer.requests.filter((request) => request.method === method).map(({ to }) => to.tag);
    expect(toTags('ACK')).toEqual(['one', 'two', 'two']);
    expect(toTags('BYE')).toEqual(['two']);
    expect(diary.entries.filter((entry) => entry === 'confirmed')).toHaveLength(1);
    expect(alice.userAgent.counters.activeDialogs).toBe(1);
  });

  it('takes the route set from Record-Route in reverse and the target from Contact', () => {
    const { world, peer, session } = setUp();
    const { address, port } = peer.address;
    const hop = (name: string) => `<sip:${name}@${address}:${port};lr>`;
    peer.answerOk(peer.request('INVITE'), 'answer', {
      contact: new NameAddr(undefined, parseSipUri('sip:bob@10.77.77.77')),
      headers: [
        ['Record-Route', hop('far')],
        ['Record-Route', hop('near')],
      ],
    });
    world.run(100);
    session.hangup();
    world.run(100);
    for (const method of ['ACK', 'BYE']) {
      const request = peer.request(method);
      expect(String(request.uri)).toBe('sip:bob@10.77.77.77');
      expect(request.routes.map(({ uri }) => uri.user)).toEqual(['near', 'far']);
    }
  });

  it('obeys a strict router, RFC 3261 §12.2.1.1', () => {
    const { world, peer } = setUp();
    const { address, port } = peer.address;
    peer.answerOk(peer.request('INVITE'), 'answer', {
      contact: new NameAddr(undefined, parseSipUri('sip:bob@10.77.77.77')),
      headers: [['Record-Route', `<sip:strict@${address}:${port}>`]],
    });
    world.run(100);
    expect(peer.request('ACK').uri.user).toBe('strict');
    expect(peer.request('ACK').routes.map(({ uri }) => String(uri))).toEqual([
      'sip:bob@10.77.77.77',
    ]);
  });
});

describe('CANCEL', () => {
  it('waits for a provisional response', () => {
    const { world, peer, session, diary } = setUp();
    session.hangup();
    expect(diary.entries).toEqual(['ended local 487']);
    world.run(100);
    expect(peer.methods).toEqual(['INVITE']);
    peer.answer(peer.request('INVITE'), 100);
    world.run(100);
    expect(peer.methods).toEqual(['INVITE', 'CANCEL']);
  });

  it('has the INVITE’s branch, number, tags and target, and is acknowledged by 487', () => {
    const { world, alice, peer, session } = setUp();
    const invite = peer.request('INVITE');
    peer.answer(invite, 180);
    world.run(100);
    session.hangup();
    world.run(100);
    const cancel = peer.request('CANCEL');
    expect(cancel.topVia.branch).toBe(invite.topVia.branch);
    expect(cancel.cseq.sequence).toBe(invite.cseq.sequence);
    expect(String(cancel.to)).toBe(String(invite.to));
    expect(String(cancel.uri)).toBe(String(invite.uri));
    peer.answer(cancel, 200);
    peer.answer(invite, 487);
    world.run(100);
    expect(peer.methods.at(-1)).toBe('ACK');
    world.run(40_000);
    expect(alice.userAgent.counters.activeTransactions).toBe(0);
  });

  it('that crosses a 200 leads to ACK and BYE', () => {
    const { world, alice, peer, session, diary } = setUp();
    const invite = peer.request('INVITE');
    peer.answer(invite, 180);
    world.run(100);
    peer.answerOk(invite);
    session.hangup();
    world.run(100);
    expect(peer.methods).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE']);
    expect(diary.entries).toEqual(['progress 180', 'ended local 487']);
    expect(alice.userAgent.counters.activeDialogs).toBe(0);
  });

  it('that crosses a challenge ends it: no new INVITE with credentials', () => {
    const { world, alice, peer, session } = setUp({ username: 'alice', password: 'secret' });
    const invite = peer.request('INVITE');
    peer.answer(invite, 180);
    world.run(100);
    session.hangup();
    peer.answer(invite, 401, {
      headers: [['WWW-Authenticate', 'Digest realm="pbx", nonce="n", qop="auth"']],
    });
    world.run(100);
    expect(peer.methods).toEqual(['INVITE', 'CANCEL', 'ACK']);
    peer.answer(peer.request('CANCEL'), 200);
    world.run(40_000);
    expect(alice.userAgent.counters.activeTransactions).toBe(0);
  });

  it('and the ACK of a refusal take the INVITE’s route', () => {
    const { world, peer, session } = setUp({ outboundProxy: 'sip:10.0.0.2' });
    const invite = peer.request('INVITE');
    peer.answer(invite, 180);
    world.run(100);
    session.hangup();
    world.run(100);
    peer.answer(peer.request('CANCEL'), 200);
    peer.answer(invite, 487);
    world.run(100);
    for (const method of ['CANCEL', 'ACK']) {
      expect(peer.request(method).routes.map(({ uri }) => String(uri))).toEqual([
        'sip:10.0.0.2;lr',
      ]);
    }
  });

  it('without a final response is forgotten after 64*T1', () => {
    const { world, alice, peer, session } = setUp();
    peer.answer(peer.request('INVITE'), 180);
    world.run(100);
    session.hangup();
    world.run(70_000);
    expect(alice.userAgent.counters.activeTransactions).toBe(0);
  });

  it('while the name is looked up means that nothing is sent', async () => {
    const world = new World();
    const lookup = () => Promise.resolve(['10.0.0.9']);
    const { session } = world.phone('alice', { lookup }).call('sip:bob@example.org');
    session.hangup();
    await world.settle(200);
    expect(world.trace()).toEqual([]);
  });
});

describe('credentials', () => {
  const account = { username: 'alice', password: 'secret', outboundProxy: 'sip:10.0.0.2' };
  const challenge = (nonce: string) => `Digest realm="pbx", nonce="${nonce}", qop="auth"`;
  const nonceOf = (request: SipRequest, header: 'Authorization' | 'Proxy-Authorization') =>
    (header === 'Authorization'
      ? request.authorization
      : request.proxyAuthorization)[0]?.params.get('nonce');

  it('answers 401 and 407 one after the other, with a new CSeq and branch each', () => {
    const { world, peer, session } = setUp(account);
    const first = peer.request('INVITE');
    peer.answer(first, 407, { headers: [['Proxy-Authenticate', challenge('p')]] });
    world.run(100);
    const second = peer.request('INVITE');
    peer.answer(second, 401, { headers: [['WWW-Authenticate', challenge('w')]] });
    world.run(100);
    const third = peer.request('INVITE');
    peer.answerOk(third);
    world.run(100);
    expect([first, second, third].map(({ cseq }) => cseq.sequence)).toEqual([1, 2, 3]);
    expect(new Set([first, second, third].map(({ topVia }) => topVia.branch)).size).toBe(3);
    expect(third.callId).toBe(first.callId);
    expect(third.from.tag).toBe(first.from.tag);
    expect(nonceOf(third, 'Authorization')).toBe('w');
    expect(nonceOf(third, 'Proxy-Authorization')).toBe('p');
    expect(session.state).toBe('confirmed');
    // RFC 3261 §22.1: the ACK carries the INVITE's credentials.
    expect(peer.request('ACK').get('Authorization')).toBe(third.get('Authorization'));
    expect(peer.request('ACK').cseq.sequence).toBe(3);
  });

  it('offers the same description in each attempt', () => {
    const { world, peer } = setUp(account);
    const first = peer.request('INVITE');
    peer.answer(first, 401, { headers: [['WWW-Authenticate', challenge('n')]] });
    world.run(100);
    expect(peer.request('INVITE').bodyText).toBe(first.bodyText);
  });

  it('does not loop on a wrong password', () => {
    const { world, peer, diary } = setUp(account);
    for (let i = 0; i < 5; i++) {
      peer.answer(peer.request('INVITE'), 401, {
        headers: [['WWW-Authenticate', challenge(`n${i}`)]],
      });
      world.run(100);
    }
    expect(peer.methods.filter((method) => method === 'INVITE')).toHaveLength(2);
    expect(diary.end).toEqual({
      by: 'remote',
      status: 401,
      reason: 'user name or password not accepted',
    });
  });

  it('says so when there are none', () => {
    const { world, peer, diary } = setUp();
    peer.answer(peer.request('INVITE'), 401, { headers: [['WWW-Authenticate', challenge('n')]] });
    world.run(100);
    expect(diary.end?.reason).toBe('no user name and password configured');
  });

  it('authenticates BYE, too', () => {
    const { world, peer, session } = setUp({ ...account, realm: 'pbx' });
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    session.hangup();
    world.run(100);
    peer.answer(peer.request('BYE'), 407, { headers: [['Proxy-Authenticate', challenge('n')]] });
    world.run(100);
    expect(nonceOf(peer.request('BYE'), 'Proxy-Authorization')).toBe('n');
  });
});

describe('first hop', () => {
  const place = (account: Partial<SipAccount>, target: string) => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    alice.call(target, account);
    world.run(100);
    return peer;
  };

  it('is the outbound proxy, as a loose route', () => {
    const peer = place({ outboundProxy: 'sip:10.0.0.2' }, 'sip:bob@elsewhere.example');
    const invite = peer.request('INVITE');
    expect(String(invite.uri)).toBe('sip:bob@elsewhere.example');
    expect(invite.routes.map(({ uri }) => String(uri))).toEqual(['sip:10.0.0.2;lr']);
  });

  it('is the registrar for the account’s own domain', () => {
    const peer = place({ registrar: 'sip:10.0.0.2' }, 'sip:bob@example.org');
    expect(peer.request('INVITE').routes.map(({ uri }) => String(uri))).toEqual([
      'sip:10.0.0.2;lr',
    ]);
  });

  it('is the target itself otherwise', () => {
    const peer = place({ registrar: 'sip:10.9.9.9' }, 'sip:bob@10.0.0.2');
    expect(peer.request('INVITE').routes).toEqual([]);
  });
});

describe('an offer that has to be prepared', () => {
  const waiting = () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const media = new FakeMedia('alice');
    let prepare: () => void = () => undefined;
    media.ready = new Promise((resolve) => {
      prepare = () => {
        media.ready = undefined;
        resolve();
      };
    });
    const target = `sip:bob@${peer.address.address}`;
    const session = alice.userAgent.invite(target, alice.account, () => media);
    return { world, peer, session, diary: new Diary(session), prepare };
  };

  it('keeps the INVITE back until it is there', async () => {
    const { world, peer, prepare } = waiting();
    await world.settle(400);
    expect(peer.methods).toEqual([]);
    prepare();
    await world.settle(0);
    world.run(100);
    expect(peer.methods).toEqual(['INVITE']);
    expect(peer.request('INVITE').description).toBe('offer 1 of alice');
  });

  it('is never sent when the call is given up meanwhile', async () => {
    const { world, peer, session, diary, prepare } = waiting();
    await world.settle(400);
    session.hangup();
    prepare();
    await world.settle(1000);
    expect(peer.methods).toEqual([]);
    expect(diary.end).toEqual({ by: 'local', status: 487, reason: 'cancelled' });
  });
});
