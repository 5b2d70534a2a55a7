import { describe, expect, it } from 'vitest';
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
