import { describe, expect, it } from 'vitest';
import { parseMessage, type SipRequest } from '../../../src/sip/message';
import { answer, headline, type Phone, ring, World } from '../support/world';

const meet = (protocols: 'both' | 'only' = 'both') => {
  const world = new World();
  const alice = world.tcpPhone('alice', protocols);
  const bob = world.tcpPhone('bob', protocols).listen();
  return { world, alice, bob };
};

const byTcp = (phone: Phone) => `${phone.uri};transport=tcp`;

/** Requests sent so far, as they were read. */
const requests = (world: World): SipRequest[] =>
  world.network.sent
    .map(({ text }) => parseMessage(Buffer.from(text, 'latin1')))
    .filter((message) => message.kind === 'request');

const viaOf = (world: World, method: string): string | undefined =>
  requests(world).findLast((one) => one.method === method)?.topVia.transport;

describe('a call over TCP', () => {
  it('goes over one connection each way, named in Via and Contact', () => {
    const { world, alice, bob } = meet();
    const { session, diary } = alice.call(byTcp(bob));
    world.run(100);
    expect(diary.entries).toEqual(['confirmed']);
    const [invite] = requests(world);
    expect(`${invite?.topVia.transport} ${invite?.topVia.sentBy}`).toBe('TCP 10.0.0.1:5060');
    expect(`${invite?.contacts[0]?.uri}`).toBe('sip:alice@10.0.0.1:5060;transport=tcp');
    const success = world.network.sent.find(({ text }) => headline(text) === '200 INVITE')?.text;
    expect(success).toContain('Contact: <sip:bob@10.0.0.2:5060;transport=tcp>');
    bob.lastIncoming.session.hangup();
    world.run(100);
    expect(session.state).toBe('ended');
    expect(viaOf(world, 'BYE')).toBe('TCP');
    // Bob's BYE goes to alice's Contact.
    expect(world.streams.opened).toEqual(['10.0.0.1 10.0.0.2:5060', '10.0.0.2 10.0.0.1:5060']);
  });

  it('repeats no request, however long the answer takes', () => {
    const { world, alice, bob } = meet();
    bob.onCall = undefined;
    alice.call(byTcp(bob));
    world.run(20_000);
    expect(world.trace()).toEqual(['INVITE', '100 INVITE']);
    expect(alice.userAgent.counters.retransmissions).toBe(0);
  });

  it('is refused without repetition, and forgotten at once', () => {
    const { world, alice, bob } = meet();
    bob.onCall = ({ session }) => session.reject(486);
    const { diary } = alice.call(byTcp(bob));
    world.run(100);
    expect(diary.entries).toEqual(['ended remote 486']);
    world.run(40_000);
    expect(world.trace()).toEqual(['INVITE', '486 INVITE', 'ACK']);
    expect(alice.userAgent.counters.activeTransactions).toBe(0);
  });

  it('to nobody fails at once', () => {
    const { world, alice } = meet();
    const { diary } = alice.call('sip:x@10.0.0.99;transport=tcp');
    world.run(100);
    expect(diary.entries).toEqual(['ended network 503']);
    expect(diary.end?.reason).toBe('connection refused');
  });

  it('that has no answer yet ends when the connection does', () => {
    const { world, alice, bob } = meet();
    bob.onCall = undefined;
    // Nothing of bob's gets through, a 100 neither.
    const { diary } = alice.call(byTcp(bob));
    world.run(5);
    bob.tcp.cut();
    world.run(100);
    expect(diary.entries).toEqual(['ended network 503']);
    expect(diary.end?.reason).toBe('connection reset');
  });

  it('that is up outlives its connection', () => {
    const { world, alice, bob } = meet();
    const { session } = alice.call(byTcp(bob));
    world.run(100);
    alice.tcp.cut();
    world.run(100);
    expect(session.state).toBe('confirmed');
    session.hangup();
    world.run(100);
    expect(bob.lastIncoming.diary.end).toMatchObject({ by: 'remote', status: 200 });
  });

  it('is answered over a new connection to the Via when the old one has closed', () => {
    const { world, alice, bob } = meet();
    bob.onCall = ring;
    const { diary } = alice.call(byTcp(bob));
    world.run(100);
    bob.tcp.cut();
    world.run(100);
    answer(bob.lastIncoming);
    world.run(100);
    expect(diary.entries).toEqual(['progress 180', 'confirmed']);
    expect(world.streams.opened).toContain('10.0.0.2 10.0.0.1:5060');
  });

  it('gives a connection up over which nothing comes back', () => {
    const { world, alice, bob } = meet();
    alice.call(byTcp(bob));
    world.run(100);
    const { session } = bob.lastIncoming;
    // Alice’s machine goes without a word: neither her Contact nor her connection brings anything.
    alice.tcp.silence();
    void session.ask();
    world.run(66_000);
    expect(session.state).toBe('ended');
    // For the OPTIONS, and anew for the BYE.
    expect(world.streams.opened.slice(1)).toEqual([
      '10.0.0.2 10.0.0.1:5060',
      '10.0.0.2 10.0.0.1:5060',
    ]);
  });

  it('does not stop at who speaks UDP only', () => {
    const world = new World();
    const alice = world.phone('alice');
    const bob = world.phone('bob').listen();
    const { diary } = alice.call(byTcp(bob));
    world.run(100);
    expect(diary.end?.reason).toContain('only UDP is spoken here');
  });
});

