// Shows RFC 3311, 4028.

import { describe, expect, it } from 'vitest';
import type { HeaderList, RequestParts, SipRequest } from '../../../src/sip/message';
import type { ScriptedPeer } from '../support/scripted-peer';
import { World } from '../support/world';

const sdp = { contentType: 'application/sdp', content: 'offer of peer' };

/** The peer calls Bob with these fields. */
const called = (headers: HeaderList) => {
  const world = new World();
  const bob = world.phone('bob').listen();
  const peer = world.peer(bob);
  const invite = peer.newInvite({ headers });
  peer.send(invite);
  world.run(100);
  return { world, bob, peer, invite };
};

const confirmed = (headers: HeaderList) => {
  const call = called(headers);
  const { world, bob, peer, invite } = call;
  const ok = peer.response(200);
  peer.send(peer.within(invite, ok, 'ACK', 1));
  world.run(100);
  const ask = (method: string, cseq: number, parts: Partial<RequestParts> = {}): void => {
    peer.send(peer.within(invite, ok, method, cseq, parts));
    world.run(100);
  };
  return { ...call, ok, ask, ...bob.lastIncoming };
};

/** Alice calls the peer, which answers with these fields. */
const answered = (headers: HeaderList) => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const call = alice.call(`sip:bob@${peer.address.address}`);
  world.run(100);
  const invite = peer.request('INVITE');
  peer.answerOk(invite, 'answer of peer', { headers });
  world.run(100);
  return { world, alice, peer, invite, ...call };
};

/** Answers whatever comes meanwhile by 200, with the session interval that was asked for. */
function keepAnswering(
  world: World,
  peer: ScriptedPeer,
  seconds: number,
  answer = 'answer of peer',
): void {
  const seen = new Set<SipRequest>(peer.requests);
  // Before T1, so that nothing is repeated.
  for (let i = 0; i < 5 * seconds; i++) {
    world.run(200);
    for (const request of peer.requests) {
      if (seen.has(request) || request.method === 'ACK') continue;
      seen.add(request);
      const headers: HeaderList = [['Session-Expires', request.get('Session-Expires') ?? '']];
      if (request.method === 'INVITE') peer.answerOk(request, answer, { headers });
      else peer.answer(request, 200, { headers });
    }
  }
}

const count = (peer: ScriptedPeer, method: string): number =>
  peer.methods.filter((one) => one === method).length;

const TIMER: HeaderList = [['Supported', 'timer']];
const UPDATES: HeaderList = [['Allow', 'INVITE, ACK, BYE, CANCEL, UPDATE']];

describe('the answer to an INVITE', () => {
  it.each([
    ['an interval and a refresher', '600;refresher=uac', '600;refresher=uac'],
    ['an interval', '600', '600;refresher=uas'],
    ['who is to refresh: we', '600;refresher=uas', '600;refresher=uas'],
    ['an interval longer than ours', '7200', '1800;refresher=uas'],
    ['one beyond all bounds', '99999999999999999999', '1800;refresher=uas'],
    ['a refresher that does not exist', '600;refresher=me', '600;refresher=uas'],
    ['other parameters', '600;a=b;Refresher=UAC', '600;refresher=uac'],
    ['nothing readable', 'soon', '1800;refresher=uas'],
  ])('takes %s', (_, asked, granted) => {
    const { peer } = called([...TIMER, ['Session-Expires', asked]]);
    expect(peer.response(200).get('Session-Expires')).toBe(granted);
    // RFC 4028 §9: the caller must understand timers only when it is to refresh.
    expect(peer.response(200).require).toEqual(granted.endsWith('uac') ? ['timer'] : []);
  });

  it('asks for our interval when the caller knows timers and names none', () => {
    const { peer } = called(TIMER);
    expect(peer.response(200).get('Session-Expires')).toBe('1800;refresher=uas');
  });

  it('keeps to the caller’s Min-SE', () => {
    const { peer } = called([...TIMER, ['Session-Expires', '7200'], ['Min-SE', '3600']]);
    expect(peer.response(200).get('Session-Expires')).toBe('3600;refresher=uas');
  });

  it('has no timer for a caller that knows none', () => {
    const { peer } = called([]);
    expect(peer.response(200).has('Session-Expires')).toBe(false);
  });

  it('has us refresh what a proxy asked for in the caller’s stead', () => {
    const { peer } = called([['Session-Expires', '600;refresher=uac']]);
    expect(peer.response(200).get('Session-Expires')).toBe('600;refresher=uas');
    expect(peer.response(200).require).toEqual([]);
  });

  it.each(['0', '5', '89'])('is 422 with Min-SE for %s seconds, before it rings', (seconds) => {
    const { bob, peer } = called([...TIMER, ['Session-Expires', seconds]]);
    expect(peer.response(422).get('Min-SE')).toBe('90');
    expect(bob.incoming).toEqual([]);
  });

  it('is not 422 for one that would not understand it', () => {
    const { peer } = called([['x', '5']]);
    expect(peer.response(200).has('Session-Expires')).toBe(false);
  });

  it('takes a demand for timers', () => {
    const { peer } = called([
      ['Require', 'timer'],
      ['Session-Expires', '90;refresher=uac'],
    ]);
    expect(peer.response(200).get('Session-Expires')).toBe('90;refresher=uac');
  });
});

