import { describe, expect, it } from 'vitest';
import type { RequestParts } from '../../../src/sip/message';
import { NameAddr, OtherUri, Params, parseSipUri, Via } from '../../../src/sip/message';
import { answer, type OnCall, ring, World } from '../support/world';

const SDP = { contentType: 'application/sdp', content: 'offer of peer' };

const setUp = (onCall: OnCall = ring, parts: Partial<RequestParts> = { body: SDP }) => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = onCall;
  const peer = world.peer(bob);
  const invite = peer.newRequest('INVITE', parts);
  peer.send(invite);
  world.run(100);
  const { session, media, diary } = bob.lastIncoming;
  return { world, bob, peer, invite, session, media, diary };
};

const answered = (parts: Partial<RequestParts> = {}) => {
  const call = setUp(answer, { body: SDP, ...parts });
  const ok = call.peer.response(200);
  const ack = call.peer.within(call.invite, ok, 'ACK', 1);
  return { ...call, ok, ack };
};

const confirmed = () => {
  const call = answered();
  call.peer.send(call.ack);
  call.world.run(100);
  return call;
};

describe('the Warning of a refusal', () => {
  it('says why in a Warning, and what was offered can be read before', () => {
    const { world, peer, session } = setUp();
    expect(session.offer).toBe('offer of peer');
    session.reject(488, undefined, { code: 304, text: 'no sound' });
    world.run(100);
    expect(peer.response(488).get('Warning')).toBe('304 bob "no sound"');
  });

  it('says so too when the offer turns out to be of no use only then', () => {
    const { world, peer, session, media } = setUp();
    Object.assign(media, { refuseWith: 488, warning: { code: 302, text: 'SRTP' } });
    expect(session.accept()).toBe(false);
    world.run(100);
    expect(peer.response(488).get('Warning')).toBe('302 bob "SRTP"');
  });
});

describe('where an INVITE came from', () => {
  it('is the socket that sent it, whatever From, Contact and Via name', () => {
    const world = new World();
    const bob = world.phone('bob').listen();
    const peer = world.peer(bob);
    const via = new Via('UDP', '192.0.2.77', 4711, Params.of({ branch: 'z9hG4bKforged' }));
    peer.send(peer.newInvite({ via }));
    world.run(100);
    expect(bob.lastIncoming.session.source).toEqual(peer.address);
  });
});

