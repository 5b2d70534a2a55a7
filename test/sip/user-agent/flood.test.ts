import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { NameAddr, Params, parseSipUri, Via } from '../../../src/sip/message';
import type { SocketAddress } from '../../../src/sip/transport';
import { ScriptedPeer } from '../support/scripted-peer';
import { answer, type Phone, ring, UNLIMITED, World } from '../support/world';

const BUDGET = 2_000_000;

const forgedAddress = (i: number): SocketAddress => ({
  address: `172.${16 + ((i >> 16) & 15)}.${(i >> 8) & 255}.${i & 255}`,
  port: 1024 + (i % 50_000),
});

const setUp = (onCall: typeof ring = answer) => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = onCall;
  const peer = world.peer(bob);
  return { world, bob, peer, flood: floodOf(world, bob) };
};

/** Sends `count` requests, each a message of its own, from as many forged sources as asked for. */
const floodOf = (world: World, bob: Phone) => {
  let number = 0;
  const scanner = world.peer(bob);
  return (method: string, count: number, sources: 'one' | 'many', size = 0): void => {
    for (let i = 0; i < count; i++) {
      number++;
      const via = new Via('UDP', '192.0.2.1', 5060, Params.of({ branch: `z9hG4bKf${number}` }));
      const request = scanner.newRequest(method, {
        via,
        callId: `flood${number}`,
        headers: [['X', 'x'.repeat(size)]],
        ...(method === 'INVITE'
          ? { body: { contentType: 'application/sdp', content: 'offer of nobody' } }
          : {}),
      });
      const from = sources === 'one' ? scanner.address : forgedAddress(number);
      new ScriptedPeer(world.network, from, bob.address).send(request);
    }
    world.network.sent.length = 0;
  };
};

const establish = ({ world, bob, peer }: ReturnType<typeof setUp>) => {
  const invite = peer.newInvite();
  peer.send(invite);
  world.run(50);
  const ok = peer.response(200);
  peer.send(peer.within(invite, ok, 'ACK', 1));
  world.run(50);
  expect(bob.lastIncoming.session.state).toBe('confirmed');
  return { invite, ok };
};

const FLOODS = ['OPTIONS', 'REGISTER', 'INVITE', 'BYE', 'CANCEL', 'ACK', 'MESSAGE'].flatMap(
  (method) => (['one', 'many'] as const).map((sources) => ({ method, sources })),
);

describe.each(FLOODS)('a flood of $method from $sources source(s)', ({ method, sources }) => {
  it('leaves a call its BYE, an INVITE within it and a call of our own', () => {
    const stage = setUp();
    const { world, bob, peer, flood } = stage;
    const { invite, ok } = establish(stage);
    flood(method, 2000, sources);
    peer.send(peer.within(invite, ok, 'INVITE', 2, sdp('offer again')));
    world.run(50);
    expect(peer.statuses.filter((status) => status === '200 INVITE').length).toBeGreaterThan(1);
    flood(method, 2000, sources);
    const own = bob.call(`sip:peer@${peer.address.address}`);
    world.run(50);
    peer.answerOk(peer.request('INVITE'));
    world.run(50);
    expect(own.session.state).toBe('confirmed');
    flood(method, 2000, sources);
    peer.send(peer.within(invite, ok, 'BYE', 3));
    world.run(50);
    expect(peer.statuses).toContain('200 BYE');
    expect(bob.userAgent.internalErrors).toBe(0);
  });

  it('keeps no more than the budget, and nothing a minute later', () => {
    const { world, bob, flood } = setUp(ring);
    for (let second = 0; second < 5; second++) {
      flood(method, 1000, sources, 1000);
      world.run(1000);
      expect(bob.userAgent.counters.stateBytes).toBeLessThan(BUDGET / 4);
    }
    expect(bob.userAgent.counters.limited).toBeGreaterThan(1000);
    expect(bob.userAgent.counters.activeDialogs).toBeLessThanOrEqual(8);
    for (const { session } of bob.incoming) session.hangup();
    world.run(60_000);
    expect(bob.userAgent.counters).toMatchObject({
      stateBytes: 0,
      activeTransactions: 0,
      activeDialogs: 0,
    });
  });
});

const sdp = (content: string) => ({ body: { contentType: 'application/sdp', content } });