describe('a session that the peer refreshes', () => {
  const fields: HeaderList = [...TIMER, ['Session-Expires', '120;refresher=uac']];

  it('ends by BYE 32 s before the interval, and says why', () => {
    const { world, peer, session, diary } = confirmed(fields);
    expect(session.hasTimer).toBe(true);
    world.run(87_800);
    expect(diary.end).toBeUndefined();
    world.run(200);
    expect(diary.end).toEqual({ by: 'network', status: 408, reason: 'session timer expired' });
    world.run(100);
    expect(peer.methods).toEqual(['BYE']);
    expect(peer.request('BYE').get('Reason')).toBe('SIP;cause=408;text="session timer expired"');
  });

  it.each(['INVITE', 'UPDATE'])('lives on by its %s', (method) => {
    const { world, peer, ask, diary } = confirmed(fields);
    for (let i = 0; i < 5; i++) {
      world.run(60_000);
      const body = method === 'INVITE' ? { body: sdp } : {};
      ask(method, 2 + i, { headers: fields, contact: peer.contact(), ...body });
      if (method === 'INVITE') ask('ACK', 2 + i);
    }
    expect(diary.end).toBeUndefined();
    expect(peer.response(200).get('Session-Expires')).toBe('120;refresher=uac');
    world.run(90_000);
    expect(diary.end?.reason).toBe('session timer expired');
  });

  it('stays the peer’s when its next refresh does not say whose', () => {
    const { peer, ask } = confirmed(fields);
    ask('UPDATE', 2, { headers: [...TIMER, ['Session-Expires', '120']] });
    expect(peer.response(200).get('Session-Expires')).toBe('120;refresher=uac');
  });

  it('refuses a refresh with an interval that is too small, and lives on', () => {
    const { peer, ask, session } = confirmed(fields);
    const small: HeaderList = [...TIMER, ['Session-Expires', '10']];
    ask('UPDATE', 2, { headers: small });
    expect(peer.statuses.at(-1)).toBe('422 UPDATE');
    ask('INVITE', 3, { headers: small, body: sdp });
    expect(peer.statuses.at(-1)).toBe('422 INVITE');
    expect(session.state).toBe('confirmed');
  });

  it('has no timer any more when the peer’s next refresh asks for none', () => {
    const { world, ask, session } = confirmed(fields);
    ask('UPDATE', 2);
    expect(session.hasTimer).toBe(false);
    world.run(3_600_000);
    expect(session.state).toBe('confirmed');
  });
});

