import { describe, expect, it } from 'vitest';
import { answer, headline, LATENCY, loseFirst, ring, World } from '../support/world';

describe('a call between two user agents', () => {
  it('is set up and ended by the caller', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const call = alice.call(bob.uri);
    world.run(1000);
    expect(call.session.state).toBe('confirmed');
    expect(bob.lastIncoming.session.state).toBe('confirmed');
    call.session.hangup();
    expect(call.session.state).toBe('ended');
    world.run(1000);
    expect(world.trace()).toEqual(['INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE']);
    expect(bob.lastIncoming.diary.entries).toEqual(['confirmed', 'ended remote 200']);
    expect(call.diary.entries).toEqual(['confirmed', 'ended local 200']);
  });

  it('is ended by the callee', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const call = alice.call(bob.uri);
    world.run(1000);
    bob.lastIncoming.session.hangup();
    world.run(1000);
    expect(call.diary.entries).toEqual(['confirmed', 'ended remote 200']);
    expect(bob.lastIncoming.diary.entries).toEqual(['confirmed', 'ended local 200']);
  });

  it('rings first', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    bob.onCall = ring;
    const call = alice.call(bob.uri);
    world.run(5000);
    expect(call.diary.entries).toEqual(['progress 180']);
    bob.lastIncoming.session.accept();
    world.run(100);
    expect(call.diary.entries).toEqual(['progress 180', 'confirmed']);
  });

  it('carries the offer in INVITE and the answer in 200', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const call = alice.call(bob.uri);
    world.run(1000);
    expect(bob.lastIncoming.media.offersSeen).toEqual(['offer 1 of alice']);
    expect(call.media.answersSeen).toEqual(['answer of bob to offer 1 of alice']);
  });

  it('knows local and remote addresses on both sides', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const call = alice.call(bob.uri);
    world.run(1000);
    expect(call.session.localAddress).toBe('10.0.0.1');
    expect(bob.lastIncoming.session.localAddress).toBe('10.0.0.2');
    expect(String(call.session.remote.uri)).toBe(bob.uri);
    expect(String(bob.lastIncoming.session.remote.uri)).toBe('sip:alice@example.org');
    expect(bob.lastIncoming.session.calledUser).toBe('bob');
  });

  it.each(['INVITE', '180 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE'])(
    'survives the loss of its first two %s',
    (lost) => {
      const world = new World();
      const [alice, bob] = world.pair();
      bob.onCall = (call) => {
        call.session.ring();
        call.session.accept();
      };
      world.network.lose = loseFirst(lost, 2);
      const call = alice.call(bob.uri);
      world.run(10_000);
      expect(call.session.state).toBe('confirmed');
      expect(bob.lastIncoming.session.state).toBe('confirmed');
      call.session.hangup();
      world.run(40_000);
      expect(bob.lastIncoming.diary.entries.at(-1)).toBe('ended remote 200');
      expect(alice.userAgent.counters.activeTransactions).toBe(0);
      expect(bob.userAgent.counters.activeTransactions).toBe(0);
      expect(bob.userAgent.counters.activeDialogs).toBe(0);
    },
  );

  it('survives a link that loses every third datagram', () => {
    const world = new World();
    const alice = world.phone('alice');
    const bob = world.phone('bob', { maxSessions: 16 }).listen();
    // Who has not acknowledged a call yet may have few that wait.
    const first = alice.call(bob.uri);
    world.run(100);
    first.session.hangup();
    world.run(100);
    let count = 0;
    world.network.lose = () => ++count % 3 === 0;
    const calls = Array.from({ length: 8 }, () => alice.call(bob.uri));
    world.run(35_000);
    for (const call of calls) expect(call.session.state).toBe('confirmed');
    for (const call of calls) call.session.hangup();
    world.run(70_000);
    expect(bob.incoming.every(({ session }) => session.state === 'ended')).toBe(true);
    expect(alice.userAgent.counters.retransmissions).toBeGreaterThan(0);
    expect(alice.userAgent.counters.activeTransactions).toBe(0);
  });

  it('takes two round trips at most until the callee knows that it is answered', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    alice.call(bob.uri);
    world.run(3 * LATENCY);
    expect(bob.lastIncoming.session.state).toBe('confirmed');
  });

  it('refuses more sessions than it may have in either direction, which take no room from each other', () => {
    const world = new World();
    const alice = world.phone('alice').listen();
    const bob = world.phone('bob', { maxSessions: 1 }).listen();
    alice.call(bob.uri);
    world.run(100);
    const second = alice.call(bob.uri);
    const outgoing = bob.call(alice.uri);
    const another = bob.call(alice.uri);
    world.run(100);
    expect(second.diary.entries).toEqual(['ended remote 486']);
    expect(outgoing.diary.entries).toEqual(['confirmed']);
    expect(another.diary.entries).toEqual(['ended local 486']);
    expect(bob.incoming).toHaveLength(1);
  });

  it('names product, methods and extensions in INVITE and 200', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    alice.call(bob.uri);
    world.run(100);
    const find = (wanted: string) =>
      world.network.sent.find(({ text }) => headline(text) === wanted)?.text;
    for (const text of [find('INVITE'), find('200 INVITE')]) {
      expect(text).toMatch(
        /^Allow: INVITE, ACK, CANCEL, BYE, INFO, PRACK, UPDATE, REFER, NOTIFY, SUBSCRIBE, MESSAGE, OPTIONS\r$/m,
      );
      expect(text).toMatch(/^Supported: timer, 100rel, replaces, join, norefersub, path\r$/m);
    }
    expect(find('INVITE')).toMatch(/^User-Agent: alice\/1\r$/m);
    expect(find('200 INVITE')).toMatch(/^Server: bob\/1\r$/m);
  });

  it('does not let a listener that throws do harm', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const fail = (): never => {
      throw new Error('listener');
    };
    bob.onCall = (call) => {
      call.session.events.on('confirmed', fail);
      answer(call);
      fail();
    };
    const call = alice.call(bob.uri);
    call.session.events.on('confirmed', fail);
    world.run(1000);
    call.session.hangup();
    world.run(1000);
    expect(call.diary.entries).toEqual(['confirmed', 'ended local 200']);
    expect(bob.lastIncoming.diary.entries).toEqual(['confirmed', 'ended remote 200']);
    expect(bob.userAgent.internalErrors).toBe(0);
  });

  it('costs one call only when media fails', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const broken = () => {
      throw new Error('no ports left');
    };
    const refused = alice.userAgent.invite(bob.uri, alice.account, broken);
    const ends: string[] = [];
    refused.events.on('ended', (end) => ends.push(`${end.by} ${end.status}`));
    world.run(100);
    expect(ends).toEqual(['network 500']);
    bob.onCall = ({ session }) => {
      session.answerWith(broken);
      expect(session.accept()).toBe(false);
    };
    const call = alice.call(bob.uri);
    world.run(100);
    expect(call.diary.entries).toEqual(['ended remote 500']);
  });
});
