import { describe, expect, it, test } from 'vitest';
import { NameAddr, parseSipUri } from '../../../src/sip/message';
import { answer, World } from '../support/world';

const contact = (text: string) => new NameAddr(undefined, parseSipUri(text));

/** A call of alice's that the peer answers with that Contact and these Record-Routes. */
const answeredFrom = (
  text: string,
  routes: readonly string[] = [],
  lookup: () => Promise<string[]> = unknownHost,
) => {
  const world = new World();
  const alice = world.phone('alice', { lookup });
  const peer = world.peer(alice);
  const call = alice.call(`sip:peer@${peer.address.address}`);
  world.run(100);
  const invite = peer.request('INVITE');
  const headers = routes.map((route) => ['Record-Route', contact(route)] as const);
  peer.answerOk(invite, 'answer', { contact: contact(text), headers });
  world.run(100);
  return { world, alice, peer, invite, ...call };
};
const unknownHost = () => Promise.reject(new Error('unknown host'));

describe('a peer that answers over UDP and names another transport', () => {
  test.each([
    ['sip:x@10.0.0.2:5060;transport=tcp', []],
    ['sip:x@10.0.0.2;transport=TLS', []],
    ['sips:x@10.0.0.2', []],
    ['sip:x@10.0.0.2;transport=ws', []],
    ['sip:x@192.0.2.9', ['sip:10.0.0.2;transport=tcp;lr']],
    ['sips:x@192.0.2.9', ['sips:10.0.0.2;lr']],
  ] as const)('is reached over UDP: %s %j', (uri, routes) => {
    const { world, peer, session } = answeredFrom(uri, routes);
    expect(session.state).toBe('confirmed');
    expect(`${peer.request('ACK').uri}`).toBe(uri);
    session.hangup();
    world.run(100);
    expect(`${peer.request('BYE').uri}`).toBe(uri);
  });

  it('is reached over UDP when it calls', () => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = answer;
    const peer = world.peer(bob);
    const invite = peer.newInvite({ contact: contact('sips:x@10.0.0.2') });
    peer.send(invite);
    world.run(100);
    peer.send(peer.within(invite, peer.response(200), 'ACK', 1));
    world.run(100);
    bob.lastIncoming.session.hangup();
    world.run(100);
    expect(`${peer.request('BYE').uri}`).toBe('sips:x@10.0.0.2');
  });
});

describe('a 2xx whose Contact leads nowhere', () => {
  test.each(['sip:x@[2001:db8::1]', 'sip:x@10.0.0.1', 'sip:x@0.0.0.0', 'sip:x@10.0.0.2:0'])(
    'is acknowledged where the INVITE went, and so is what follows: %s',
    async (uri) => {
      const { world, peer, diary, session, alice } = answeredFrom(uri);
      expect(diary.entries).toEqual(['confirmed']);
      expect(`${peer.request('ACK').uri}`).toBe(uri);
      session.hangup();
      world.run(100);
      peer.answer(peer.request('BYE'), 200);
      world.run(100);
      expect(alice.userAgent.counters.activeDialogs).toBe(0);
    },
  );

  it('is so too when a name cannot be found, and is not up meanwhile', async () => {
    const { world, peer, diary, session } = answeredFrom('sip:x@nowhere.example');
    expect(session.state).toBe('accepted');
    await world.settle(500);
    expect(diary.entries).toEqual(['confirmed']);
    expect(peer.methods).toEqual(['INVITE', 'ACK']);
  });

  it('ends the call at once and says why when the network has gone', () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const { diary } = alice.call(`sip:peer@${peer.address.address}`);
    world.run(100);
    peer.answerOk(peer.request('INVITE'));
    world.network.isDown = true;
    world.run(100);
    expect(diary.entries).toEqual(['ended network 503']);
    expect(diary.end?.reason).toBe('no ACK: network is down');
  });
});