describe('a session that we refresh', () => {
  const fields: HeaderList = [...TIMER, ['Session-Expires', '120;refresher=uas']];

  it('is refreshed by UPDATE at half of the interval, again and again', () => {
    const { world, peer, session } = confirmed([...fields, ...UPDATES]);
    world.run(59_700);
    expect(peer.methods).toEqual([]);
    world.run(200);
    const update = peer.request('UPDATE');
    expect(update.get('Session-Expires')).toBe('1800;refresher=uac');
    expect(update.body).toHaveLength(0);
    expect(update.contacts).toHaveLength(1);
    peer.answer(update, 200, { headers: [['Session-Expires', '120;refresher=uac']] });
    world.run(60_200);
    expect(count(peer, 'UPDATE')).toBe(2);
    peer.answer(peer.request('UPDATE'), 200, {
      headers: [['Session-Expires', '1800;refresher=uac']],
    });
    keepAnswering(world, peer, 3600);
    expect(count(peer, 'UPDATE')).toBe(5);
    expect(session.state).toBe('confirmed');
  });

  it('is refreshed by re-INVITE when the peer serves no UPDATE', () => {
    const { world, peer, session, media } = confirmed(fields);
    keepAnswering(world, peer, 3600);
    expect(count(peer, 'UPDATE')).toBe(0);
    expect(count(peer, 'INVITE')).toBe(4);
    expect(media.answersSeen).toHaveLength(4);
    expect(session.state).toBe('confirmed');
  });

  it('is refreshed by a 2xx without an answer, which changes nothing', () => {
    const { world, peer, session, diary } = confirmed(fields);
    keepAnswering(world, peer, 3600, '');
    expect(count(peer, 'INVITE')).toBe(4);
    expect(session.state).toBe('confirmed');
    expect(diary.entries).toEqual(['confirmed']);
  });

  it('falls back to re-INVITE when the peer does not keep to its Allow', () => {
    const { world, peer } = confirmed([...fields, ...UPDATES]);
    world.run(60_000);
    peer.answer(peer.request('UPDATE'), 501);
    world.run(100);
    expect(peer.methods).toEqual(['UPDATE', 'INVITE']);
  });

  it.each([481, 408])('ends when the refresh is answered %i', (status) => {
    const { world, peer, diary } = confirmed([...fields, ...UPDATES]);
    world.run(60_000);
    peer.answer(peer.request('UPDATE'), status);
    world.run(100);
    expect(diary.end).toEqual({
      by: 'network',
      status: 408,
      reason: 'session refresh is not answered',
    });
  });

  it('tries again what was refused for the moment, and ends when time is over', () => {
    const { world, peer, diary } = confirmed([...fields, ...UPDATES]);
    world.run(60_000);
    peer.answer(peer.request('UPDATE'), 503);
    world.run(10_200);
    expect(count(peer, 'UPDATE')).toBe(2);
    peer.answer(peer.request('UPDATE'), 491);
    world.run(10_200);
    expect(count(peer, 'UPDATE')).toBe(3);
    peer.answer(peer.request('UPDATE'), 500);
    world.run(8000);
    expect(diary.end?.reason).toBe('session timer expired');
  });

  it('is refreshed on the peer’s terms after 422', () => {
    const { world, peer } = confirmed([...fields, ...UPDATES]);
    world.run(60_000);
    peer.answer(peer.request('UPDATE'), 422, { headers: [['Min-SE', '4000']] });
    world.run(100);
    expect(peer.request('UPDATE').get('Session-Expires')).toBe('4000;refresher=uac');
    expect(peer.request('UPDATE').get('Min-SE')).toBe('4000');
  });

  it('is the peer’s from the moment it says so, though a refresh of ours failed', () => {
    const { world, peer, ask } = confirmed([...fields, ...UPDATES]);
    world.run(60_000);
    const update = peer.request('UPDATE');
    ask('UPDATE', 2, { headers: [...TIMER, ['Session-Expires', '120;refresher=uac']] });
    peer.answer(update, 503);
    world.run(60_000);
    expect(new Set(peer.requests.map(({ cseq }) => String(cseq)))).toEqual(new Set(['1 UPDATE']));
  });

  it('has its target moved by the Contact of the 2xx to UPDATE', () => {
    const { world, bob, peer, session } = confirmed([...fields, ...UPDATES]);
    const other = world.peer(bob);
    world.run(60_000);
    peer.answer(peer.request('UPDATE'), 200, { contact: other.contact() });
    world.run(100);
    session.hangup();
    world.run(100);
    expect(other.methods).toEqual(['BYE']);
  });

  it('keeps nothing running after its end', () => {
    const { world, bob, peer, session } = confirmed([...fields, ...UPDATES]);
    world.run(60_000);
    session.hangup();
    peer.answer(peer.request('UPDATE'), 200, { headers: [['Session-Expires', '90']] });
    world.run(100);
    expect(session.hasTimer).toBe(false);
    peer.answer(peer.request('BYE'), 200);
    world.run(3_600_000);
    expect(peer.methods).toEqual(['UPDATE', 'BYE']);
    expect(session.hasTimer).toBe(false);
    expect(bob.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
  });
});

describe('our INVITE', () => {
  it('asks for the interval and leaves it to the peer who refreshes', () => {
    const { invite } = answered([]);
    expect(invite.get('Session-Expires')).toBe('1800');
    expect(invite.has('Min-SE')).toBe(false);
    expect(invite.supported).toContain('timer');
  });

  it('answered without the field means no timer', () => {
    const { world, session } = answered([]);
    expect(session.hasTimer).toBe(false);
    world.run(7_200_000);
    expect(session.state).toBe('confirmed');
  });

  it.each([
    ['us', '100;refresher=uac', 1],
    ['nobody: that is us', '100', 1],
    ['somebody unknown: that is us', '100;refresher=x', 1],
    ['the peer', '100;refresher=uas', 0],
  ])('answered with %s as the refresher', (_, field, refreshes) => {
    const { world, peer } = answered([['Session-Expires', field], ...UPDATES]);
    world.run(60_000);
    expect(count(peer, 'UPDATE') > 0 ? 1 : 0).toBe(refreshes);
    world.run(40_000);
    expect(peer.methods.at(-1)).toBe('BYE');
  });

  it('answered with an interval of nothing is not refreshed in a hurry, and not cut at once', () => {
    const { world, peer, session } = answered([['Session-Expires', '0;refresher=uac'], ...UPDATES]);
    world.run(9800);
    expect(count(peer, 'UPDATE')).toBe(0);
    world.run(300);
    expect(count(peer, 'UPDATE')).toBe(1);
    world.run(40_000);
    expect(session.state).toBe('ended');
  });

  it('of a re-INVITE names who refreshes now', () => {
    const { world, peer, session } = answered([['Session-Expires', '600;refresher=uas']]);
    void session.renegotiate();
    world.run(100);
    expect(peer.request('INVITE').get('Session-Expires')).toBe('1800;refresher=uas');
  });
});

describe('422 to our INVITE', () => {
  const dialled = () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const call = alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    const tooSmall = (minSe?: string): void => {
      const headers: HeaderList = minSe === undefined ? [] : [['Min-SE', minSe]];
      peer.answer(peer.request('INVITE'), 422, { headers });
      world.run(100);
    };
    return { world, peer, tooSmall, ...call };
  };

  it('has it sent again with the interval that is wanted', () => {
    const { world, peer, tooSmall, diary } = dialled();
    const first = peer.request('INVITE');
    tooSmall('3600');
    const second = peer.request('INVITE');
    expect(second.get('Session-Expires')).toBe('3600');
    expect(second.get('Min-SE')).toBe('3600');
    expect(second.cseq.sequence).toBe(2);
    expect([second.callId, second.from.tag]).toEqual([first.callId, first.from.tag]);
    peer.answerOk(second);
    world.run(100);
    expect(diary.entries).toEqual(['confirmed']);
  });

  it('has nothing to do with early answers to the INVITE before', () => {
    const { world, peer, tooSmall, media, diary } = dialled();
    peer.answer(peer.request('INVITE'), 183, {
      contact: peer.contact(),
      body: { contentType: 'application/sdp', content: 'announcement' },
    });
    world.run(100);
    tooSmall('3600');
    peer.answer(peer.request('INVITE'), 200, { contact: peer.contact() });
    world.run(100);
    expect(media.answersSeen).toEqual([]);
    expect(diary.end?.status).toBe(488);
  });

  it.each([
    ['no Min-SE', undefined],
    ['one that is not larger', '90'],
    ['one beyond all bounds', '4294967295'],
    ['nonsense', 'long'],
  ])('with %s has it sent without a timer, once', (_, minSe) => {
    const { peer, tooSmall, diary } = dialled();
    tooSmall(minSe);
    expect(peer.request('INVITE').has('Session-Expires')).toBe(false);
    tooSmall(minSe);
    expect(count(peer, 'INVITE')).toBe(2);
    expect(diary.end).toMatchObject({ by: 'remote', status: 422 });
  });

  it('that always wants more ends', () => {
    const { peer, tooSmall, diary } = dialled();
    for (let i = 1; i <= 10; i++) tooSmall(String(2000 * i));
    expect(count(peer, 'INVITE')).toBe(5);
    expect(diary.end).toMatchObject({ by: 'remote', status: 422 });
  });

  it('after we hung up is not followed', () => {
    const { peer, session, tooSmall } = dialled();
    session.hangup();
    tooSmall('3600');
    expect(count(peer, 'INVITE')).toBe(1);
  });
});

