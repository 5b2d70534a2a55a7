import { describe, expect, it } from 'vitest';
import { NameAddr, parseSipUri } from '../../../src/sip/message';
import { World } from '../support/world';

/** The peer has answered Alice, who asks whether it is there. */
const asking = () => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const call = alice.call(`sip:bob@${peer.address.address}`);
  world.run(100);
  peer.answerOk(peer.request('INVITE'));
  world.run(100);
  const isThere = call.session.ask();
  world.run(100);
  return { world, alice, peer, ...call, isThere };
};

/** The peer has called Alice, from elsewhere than its Contact says, where nobody is. */
const movedPeer = () => {
  const world = new World();
  const alice = world.phone('alice').listen();
  const peer = world.peer(alice);
  const invite = peer.newInvite({
    contact: new NameAddr(undefined, parseSipUri('sip:p@10.0.0.99')),
  });
  peer.send(invite);
  world.run(100);
  peer.send(peer.within(invite, peer.response(200), 'ACK', 1));
  world.run(100);
  return { world, alice, peer, ...alice.lastIncoming };
};

describe('asking whether the peer is there', () => {
  it('is an OPTIONS within the dialog', () => {
    const { peer } = asking();
    const options = peer.request('OPTIONS');
    expect(options.to.tag).toBe('peertag');
    expect(options.cseq.sequence).toBe(2);
  });

  it.each([200, 401, 404, 405, 415, 486, 488, 500, 501, 503, 603])(
    'is answered by %i: somebody is',
    async (status) => {
      const { world, peer, isThere, session } = asking();
      peer.answer(peer.request('OPTIONS'), status);
      world.run(100);
      await expect(isThere).resolves.toBe(true);
      expect(session.state).toBe('confirmed');
      expect(peer.methods).not.toContain('BYE');
    },
  );

  it.each([408, 481])('is answered by %i: the session ends, and says why', async (status) => {
    const { world, peer, isThere, diary } = asking();
    peer.answer(peer.request('OPTIONS'), status, { reason: 'Who Is It' });
    world.run(100);
    await expect(isThere).resolves.toBe(false);
    expect(diary.end).toEqual({ by: 'network', status, reason: 'Who Is It' });
    expect(peer.methods.at(-1)).toBe('BYE');
  });

  it('is put to both places where it may be, in the time of one', async () => {
    const { world, alice, peer, session } = movedPeer();
    const isThere = session.ask();
    world.run(16_100);
    expect(peer.methods).toContain('OPTIONS');
    peer.answer(peer.request('OPTIONS'), 200);
    world.run(100);
    await expect(isThere).resolves.toBe(true);
    world.run(60_000);
    expect(session.state).toBe('confirmed');
    expect(alice.userAgent.counters.activeTransactions).toBe(0);
  });

  it('is answered at neither place: the session ends after 64*T1 all the same', async () => {
    const { world, alice, session, diary } = movedPeer();
    const isThere = session.ask();
    world.run(31_800);
    expect(diary.end).toBeUndefined();
    world.run(300);
    await expect(isThere).resolves.toBe(false);
    expect(diary.end).toEqual({ by: 'network', status: 408, reason: 'OPTIONS is not answered' });
    world.run(70_000);
    expect(alice.userAgent.counters).toMatchObject({ activeTransactions: 0, activeDialogs: 0 });
  });

  it('has its port looked at meanwhile: what is closed twice in a row is told each second', () => {
    const { world, session, peer } = asking();
    const told: number[] = [];
    const begun = world.clock.now();
    session.events.on('portClosed', () =>
      told.push(Math.floor((world.clock.now() - begun) / 1000)),
    );
    world.network.closed.add(`${peer.address.address}:${peer.address.port}`);
    world.run(1500);
    expect(told).toEqual([]);
    world.run(2500);
    expect(told).toEqual([1, 2, 3]);
    // One that opens again has begun anew.
    world.network.closed.clear();
    world.run(1000);
    world.network.closed.add(`${peer.address.address}:${peer.address.port}`);
    world.run(1000);
    expect(told).toEqual([1, 2, 3]);
    world.run(1000);
    expect(told).toEqual([1, 2, 3, 6]);
    peer.answer(peer.request('OPTIONS'), 405);
    world.run(5000);
    expect(told).toHaveLength(4);
    expect(session.state).toBe('confirmed');
  });

  it('is told nothing of the port of a peer that answers at once', () => {
    const { world, peer, session } = asking();
    let told = 0;
    session.events.on('portClosed', () => told++);
    world.network.closed.add(`${peer.address.address}:${peer.address.port}`);
    peer.answer(peer.request('OPTIONS'), 200);
    world.run(10_000);
    expect(told).toBe(0);
  });

  it('is not answered: the session ends after 64*T1', async () => {
    const { world, alice, isThere, diary } = asking();
    world.run(31_800);
    expect(diary.end).toBeUndefined();
    world.run(200);
    await expect(isThere).resolves.toBe(false);
    expect(diary.end).toEqual({ by: 'network', status: 408, reason: 'OPTIONS is not answered' });
    world.run(40_000);
    expect(alice.userAgent.counters).toMatchObject({ activeTransactions: 0, activeDialogs: 0 });
  });

  it('puts one question at a time, and one answer serves all who asked', async () => {
    const { world, peer, session, isThere } = asking();
    const again = session.ask();
    peer.answer(peer.request('OPTIONS'), 200);
    world.run(100);
    await expect(Promise.all([isThere, again])).resolves.toEqual([true, true]);
    expect(peer.methods.filter((method) => method === 'OPTIONS')).toHaveLength(1);
  });

  it('outlives a network of our own that is away for a while', async () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const { session } = alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    world.network.isDown = true;
    const isThere = session.ask();
    world.run(25_000);
    expect(session.state).toBe('confirmed');
    world.network.isDown = false;
    world.run(2000);
    peer.answer(peer.request('OPTIONS'), 200);
    world.run(100);
    await expect(isThere).resolves.toBe(true);
  });

  it('is not put once more after the session has ended', () => {
    const { world, peer, session } = asking();
    peer.answer(peer.request('OPTIONS'), 200);
    world.run(100);
    world.network.isDown = true;
    void session.ask();
    world.run(100);
    session.hangup();
    world.network.isDown = false;
    world.run(10_000);
    expect(peer.methods.filter((method) => method === 'OPTIONS')).toHaveLength(1);
  });

  it('ends with a network of our own that does not come back', async () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const { session, diary } = alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    peer.answerOk(peer.request('INVITE'));
    world.run(100);
    world.network.isDown = true;
    const isThere = session.ask();
    world.run(35_000);
    await expect(isThere).resolves.toBe(false);
    expect(diary.end?.reason).toBe('OPTIONS cannot be sent: network is down');
  });

  it('is over when the peer says BYE, and asks nobody after the end', async () => {
    const { world, peer, session, isThere } = asking();
    peer.send(peer.withinTheirs(peer.request('INVITE'), 'peertag', 'BYE', 1));
    world.run(100);
    await expect(isThere).resolves.toBe(false);
    await expect(session.ask()).resolves.toBe(false);
    peer.answer(peer.request('OPTIONS'), 481);
    world.run(100);
    expect(peer.methods).not.toContain('BYE');
  });
});
