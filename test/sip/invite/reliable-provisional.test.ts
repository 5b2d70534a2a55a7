// Shows RFC 3262.

import { describe, expect, it } from 'vitest';
import type { RequestParts, SipResponse } from '../../../src/sip/message';
import type { OnCall } from '../support/world';
import { ring, World } from '../support/world';

const sdp = (content: string) => ({ body: { contentType: 'application/sdp', content } });
const REQUIRE = [['Require', '100rel']] as const;

/** The peer calls Bob and demands reliable provisional responses. */
const called = (parts: Partial<RequestParts> = sdp('offer of peer'), onCall: OnCall = ring) => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = onCall;
  const peer = world.peer(bob);
  const invite = peer.newRequest('INVITE', { headers: REQUIRE, ...parts });
  peer.send(invite);
  world.run(100);
  let cseq = 1;
  const prack = (rack: string, more: Partial<RequestParts> = {}): void => {
    const headers = rack === '' ? [] : ([['RAck', rack]] as const);
    peer.send(peer.within(invite, peer.response(180), 'PRACK', ++cseq, { headers, ...more }));
    world.run(100);
  };
  const rackOf = (response: SipResponse): string => `${response.get('RSeq')} 1 INVITE`;
  const acknowledge = (more: Partial<RequestParts> = {}): void =>
    prack(rackOf(peer.response(180)), more);
  const rings = (): number => peer.statuses.filter((status) => status === '180 INVITE').length;
  return { world, bob, peer, invite, prack, rackOf, acknowledge, rings, ...bob.lastIncoming };
};