describe('a Contact at which nobody answers', () => {
  const once = (methods: readonly string[]) => [...new Set(methods)];

  it('gives way to where the peer spoke from: BYE', () => {
    const { world, peer, session } = answeredFrom('sip:x@10.0.0.77');
    expect(peer.methods).toEqual(['INVITE']);
    session.hangup();
    world.run(31_000);
    expect(peer.methods).toEqual(['INVITE']);
    world.run(2000);
    expect(once(peer.methods)).toEqual(['INVITE', 'BYE']);
  });

  it('gives way when the 2xx comes a third time: ACK', () => {
    const { world, peer, invite } = answeredFrom('sip:x@10.0.0.77');
    const again = () => {
      peer.answerOk(invite, 'answer', { contact: contact('sip:x@10.0.0.77') });
      world.run(100);
    };
    again();
    expect(peer.methods).toEqual(['INVITE']);
    again();
    expect(peer.methods).toEqual(['INVITE', 'ACK']);
    // Who repeats it still has both ways tried.
    again();
    again();
    expect(peer.methods).toEqual(['INVITE', 'ACK', 'ACK']);
  });

  it('is not asked first again', () => {
    const { world, peer, session } = answeredFrom('sip:x@10.0.0.77');
    void session.ask();
    world.run(17_000);
    expect(once(peer.methods)).toEqual(['INVITE', 'OPTIONS']);
    peer.answer(peer.request('OPTIONS'), 200);
    world.run(100);
    session.hangup();
    world.run(100);
    expect(once(peer.methods)).toEqual(['INVITE', 'OPTIONS', 'BYE']);
  });

  it('follows a peer that speaks from elsewhere by now', () => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = answer;
    const peer = world.peer(bob);
    const invite = peer.newInvite({ contact: contact('sip:x@0.0.0.0') });
    peer.send(invite);
    world.run(100);
    const moved = world.peer(bob);
    moved.send(peer.within(invite, peer.response(200), 'ACK', 1));
    moved.send(peer.within(invite, peer.response(200), 'OPTIONS', 2));
    world.run(100);
    bob.lastIncoming.session.hangup();
    world.run(100);
    expect(moved.methods).toEqual(['BYE']);
    expect(peer.methods).toEqual([]);
  });
});

describe('while the name in a 2xx is looked up', () => {
  const late = () => {
    let found: (() => void) | undefined;
    const lookup = () =>
      new Promise<string[]>((resolve) => {
        if (found) resolve(['10.0.0.2']);
        else found = () => resolve(['10.0.0.2']);
      });
    const call = answeredFrom('sip:x@peer.example', [], lookup);
    const find = async () => {
      await call.world.settle();
      found?.();
      await call.world.settle(500);
    };
    return { ...call, find };
  };

  it('the call is not up, and is with its ACK', async () => {
    const { peer, session, diary, find } = late();
    expect(session.state).toBe('accepted');
    await find();
    expect(diary.entries).toEqual(['confirmed']);
    expect(peer.methods).toEqual(['INVITE', 'ACK']);
  });

  it('a call that is hung up gets its ACK and its BYE', async () => {
    const { alice, peer, session, diary, find } = late();
    session.hangup();
    expect(diary.entries).toEqual(['ended local 200']);
    await find();
    expect(peer.methods).toEqual(['INVITE', 'ACK', 'BYE']);
    expect(alice.userAgent.counters.activeDialogs).toBe(0);
  });

  it('a peer that hangs up gets no BYE back', async () => {
    const { world, alice, peer, invite, diary, find } = late();
    peer.send(peer.withinTheirs(invite, 'peertag', 'BYE', 1));
    world.run(100);
    expect(diary.entries).toEqual(['ended remote 200']);
    await find();
    expect(peer.methods).toEqual(['INVITE', 'ACK']);
    expect(alice.userAgent.counters.activeDialogs).toBe(0);
  });
});

describe('a re-INVITE', () => {
  it('whose ACK can go nowhere ends the call', async () => {
    const { world, peer, session, diary } = answeredFrom('sip:x@10.0.0.2');
    void session.renegotiate();
    await world.settle(100);
    peer.answerOk(peer.request('INVITE'));
    world.network.isDown = true;
    await world.settle(100);
    expect(diary.entries).toEqual(['confirmed', 'ended network 408']);
  });
});

describe('a call that is dialled', () => {
  test.each(['sip:x@10.0.0.2;transport=tcp', 'sips:x@10.0.0.2', 'sip:x@0.0.0.0'])(
    'to what is not spoken here is refused at once: %s',
    (target) => {
      const world = new World();
      const { diary } = world.phone('alice').call(target);
      world.run(10);
      expect(diary.entries).toEqual(['ended network 503']);
      expect(diary.end?.reason).toMatch(/^cannot reach/);
    },
  );

  it('to this phone itself is refused with clear words', () => {
    const world = new World();
    const alice = world.phone('alice').listen();
    const { diary } = alice.call(alice.uri);
    world.run(100);
    expect(diary.end).toMatchObject({
      status: 482,
      reason: 'that is the address of this phone itself',
    });
    expect(alice.incoming).toHaveLength(0);
  });
});