describe('UPDATE of the peer', () => {
  const body = { contentType: 'application/sdp', content: 'hold' };

  it('with an offer changes the description', () => {
    const { peer, ask, media, diary } = confirmed([]);
    ask('UPDATE', 2, { body, contact: peer.contact() });
    expect(peer.response(200).bodyText).toBe('answer of bob to hold');
    expect(media.offersSeen).toEqual(['offer of peer', 'hold']);
    expect(diary.entries).toEqual(['confirmed', 'renegotiated']);
  });

  it('with an offer that cannot be served leaves all as it is', () => {
    const { peer, ask, media, session, diary } = confirmed([]);
    media.refuseWith = 488;
    ask('UPDATE', 2, { body });
    expect(peer.statuses.at(-1)).toBe('488 UPDATE');
    expect([session.state, diary.entries]).toEqual(['confirmed', ['confirmed']]);
  });

  it('moves the target of our requests, without an offer too', () => {
    const { world, bob, ask, session } = confirmed([]);
    const other = world.peer(bob);
    ask('UPDATE', 2, { contact: other.contact() });
    session.hangup();
    world.run(100);
    expect(other.methods).toEqual(['BYE']);
  });

  it('with an offer while ours awaits its answer gets 491', () => {
    const { peer, ask, session } = confirmed([]);
    void session.renegotiate();
    ask('UPDATE', 2, { body });
    expect(peer.statuses.at(-1)).toBe('491 UPDATE');
    ask('UPDATE', 3);
    expect(peer.statuses.at(-1)).toBe('200 UPDATE');
  });

  it('with an offer before we have answered its INVITE gets 500 with Retry-After', () => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = ({ session }) => session.ring();
    const peer = world.peer(bob);
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(100);
    peer.send(peer.within(invite, peer.response(180), 'UPDATE', 2, { body }));
    world.run(100);
    expect(peer.statuses.at(-1)).toBe('500 UPDATE');
    expect(peer.response(500).retryAfter).toBeLessThanOrEqual(10);
  });

  it('with an offer in an early dialog of ours takes the place of its early answer', () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const { media, diary } = alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    const invite = peer.request('INVITE');
    const early = peer.withinTheirs(invite, 'peertag', 'UPDATE', 1, { body });
    peer.answer(invite, 180, { contact: peer.contact() });
    peer.send(early);
    world.run(100);
    expect(peer.statuses.at(-1)).toBe('491 UPDATE');
    peer.answer(invite, 183, {
      contact: peer.contact(),
      body: { contentType: 'application/sdp', content: 'announcement' },
    });
    peer.send(peer.withinTheirs(invite, 'peertag', 'UPDATE', 2, { body }));
    world.run(100);
    expect(peer.response(200).bodyText).toBe('answer of alice to hold');
    peer.answerOk(invite, 'announcement');
    world.run(100);
    expect(media.answersSeen).toEqual(['announcement']);
    expect(diary.entries.at(-1)).toBe('confirmed');
  });
});