describe('what is owed without state', () => {
  it.each(['OPTIONS', 'REGISTER', 'MESSAGE'])('%s: answered, and nothing is kept', (method) => {
    const { world, bob, peer } = setUp();
    const request = peer.newRequest(method);
    peer.send(request);
    peer.send(request);
    world.run(50);
    expect(peer.responses).toHaveLength(2);
    const [first, second] = peer.responses;
    expect(first?.to.tag).toBe(second?.to.tag);
    expect(bob.userAgent.counters).toMatchObject({ activeTransactions: 0, stateBytes: 0 });
  });

  it('a call refused at once: its repetition is refused alike, whatever has changed meanwhile', () => {
    const { world, bob, peer } = setUp(({ session }) => session.reject(486));
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(500);
    bob.onCall = answer;
    peer.send(invite);
    world.run(50);
    expect(peer.statuses).toEqual(['486 INVITE', '486 INVITE']);
    expect(peer.responses[0]?.to.tag).toBe(peer.responses[1]?.to.tag);
    expect(bob.userAgent.counters).toMatchObject({ activeTransactions: 0, stateBytes: 0 });
    expect(bob.incoming).toHaveLength(1);
  });

  it('the ACK of such a refusal is no error', () => {
    const { world, bob, peer } = setUp(({ session }) => session.reject(486));
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(50);
    peer.send(peer.newRequest('ACK', { via: invite.topVia, to: peer.response(486).to }));
    world.run(40_000);
    expect(peer.statuses).toEqual(['486 INVITE']);
    expect(bob.userAgent.counters).toMatchObject({ malformed: 0, limited: 0 });
  });

  it('tags cannot be guessed from one agent to the next', () => {
    const tags = ['bob', 'carol'].map((name, index) => {
      const world = new World();
      for (let i = 0; i < index; i++) world.phone('other');
      const peer = world.peer(world.phone(name));
      peer.send(peer.newRequest('OPTIONS'));
      world.run(50);
      return peer.responses[0]?.to.tag;
    });
    expect(tags[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(tags[0]).not.toBe(tags[1]);
  });
});

describe('bytes', () => {
  it('a message of more than 16 KB is answered 513, from its head', () => {
    const { world, bob, peer } = setUp();
    peer.send(peer.newInvite({ headers: [['X', 'x'.repeat(50_000)]] }));
    peer.send(
      peer.newInvite({
        callId: 'large',
        body: { contentType: 'a/b', content: 'x'.repeat(50_000) },
      }),
    );
    world.run(50);
    expect(peer.statuses).toEqual(['513 INVITE']);
    expect(bob.userAgent.counters).toMatchObject({ oversized: 2, stateBytes: 0 });
  });

  it('requests within a call take no more than the budget: the one answered longest ago is forgotten', () => {
    const world = new World();
    const bob = world.phone('bob', { maxStateBytes: 50_000, sourceRates: UNLIMITED }).listen();
    const peer = world.peer(bob);
    const stage = { world, bob, peer, flood: floodOf(world, bob) };
    const { invite, ok } = establish(stage);
    for (let cseq = 2; cseq < 200; cseq++) peer.send(peer.within(invite, ok, 'INFO', cseq));
    world.run(50);
    expect(peer.statuses.filter((status) => status === '200 INFO')).toHaveLength(198);
    expect(bob.userAgent.counters.stateBytes).toBeLessThanOrEqual(52_000);
    expect(bob.userAgent.counters.forgotten).toBeGreaterThan(150);
    // The youngest is still there, and repeats its answer.
    const last = peer.within(invite, ok, 'BYE', 500);
    peer.send(last);
    peer.send(last);
    world.run(50);
    expect(peer.statuses.slice(-2)).toEqual(['200 BYE', '200 BYE']);
  });

  it('a transaction does not keep the datagram that began it', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('no collector');
    const world = new World();
    world.network.keepsTrace = false;
    const bob = world.phone('bob', { sourceRates: UNLIMITED }).listen();
    const peer = world.peer(bob);
    const { invite, ok } = establish({ world, bob, peer, flood: floodOf(world, bob) });
    // The collector sweeps in the background: a few rounds, until it has.
    const used = async () => {
      for (let i = 0; i < 5; i++) {
        collect();
        await new Promise((done) => setImmediate(done));
      }
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const send = (from: number, to: number) => {
      for (let cseq = from; cseq < to; cseq++) {
        const headers = [['X', 'x'.repeat(15_000)]] as const;
        peer.send(peer.within(invite, ok, 'INFO', cseq, { headers }));
      }
      world.run(50);
      peer.received.length = 0;
    };
    send(2, 50);
    const before = await used();
    send(50, 450);
    expect(bob.userAgent.counters.activeTransactions).toBeGreaterThan(400);
    expect(((await used()) - before) / 400).toBeLessThan(6000);
  });
});

describe('a source that may be forged', () => {
  const bytesTo = (world: World, { address }: SocketAddress) =>
    world.network.sent
      .filter(({ to }) => to.startsWith(`${address}:`))
      .map(({ text }) => text.length);

  it.each(['OPTIONS', 'REGISTER', 'MESSAGE', 'INVITE', 'BYE', 'CANCEL', 'PING'])(
    'gets nothing larger than twice what it sent: %s of the least size',
    (method) => {
      const { world, peer } = setUp(({ session }) => session.reject(486));
      const least = [
        `${method} sip:a@b SIP/2.0`,
        `v:SIP/2.0/UDP ${peer.address.address};branch=z9hG4bK1`,
        'f:<sip:a@b>;tag=1',
        't:<sip:a@b>',
        'i:1',
        `CSeq:1 ${method}`,
        'm:<sip:a@b>',
        '\r\n',
      ].join('\r\n');
      peer.sendBytes(Buffer.from(least));
      world.run(40_000);
      const sent = bytesTo(world, peer.address);
      expect(sent.length).toBe(1);
      expect(Math.max(...sent)).toBeLessThanOrEqual(2 * least.length);
    },
  );

  it('nor what cannot be read', () => {
    const { world, peer } = setUp();
    const least = 'OPTIONS sip:a SIP/2.0\r\nv:x\r\n\r\n';
    peer.sendBytes(Buffer.from(least));
    world.run(100);
    for (const size of bytesTo(world, peer.address)) {
      expect(size).toBeLessThanOrEqual(2 * least.length);
    }
  });

  it('a refusal that it does not acknowledge is repeated no further than that', () => {
    const { world, bob, peer } = setUp(ring);
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(100);
    peer.send(peer.newRequest('CANCEL', { via: invite.topVia }));
    world.run(40_000);
    const received = bytesTo(world, bob.address).reduce((sum, size) => sum + size, 0);
    const sent = bytesTo(world, peer.address).reduce((sum, size) => sum + size, 0);
    expect(sent).toBeLessThanOrEqual(2 * received);
    expect(bob.userAgent.counters.withheld).toBeGreaterThan(0);
    expect(bob.userAgent.counters.undelivered).toBe(1);
  });

  it('but one that has acknowledged before hears it as often as RFC 3261 has it', () => {
    const stage = setUp();
    establish(stage);
    const { world, bob, peer } = stage;
    bob.onCall = ring;
    const invite = peer.newInvite({ callId: 'second' });
    peer.send(invite);
    world.run(100);
    bob.lastIncoming.session.reject(603);
    world.run(40_000);
    expect(peer.statuses.filter((status) => status === '603 INVITE')).toHaveLength(11);
  });

  it('does not keep others out by INVITEs that it never acknowledges', () => {
    const stage = setUp();
    const { world, bob, flood } = stage;
    flood('INVITE', 300, 'many');
    world.run(50);
    // The rest may come again: nobody is driven out before the ACK can have come.
    expect(bob.incoming).toHaveLength(3);
    world.run(1000);
    establish(stage);
    const { stateBytes, activeDialogs } = bob.userAgent.counters;
    expect(activeDialogs).toBeLessThan(24);
    expect(stateBytes).toBeLessThan(BUDGET / 4);
    // What gave way is neither repeated nor followed by BYE.
    world.network.sent.length = 0;
    world.run(2000);
    const sent = world.network.sent.filter(({ from }) => from.startsWith(bob.address.address));
    expect(sent.length).toBeLessThanOrEqual(2 * 3);
  });

  it('leaves every call the time for its ACK, also in the first burst', () => {
    const stage = setUp();
    const { world, peer, flood } = stage;
    for (const sources of ['many', 'one'] as const) {
      flood('INVITE', 20, sources);
      const invite = peer.newInvite({ callId: `while-${sources}` });
      peer.send(invite);
      world.run(190);
      flood('INVITE', 20, sources);
      // Unanswered for want of a place, a phone calls again after T1 (RFC 3261 §17.1.1.2).
      world.run(310);
      peer.send(invite);
      world.run(190);
      flood('INVITE', 20, sources);
      const ok = peer.response(200);
      peer.send(peer.within(invite, ok, 'ACK', 1));
      world.run(50);
      peer.send(peer.within(invite, ok, 'BYE', 2));
      world.run(50);
      expect(peer.statuses.at(-1)).toBe('200 BYE');
      peer.received.length = 0;
    }
  });

  it('leaves it the time also where to answer a call takes longer than a phone needs to acknowledge', () => {
    const stage = setUp();
    const { world, bob, peer, flood } = stage;
    bob.onCall = (call) => {
      // What the processor does meanwhile is not seen: nothing is read until it is done.
      world.clock.pass(150);
      answer(call);
    };
    const invite = peer.newInvite();
    peer.send(invite);
    // All of this waits in the socket by then.
    flood('INVITE', 30, 'many');
    world.run(20);
    world.run(20);
    const ok = peer.response(200);
    peer.send(peer.within(invite, ok, 'ACK', 1));
    world.run(500);
    expect(bob.incoming.length).toBeGreaterThan(3);
    expect(bob.incoming[0]?.session.state).toBe('confirmed');
    expect(bob.userAgent.counters.limited).toBeGreaterThan(0);
  });

  it('of one address leaves two places in time to who shares it', () => {
    const { world, bob, peer } = setUp();
    const invites = [1, 2, 3].map((i) => peer.newInvite({ callId: `shared${i}` }));
    for (const invite of invites) peer.send(invite);
    world.run(199);
    expect(bob.incoming).toHaveLength(2);
    for (const invite of invites) peer.send(invite);
    world.run(1);
    expect(bob.incoming).toHaveLength(2);
    peer.send(invites[2] ?? peer.newInvite());
    world.run(50);
    expect(bob.incoming).toHaveLength(3);
  });

  it('whose ACK comes when its call has given way is told so by BYE', () => {
    const { world, bob, peer, flood } = setUp();
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(200);
    flood('INVITE', 2, 'many');
    world.run(50);
    flood('INVITE', 1, 'many');
    world.run(50);
    expect(bob.incoming[0]?.diary.entries).toEqual(['ended network 408']);
    peer.send(peer.within(invite, peer.response(200), 'ACK', 1));
    world.run(50);
    expect(peer.methods).toEqual(['BYE']);
    peer.answer(peer.request('BYE'), 200);
    world.run(50);
  });

  it('leaves a quarter of the room for calls that wait to others', () => {
    const stage = setUp();
    const { world, bob, peer } = stage;
    establish(stage);
    bob.onCall = ring;
    const stranger = world.peer(bob);
    for (let i = 0; i < 12; i++) stranger.send(stranger.newInvite({ callId: `call${i}` }));
    world.run(50);
    expect(stranger.statuses.filter((status) => status === '180 INVITE')).toHaveLength(6);
    peer.send(peer.newInvite({ callId: 'second' }));
    world.run(50);
    expect(peer.statuses).toContain('180 INVITE');
  });
});

describe('a call of ours is known by its Call-ID', () => {
  it('which lets nothing begin that the source has no room for', () => {
    const stage = setUp();
    const { world, bob, flood } = stage;
    establish(stage);
    const other = world.peer(bob);
    flood('OPTIONS', 3000, 'many');
    other.send(
      other.newInvite({
        cseq: 7,
        from: new NameAddr(undefined, parseSipUri('sip:x@example.org')).withTag('new'),
      }),
    );
    world.run(50);
    expect(bob.incoming).toHaveLength(1);
    expect(other.received).toEqual([]);
  });

  it('a CANCEL stops the ringing during a flood', () => {
    const { world, bob, peer, flood } = setUp(ring);
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(50);
    flood('OPTIONS', 3000, 'many');
    peer.send(peer.newRequest('CANCEL', { via: invite.topVia }));
    world.run(50);
    expect(bob.lastIncoming.session.state).toBe('ended');
    expect(peer.statuses).toContain('487 INVITE');
  });

  it('the registrar is heard during a flood', async () => {
    const { world, bob, peer, flood } = setUp();
    const registrar = `sip:${peer.address.address}`;
    const registration = bob.userAgent.register({ uri: 'sip:bob@example.org', registrar });
    await world.settle(100);
    flood('REGISTER', 3000, 'many');
    const contact = peer.request('REGISTER').contacts[0];
    if (!contact) throw new Error('no Contact');
    peer.answer(peer.request('REGISTER'), 200, { contact: contact.withParam('expires', '300') });
    await world.settle(100);
    expect(registration.state).toBe('registered');
    flood('INVITE', 3000, 'many');
    peer.send(peer.newInvite({ callId: 'by-the-registrar' }));
    await world.settle(100);
    expect(peer.statuses).toContain('200 INVITE');
  });

  it('a phone that repeats its INVITE gets in during a flood of forged ones', () => {
    const { world, bob, peer, flood } = setUp(ring);
    flood('INVITE', 3000, 'many');
    world.run(100);
    const before = bob.incoming.length;
    for (const { session } of bob.incoming) session.hangup();
    const invite = peer.newInvite();
    flood('OPTIONS', 500, 'many');
    peer.send(invite);
    world.run(50);
    expect(bob.incoming).toHaveLength(before);
    world.run(450);
    flood('OPTIONS', 500, 'many');
    peer.send(invite);
    world.run(50);
    expect(peer.statuses).toEqual(['180 INVITE']);
  });
});