describe('a call that demands reliable provisional responses', () => {
  it('rings by a 180 with RSeq, repeated until its PRACK comes', () => {
    const { world, peer, acknowledge, rings } = called();
    const ringing = peer.response(180);
    expect(ringing.require).toEqual(['100rel']);
    expect(Number(ringing.get('RSeq'))).toBeGreaterThan(0);
    expect(ringing.contacts).toHaveLength(1);
    expect(ringing.body).toHaveLength(0);
    world.run(16_000);
    const times = world.network.sent
      .filter(({ text }) => text.startsWith('SIP/2.0 180'))
      .map(({ at }) => at);
    // Unlike a 2xx without a bound at T2.
    expect(times).toEqual([10, 510, 1510, 3510, 7510, 15_510]);
    acknowledge();
    expect(peer.statuses.at(-1)).toBe('200 PRACK');
    world.run(30_000);
    expect(rings()).toBe(6);
  });

  it('rings by no second 180 before the first is acknowledged', () => {
    const { world, session, rings } = called();
    session.ring();
    world.run(100);
    expect(rings()).toBe(1);
  });

  it('rings again after a minute under the next number', () => {
    const { world, peer, acknowledge, rings } = called();
    const first = Number(peer.response(180).get('RSeq'));
    acknowledge();
    world.run(60_000);
    expect(rings()).toBe(2);
    expect(Number(peer.response(180).get('RSeq'))).toBe(first + 1);
  });

  it('is refused by 504 when no PRACK comes within 64*T1', () => {
    const { world, peer, diary, bob } = called();
    world.run(32_000);
    expect(peer.response(504).to.tag).toBe(peer.response(180).to.tag);
    expect(diary.end).toEqual({ by: 'local', status: 504, reason: 'no PRACK' });
    world.run(70_000);
    expect(bob.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
  });

  it('is answered without waiting for the PRACK, which may come behind', () => {
    const { world, peer, session, prack, rackOf, rings } = called();
    session.accept();
    world.run(100);
    expect(peer.response(200).bodyText).toBe('answer of bob to offer of peer');
    prack(rackOf(peer.response(180)));
    expect(peer.statuses.at(-1)).toBe('200 PRACK');
    world.run(10_000);
    expect(rings()).toBe(1);
  });

  it.each([
    ['another number', (number: number) => `${number + 1} 1 INVITE`, 481],
    ['another INVITE', (number: number) => `${number} 2 INVITE`, 481],
    ['another method', (number: number) => `${number} 1 OPTIONS`, 481],
    ['no RAck', () => '', 400],
    ['nothing readable', () => 'all of them', 400],
  ])('answers a PRACK with %s and rings on', (_, rack, status) => {
    const { world, peer, prack, rings } = called();
    prack(rack(Number(peer.response(180).get('RSeq'))));
    expect(peer.statuses.at(-1)).toBe(`${status} PRACK`);
    world.run(8000);
    expect(rings()).toBe(5);
  });

  it('answers a PRACK that comes twice by 481', () => {
    const { peer, acknowledge } = called();
    acknowledge();
    acknowledge();
    expect(peer.statuses.slice(-2)).toEqual(['200 PRACK', '481 PRACK']);
  });

  it('refuses an offer in a PRACK before its own is answered, and has its 180 acknowledged', () => {
    const { world, peer, acknowledge, rings } = called();
    acknowledge(sdp('another offer'));
    expect(peer.statuses.at(-1)).toBe('491 PRACK');
    world.run(8000);
    expect(rings()).toBe(1);
  });

  it('cancelled or refused rings no more', () => {
    const { world, peer, session, rings } = called();
    session.reject(486);
    world.run(20_000);
    expect(rings()).toBe(1);
    expect(peer.statuses).toContain('486 INVITE');
  });
});

describe('a call without offer that demands reliable provisional responses', () => {
  it('gets our offer in the 180 and answers it in the PRACK', () => {
    const { world, peer, invite, session, media, diary, acknowledge } = called({});
    expect(peer.response(180).bodyText).toBe('offer 1 of bob');
    acknowledge(sdp('answer in PRACK'));
    expect(media.answersSeen).toEqual(['answer in PRACK']);
    session.accept();
    world.run(100);
    expect(peer.response(200).cseq.method).toBe('INVITE');
    expect(peer.response(200).body).toHaveLength(0);
    peer.send(peer.within(invite, peer.response(200), 'ACK', 1));
    world.run(100);
    expect(diary.entries).toEqual(['confirmed']);
  });

  it('is answered only when the PRACK has come', () => {
    const { world, peer, session, acknowledge } = called({});
    expect(session.accept()).toBe(true);
    world.run(1000);
    expect(peer.statuses).not.toContain('200 INVITE');
    acknowledge(sdp('answer in PRACK'));
    expect(peer.statuses.filter((status) => status.startsWith('200'))).toEqual([
      '200 PRACK',
      '200 INVITE',
    ]);
  });

  it('may offer again by PRACK or UPDATE before it is answered', () => {
    const { world, peer, invite, acknowledge } = called({});
    acknowledge(sdp('answer'));
    world.run(60_000);
    acknowledge(sdp('hold'));
    expect(peer.response(200).bodyText).toBe('answer of bob to hold');
    peer.send(peer.within(invite, peer.response(180), 'UPDATE', 9, sdp('resume')));
    world.run(100);
    expect(peer.response(200).bodyText).toBe('answer of bob to resume');
  });

  it('is refused when the answer is missing', () => {
    const { peer, acknowledge, diary } = called({});
    acknowledge();
    expect(peer.statuses.slice(-2)).toEqual(['488 PRACK', '488 INVITE']);
    expect(diary.end?.status).toBe(488);
  });
});

describe('reliable provisional responses of the peer', () => {
  const calling = () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const call = alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    const invite = peer.request('INVITE');
    const ringing = (number: string | number, content = '', toTag = 'peertag'): void => {
      peer.answer(invite, 183, {
        toTag,
        contact: peer.contact(),
        headers: [
          ['Require', '100rel'],
          ['RSeq', number],
        ],
        ...(content === '' ? {} : sdp(content)),
      });
      world.run(100);
    };
    const racks = (): string[] =>
      peer.requests
        .filter(({ method }) => method === 'PRACK')
        .map((prack) => `${prack.to.tag} ${prack.get('RAck')}`);
    return { world, alice, peer, invite, ringing, racks, ...call };
  };

  it('are offered, and acknowledged by PRACK in their early dialog', () => {
    const { peer, invite, ringing, media, diary } = calling();
    expect(invite.supported).toContain('100rel');
    ringing(7, 'announcement');
    const prack = peer.request('PRACK');
    expect(prack.get('RAck')).toBe('7 1 INVITE');
    expect(prack.to.tag).toBe('peertag');
    expect(prack.cseq.sequence).toBe(2);
    expect(prack.body).toHaveLength(0);
    expect(media.earlyAnswersSeen).toEqual(['announcement']);
    expect(diary.entries).toEqual(['progress 183']);
  });

  it('are acknowledged once however often they come, and in order only', () => {
    const { ringing, racks, media } = calling();
    ringing(7);
    ringing(7);
    ringing(9, 'too early');
    ringing(6);
    ringing(8, 'announcement');
    expect(racks()).toEqual(['peertag 7 1 INVITE', 'peertag 8 1 INVITE']);
    expect(media.earlyAnswersSeen).toEqual(['announcement']);
  });

  it('of each fork are counted apart', () => {
    const { ringing, racks } = calling();
    ringing(7, '', 'one');
    ringing(7, '', 'two');
    ringing(8, '', 'two');
    expect(racks()).toEqual(['one 7 1 INVITE', 'two 7 1 INVITE', 'two 8 1 INVITE']);
  });

  it.each(['', 'x', '0', '4294967296', '99999999999'])(
    'with the RSeq "%s" are taken for plain ones',
    (number) => {
      const { ringing, racks, diary } = calling();
      ringing(number);
      expect(racks()).toEqual([]);
      expect(diary.entries).toEqual(['progress 183']);
    },
  );

  it('have a PRACK that is lost sent again, and one that is refused ends nothing', () => {
    const { world, peer, ringing, session } = calling();
    ringing(7);
    world.run(2000);
    expect(peer.methods.filter((method) => method === 'PRACK').length).toBeGreaterThan(2);
    peer.answer(peer.request('PRACK'), 481);
    world.run(1000);
    expect(session.state).toBe('early');
  });

  it('count in the dialog that the 2xx makes: BYE goes on behind PRACK', () => {
    const { world, peer, invite, ringing, session } = calling();
    ringing(7, 'answer');
    peer.answer(peer.request('PRACK'), 200);
    peer.answer(invite, 200, { contact: peer.contact() });
    world.run(100);
    expect(peer.request('ACK').cseq.sequence).toBe(1);
    session.hangup();
    world.run(100);
    expect(peer.request('BYE').cseq.sequence).toBe(3);
  });

  it('count also when our CANCEL crosses the 2xx', () => {
    const { world, peer, invite, ringing, session } = calling();
    ringing(7);
    peer.answer(peer.request('PRACK'), 200);
    session.hangup();
    peer.answerOk(invite);
    world.run(100);
    expect(peer.request('BYE').cseq.sequence).toBe(3);
  });
});

describe('a PRACK that is lost', () => {
  it('has the 180 repeated until the next one comes', () => {
    const { world, peer, acknowledge, rings } = called();
    world.network.lose = ({ text }) => text.startsWith('PRACK');
    acknowledge();
    world.run(3000);
    world.network.lose = () => false;
    expect(rings()).toBe(3);
    acknowledge();
    expect(peer.statuses.at(-1)).toBe('200 PRACK');
    world.run(20_000);
    expect(rings()).toBe(3);
  });
});