describe('answering', () => {
  it('rings at once with a tag and a Contact', () => {
    const { peer } = setUp();
    expect(peer.statuses).toEqual(['180 INVITE']);
    expect(peer.response(180).to.tag).toBeDefined();
    expect(String(peer.response(180).contacts[0]?.uri)).toBe('sip:car@10.0.0.1:5060');
  });

  it('tries when nobody has rung yet', () => {
    const { peer } = setUp(() => undefined);
    expect(peer.statuses).toEqual(['100 INVITE']);
    expect(peer.response(100).to.tag).toBeUndefined();
  });

  it('rings again every minute, for the proxies on the way', () => {
    const { world, peer } = setUp();
    world.run(121_000);
    expect(peer.statuses.filter((status) => status === '180 INVITE')).toHaveLength(3);
  });

  it('answers by 200 with the tag of 180, Contact, methods and description', () => {
    const { world, peer, session } = setUp();
    session.accept();
    world.run(100);
    const ok = peer.response(200);
    expect(ok.to.tag).toBe(peer.response(180).to.tag);
    expect(String(ok.contacts[0]?.uri)).toBe('sip:car@10.0.0.1:5060');
    expect(ok.allow).toContain('BYE');
    expect(ok.bodyText).toBe('answer of bob to offer of peer');
  });

  it('copies Record-Route', () => {
    const { peer } = answered({ headers: [['Record-Route', '<sip:10.0.0.2;lr>']] });
    expect(peer.response(200).recordRoutes.map(({ uri }) => String(uri))).toEqual([
      'sip:10.0.0.2;lr',
    ]);
  });

  it('repeats the 200 from T1 to T2 until the ACK comes', () => {
    const { world, peer, ack } = answered();
    world.run(9000);
    const times = world.network.sent
      .filter(({ text }) => text.startsWith('SIP/2.0 200'))
      .map(({ at }) => at);
    expect(times).toEqual([10, 510, 1510, 3510, 7510]);
    peer.send(ack);
    world.run(30_000);
    expect(peer.statuses.filter((status) => status === '200 INVITE')).toHaveLength(5);
  });

  it('ends with BYE when no ACK comes within 64*T1', () => {
    const { world, bob, peer, diary } = answered();
    world.run(32_000);
    expect(diary.entries).toEqual(['ended network 408']);
    expect(peer.methods).toEqual(['BYE']);
    world.run(40_000);
    expect(bob.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
  });

  it('is confirmed by the ACK, once', () => {
    const { world, peer, ack, diary, session } = confirmed();
    peer.send(ack);
    world.run(100);
    expect(session.state).toBe('confirmed');
    expect(diary.entries).toEqual(['confirmed']);
  });

  it('takes an ACK with the branch of the INVITE, as some send it', () => {
    const { world, peer, invite, ok, session } = answered();
    peer.send(peer.within(invite, ok, 'ACK', 1, { via: invite.topVia }));
    world.run(100);
    expect(session.state).toBe('confirmed');
  });

  it('offers in the 200 when the INVITE does not, and takes the answer from the ACK', () => {
    const { world, peer, invite, media, session } = setUp(answer, {});
    const ok = peer.response(200);
    expect(ok.bodyText).toBe('offer 1 of bob');
    const body = { contentType: 'application/sdp', content: 'late answer' };
    peer.send(peer.within(invite, ok, 'ACK', 1, { body }));
    world.run(100);
    expect(media.answersSeen).toEqual(['late answer']);
    expect(session.state).toBe('confirmed');
  });

  it('ends with BYE when the ACK owes an answer and has none', () => {
    const { world, peer, invite, diary } = setUp(answer, {});
    peer.send(peer.within(invite, peer.response(200), 'ACK', 1));
    world.run(100);
    expect(peer.methods).toEqual(['BYE']);
    expect(diary.end?.status).toBe(488);
  });
});

describe('refusing', () => {
  it('refuses an offer that cannot be served by the status of the description', () => {
    const { world, peer, diary } = setUp((call) => {
      call.media.refuseWith = 488;
      expect(call.session.accept()).toBe(false);
    });
    world.run(100);
    expect(peer.statuses).toContain('488 INVITE');
    expect(diary.entries).toEqual(['ended local 488']);
  });

  it.each([302, 486, 603])('sends %i', (status) => {
    const { peer, diary } = setUp(({ session }) => session.reject(status, 'Not Now'));
    expect(peer.response(status).reason).toBe('Not Now');
    expect(diary.end).toEqual({ by: 'local', status, reason: 'Not Now' });
  });

  it('answers 480 when hung up before it is answered', () => {
    const { world, peer, session } = setUp();
    session.hangup();
    world.run(100);
    expect(peer.statuses).toContain('480 INVITE');
  });

  it('answers 480 when nobody listens', () => {
    const world = new World();
    const peer = world.peer(world.phone('bob'));
    peer.send(peer.newInvite());
    world.run(100);
    expect(peer.statuses[0]).toBe('480 INVITE');
  });

  it('answers 487 when the Expires of the INVITE has passed', () => {
    const { world, peer, diary } = setUp(ring, { body: SDP, headers: [['Expires', 20]] });
    world.run(20_000);
    expect(peer.statuses).toContain('487 INVITE');
    expect(diary.entries).toEqual(['ended local 487']);
  });

  it('answers 480 when nobody does within three minutes', () => {
    const { world, peer } = setUp();
    world.run(180_000);
    expect(peer.statuses).toContain('480 INVITE');
  });

  it('refuses a caller whose Contact and From are no SIP addresses', () => {
    const world = new World();
    const bob = world.phone('bob').listen();
    const peer = world.peer(bob);
    const tel = new NameAddr(undefined, new OtherUri('tel', '+358555')).withTag('t');
    peer.send(peer.newInvite({ from: tel, contact: tel.withoutParams() }));
    world.run(100);
    expect(peer.statuses).toEqual(['400 INVITE']);
  });

  it('is an error with a status that refuses nothing', () => {
    const { session } = setUp();
    expect(() => session.reject(200)).toThrow('300 to 699');
  });
});

describe('CANCEL', () => {
  it('is answered 200, and the INVITE 487', () => {
    const { world, bob, peer, invite, diary } = setUp();
    peer.send(peer.newRequest('CANCEL', { via: invite.topVia }));
    world.run(100);
    expect(peer.statuses.slice(1)).toEqual(['200 CANCEL', '487 INVITE']);
    expect(peer.response(200).to.tag).toBe(peer.response(487).to.tag);
    expect(diary.entries).toEqual(['ended remote 487']);
    expect(bob.userAgent.counters.activeDialogs).toBe(0);
  });

  it('changes nothing once the call is answered', () => {
    const { world, peer, invite, ok, session } = answered();
    peer.send(peer.newRequest('CANCEL', { via: invite.topVia }));
    world.run(100);
    expect(peer.statuses).toContain('200 CANCEL');
    expect(peer.response(200).cseq.method).toBe('CANCEL');
    expect(peer.response(200).to.tag).toBe(ok.to.tag);
    expect(session.state).toBe('accepted');
  });

  it('of nothing is answered 481', () => {
    const { world, peer } = setUp();
    peer.send(peer.newRequest('CANCEL', { callId: 'another' }));
    world.run(100);
    expect(peer.statuses).toContain('481 CANCEL');
  });
});

describe('BYE', () => {
  it('is answered and ends the session', () => {
    const { world, bob, peer, invite, ok, diary } = confirmed();
    peer.send(peer.within(invite, ok, 'BYE', 2, { headers: [['Reason', 'Q.850;text="bye"']] }));
    world.run(100);
    expect(peer.statuses).toContain('200 BYE');
    expect(diary.end).toEqual({ by: 'remote', status: 200, reason: 'bye' });
    expect(bob.userAgent.counters.activeDialogs).toBe(0);
  });

  it('is answered 481 the second time', () => {
    const { world, peer, invite, ok } = confirmed();
    peer.send(peer.within(invite, ok, 'BYE', 2));
    peer.send(peer.within(invite, ok, 'BYE', 3));
    world.run(100);
    expect(peer.statuses.slice(-2)).toEqual(['200 BYE', '481 BYE']);
  });

  it('before the answer has the INVITE answered 487', () => {
    const { world, peer, invite, diary } = setUp();
    peer.send(peer.within(invite, peer.response(180), 'BYE', 2));
    world.run(100);
    expect(peer.statuses.slice(1)).toEqual(['200 BYE', '487 INVITE']);
    expect(diary.entries).toEqual(['ended remote 200']);
  });

  it('of ours waits for the ACK', () => {
    const { world, peer, ack, session, diary } = answered();
    session.hangup();
    expect(diary.entries).toEqual(['ended local 200']);
    world.run(100);
    expect(peer.methods).toEqual([]);
    peer.send(ack);
    world.run(100);
    expect(peer.methods).toEqual(['BYE']);
  });

  it('of ours goes out without the ACK after 64*T1', () => {
    const { world, bob, peer, session } = answered();
    session.hangup();
    world.run(32_000);
    expect(peer.methods).toEqual(['BYE']);
    expect(bob.userAgent.counters.activeDialogs).toBe(0);
  });

  it('of ours follows the route set in order, to the Contact', () => {
    const { address, port } = { address: '10.0.0.2', port: 5060 };
    const { world, peer, invite, session } = setUp(answer, {
      body: SDP,
      contact: new NameAddr(undefined, parseSipUri('sip:peer@10.55.55.55')),
      headers: [
        ['Record-Route', `<sip:near@${address}:${port};lr>`],
        ['Record-Route', `<sip:far@${address}:${port};lr>`],
      ],
    });
    peer.send(peer.within(invite, peer.response(200), 'ACK', 1));
    world.run(100);
    session.hangup();
    world.run(100);
    const bye = peer.request('BYE');
    expect(String(bye.uri)).toBe('sip:peer@10.55.55.55');
    expect(bye.routes.map(({ uri }) => uri.user)).toEqual(['near', 'far']);
    expect(bye.from.tag).toBe(peer.response(200).to.tag);
    expect(bye.to.tag).toBe('peertag');
  });
});
