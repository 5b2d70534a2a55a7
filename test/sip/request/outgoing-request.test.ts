// Shows RFC 3263.

import { describe, expect, it } from 'vitest';
import type { SipAccount } from '../../../src/sip/account';
import { TransportException } from '../../../src/sip/transport';
import { Diary, FakeMedia, World } from '../support/world';

/** A phone whose PBX has three addresses: 10.0.0.2, 10.0.0.3 and 10.0.0.4. */
const setUp = (more: Partial<SipAccount> = {}, noWayTo = '') => {
  const world = new World();
  const inner = world.network.transport({ address: '10.0.0.1', port: 5060 });
  const car = world.phone('car', {
    transports: [
      {
        protocol: inner.protocol,
        port: inner.port,
        counters: inner.counters,
        listen: (receiver) => inner.listen(receiver),
        flowTo: (remote) => {
          const flow = inner.flowTo(remote);
          if (remote.address !== noWayTo) return flow;
          return {
            ...flow,
            get local(): never {
              throw new TransportException('send-failed', 'no route');
            },
          };
        },
        close: () => inner.close(),
      },
    ],
    lookup: async () => ['10.0.0.2', '10.0.0.3', '10.0.0.4'],
  });
  const peers = [world.peer(car), world.peer(car), world.peer(car)] as const;
  const account: SipAccount = { uri: 'sip:car@example.org', password: 'secret', ...more };
  const call = (target = 'sip:bob@example.org') => {
    const session = car.userAgent.invite(target, account, () => new FakeMedia('car'));
    return { session, diary: new Diary(session) };
  };
  return { world, car, peers, account, call };
};

const methods = (set: ReturnType<typeof setUp>) => set.peers.map((peer) => peer.methods);

describe('a request to a name with several addresses', () => {
  it('goes on to the next one after 503, with a branch of its own', async () => {
    const set = setUp();
    const { session } = set.call();
    await set.world.settle(200);
    const [one, two] = set.peers;
    one.answer(one.request('INVITE'), 503, { headers: [['Retry-After', 60]] });
    set.world.run(100);
    two.answerOk(two.request('INVITE'));
    set.world.run(100);
    expect(session.state).toBe('confirmed');
    expect(methods(set)[2]).toEqual([]);
    expect(two.request('INVITE').topVia.branch).not.toBe(one.request('INVITE').topVia.branch);
    expect(two.request('INVITE').callId).toBe(one.request('INVITE').callId);
  });

  it('goes on after silence, and comes to the living one first from then on', async () => {
    const set = setUp();
    set.call();
    await set.world.settle(200);
    await set.world.settle(31_900);
    expect(methods(set).slice(1)).toEqual([[], []]);
    await set.world.settle(200);
    expect(set.peers[1].methods).toEqual(['INVITE']);
    set.call();
    await set.world.settle(200);
    expect(set.peers[1].methods.filter((method) => method === 'INVITE')).toHaveLength(2);
  });

  it('goes on at once where there is no way to the first', async () => {
    const set = setUp({}, '10.0.0.2');
    set.call();
    await set.world.settle(200);
    expect(methods(set)).toEqual([[], ['INVITE'], []]);
  });

  it('fails at once where the network refuses every one', async () => {
    const set = setUp();
    const { diary } = set.call();
    set.world.network.isDown = true;
    await set.world.settle(200);
    expect(diary.end).toMatchObject({ by: 'network', status: 503, reason: 'network is down' });
  });

  it('fails with the answer of the last one', async () => {
    const set = setUp();
    const { diary } = set.call();
    for (const peer of set.peers) {
      await set.world.settle(200);
      peer.answer(peer.request('INVITE'), 503, { reason: 'Overloaded' });
    }
    set.world.run(100);
    expect(diary.end).toEqual({ by: 'remote', status: 503, reason: 'Overloaded' });
  });

  it.each([500, 486, 404, 603])('does not go on after %d: that is an answer', async (status) => {
    const set = setUp();
    const { diary } = set.call();
    await set.world.settle(200);
    set.peers[0].answer(set.peers[0].request('INVITE'), status);
    set.world.run(100);
    expect(diary.end?.status).toBe(status);
    expect(set.peers[1].methods).toEqual([]);
  });

  it('does not go on once the call has been given up', async () => {
    const set = setUp();
    const { session } = set.call();
    await set.world.settle(200);
    const [one, two] = set.peers;
    one.answer(one.request('INVITE'), 180);
    set.world.run(100);
    session.hangup();
    set.world.run(100);
    one.answer(one.request('INVITE'), 503);
    await set.world.settle(40_000);
    expect(two.methods).toEqual([]);
  });

  it('registers with the next one, and signs for each of them', async () => {
    const set = setUp();
    const registration = set.car.userAgent.register({
      ...set.account,
      registrar: 'sip:example.org',
    });
    await set.world.settle(200);
    const [one, two] = set.peers;
    one.answer(one.request('REGISTER'), 503);
    set.world.run(100);
    two.answer(two.request('REGISTER'), 401, {
      headers: [['WWW-Authenticate', 'Digest realm="r", nonce="n"']],
    });
    set.world.run(100);
    expect(two.request('REGISTER').authorization).toHaveLength(1);
    two.answer(two.request('REGISTER'), 200);
    set.world.run(100);
    expect(registration.state).toBe('registered');
    expect(registration.boundTo[0]?.address).toBe('10.0.0.3');
  });

  it('goes on to one that knows nothing of the nonces of the one before', async () => {
    const set = setUp();
    const registration = set.car.userAgent.register({
      ...set.account,
      registrar: 'sip:example.org',
    });
    await set.world.settle(200);
    const [one, two] = set.peers;
    const asks = (nonce: string) => ({
      headers: [['WWW-Authenticate', `Digest realm="r", nonce="${nonce}"`]] as const,
    });
    one.answer(one.request('REGISTER'), 401, asks('of one'));
    set.world.run(100);
    one.answer(one.request('REGISTER'), 200, { headers: [['Expires', '60']] });
    set.world.run(100);
    expect(registration.state).toBe('registered');
    registration.refresh();
    await set.world.settle(200);
    // Signed with a nonce that is as good as before.
    one.answer(one.request('REGISTER'), 503);
    set.world.run(100);
    two.answer(two.request('REGISTER'), 401, asks('of two'));
    set.world.run(100);
    expect(two.request('REGISTER').get('Authorization')).toContain('nonce="of two"');
    two.answer(two.request('REGISTER'), 200);
    set.world.run(100);
    expect(registration.state).toBe('registered');
    expect(registration.boundTo[0]?.address).toBe('10.0.0.3');
  });
});

describe('a request to this phone itself', () => {
  it.each(['sip:bob@10.0.0.1', 'sip:10.0.0.1:5060'])('is not sent: %s', (target) => {
    const set = setUp();
    const { diary } = set.call(target);
    set.world.run(100);
    expect(diary.end).toMatchObject({
      status: 482,
      reason: 'that is the address of this phone itself',
    });
    expect(set.world.trace()).toEqual([]);
  });
});