describe('with TCP alone', () => {
  it('an address that says nothing is called by TCP', () => {
    const { world, alice, bob } = meet('only');
    const { diary } = alice.call(bob.uri);
    world.run(100);
    expect(diary.entries).toEqual(['confirmed']);
    expect(viaOf(world, 'INVITE')).toBe('TCP');
  });
});

describe('a request that is too large for a datagram', () => {
  const large = (phone: Phone, target: string) => {
    const call = phone.call(target, { displayName: 'x'.repeat(1200) });
    return call;
  };

  it('goes by TCP, and is not sent by UDP', () => {
    const { world, alice, bob } = meet();
    const { diary } = large(alice, bob.uri);
    world.run(100);
    expect(diary.entries).toEqual(['confirmed']);
    expect(requests(world).map(({ topVia }) => topVia.transport)).toEqual(['TCP', 'TCP']);
  });

  it('goes by UDP after all where TCP is not taken, and for a while at once', () => {
    const { world, alice } = meet();
    const carol = world.phone('carol').listen();
    const { diary, session } = large(alice, carol.uri);
    world.run(100);
    expect(diary.entries).toEqual(['confirmed']);
    expect(viaOf(world, 'INVITE')).toBe('UDP');
    session.hangup();
    world.run(100);
    const before = alice.tcp.counters.sendErrors;
    large(alice, carol.uri);
    world.run(100);
    expect(carol.lastIncoming.session.state).toBe('confirmed');
    expect(alice.tcp.counters.sendErrors).toBe(before);
  });

  it('goes by UDP where the address asks for it, and where no TCP is spoken', () => {
    const { world, alice, bob } = meet();
    large(alice, `${bob.uri};transport=udp`);
    world.run(100);
    expect(viaOf(world, 'INVITE')).toBe('UDP');
    const carol = world.phone('carol');
    large(carol, bob.uri);
    world.run(100);
    expect(viaOf(world, 'INVITE')).toBe('UDP');
    expect(world.streams.opened).toEqual([]);
  });

  it('is one of more than 1300 octets', () => {
    const sizeOf = (name: number): readonly [number, string | undefined] => {
      const { world, alice, bob } = meet();
      alice.call(bob.uri, { displayName: 'x'.repeat(name) });
      world.run(1);
      const { text } = world.network.sent[0] ?? { text: '' };
      return [text.length, viaOf(world, 'INVITE')];
    };
    const [empty] = sizeOf(1);
    // TCP has no rport to ask for, and says transport=tcp; so only UDP's own size tells.
    const [size, transport] = sizeOf(1301 - empty);
    expect([size, transport]).toEqual([1300, 'UDP']);
    expect(sizeOf(1302 - empty)[1]).toBe('TCP');
  });
});

describe('a registration over TCP', () => {
  const registered = () => {
    const world = new World();
    const car = world.tcpPhone('car');
    // A phone stands for the registrar: it refuses, and that is an answer that binds for this test.
    const peer = world.tcpPeer();
    const registration = car.userAgent.register({
      uri: 'sip:car@example.org',
      registrar: `sip:${peer.local.address};transport=tcp`,
    });
    world.run(100);
    return { world, car, peer, registration };
  };

  it('is made again at once when a connection that lasted has died by itself', () => {
    const { world, car, peer, registration } = registered();
    expect(registration.state).toBe('registered');
    expect(peer.registers).toBe(1);
    world.run(125_000);
    expect(peer.pings).toBe(1);
    car.tcp.lose();
    world.run(1100);
    expect(peer.registers).toBe(2);
    expect(registration.state).toBe('registered');
  });

  it('is made again within 75 s when the registrar has closed one that lasted, and says so', () => {
    const { world, peer, registration } = registered();
    world.run(125_000);
    peer.cut();
    world.run(100);
    expect([registration.state, registration.detail]).toEqual(['failed', 'connection reset']);
    world.run(75_000);
    expect(peer.registers).toBe(2);
    expect(registration.state).toBe('registered');
  });

  it.each([
    ['registrar closes it', 'cut'],
    ['network loses it', 'lose'],
  ] as const)('is made again no sooner than after half a minute when the %s at once', (_, how) => {
    const { world, car, peer } = registered();
    if (how === 'cut') peer.cut();
    else car.tcp.lose();
    world.run(29_000);
    expect(peer.registers).toBe(1);
    world.run(77_000);
    expect(peer.registers).toBe(2);
  });

  it('goes over another connection at once when somebody asks', () => {
    const { world, peer, registration } = registered();
    peer.cut();
    world.run(100);
    registration.refresh();
    world.run(100);
    expect(peer.registers).toBe(2);
    expect(registration.state).toBe('registered');
  });

  it('is left alone when it has been taken back', () => {
    const { world, peer, registration } = registered();
    void registration.unregister();
    world.run(100);
    expect(peer.registers).toBe(2);
    peer.cut();
    world.run(200_000);
    expect(peer.registers).toBe(2);
  });
});
