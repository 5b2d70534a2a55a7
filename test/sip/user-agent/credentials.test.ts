import { describe, expect, it } from 'vitest';
import type { SipAccount } from '../../../src/sip/account';
import { NameAddr, parseSipUri, type SipRequest } from '../../../src/sip/message';
import { ScriptedPeer } from '../support/scripted-peer';
import { FakeMedia, World } from '../support/world';

const PASSWORD = { username: 'car', password: 'secret' };

/** A phone, its PBX at 10.0.0.2 and a stranger at 10.0.0.3. */
const setUp = (more: Partial<SipAccount> = { registrar: 'sip:10.0.0.2' }) => {
  const world = new World();
  const car = world.phone('car', {
    lookup: async (host) => {
      if (host === 'example.org') return ['10.0.0.2'];
      throw new Error('ENOTFOUND');
    },
  });
  const [pbx, stranger] = [world.peer(car), world.peer(car)];
  const account: SipAccount = { uri: 'sip:car@example.org', ...PASSWORD, ...more };
  const call = (target: string) =>
    car.userAgent.invite(target, account, () => new FakeMedia('car'));
  return { world, car: car.listen(), pbx, stranger, account, call };
};

const digest = (realm: string, nonce = 'n') => `Digest realm="${realm}", nonce="${nonce}"`;
const challenge = (
  peer: ScriptedPeer,
  request: SipRequest,
  realm: string,
  status = 407,
  nonce = 'n',
) =>
  peer.answer(request, status, {
    headers: [[status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate', digest(realm, nonce)]],
  });

/** The PBX has asked for the password of realm "pbx" and let us in. */
const registered = () => {
  const set = setUp();
  set.car.userAgent.register(set.account);
  set.world.run(100);
  challenge(set.pbx, set.pbx.request('REGISTER'), 'pbx', 401);
  set.world.run(100);
  const register = set.pbx.request('REGISTER');
  const [contact] = register.contacts;
  set.pbx.answer(register, 200, contact ? { contact } : {});
  set.world.run(100);
  return set;
};

const signed = (request: SipRequest): string[] =>
  [...request.authorization, ...request.proxyAuthorization].map(
    ({ params }) => params.get('realm') ?? '',
  );

const textsTo = (world: World, peer: ScriptedPeer): string =>
  world.network.sent
    .filter(({ to }) => to === `${peer.address.address}:${peer.address.port}`)
    .map(({ text }) => text)
    .join('\n');

describe('credentials of an account', () => {
  it.each([401, 407])('answer a %d of the PBX to a call', (status) => {
    const { world, pbx, call } = registered();
    call('sip:bob@example.org');
    world.run(100);
    challenge(pbx, pbx.request('INVITE'), 'pbx', status);
    world.run(100);
    expect(signed(pbx.request('INVITE'))).toEqual(['pbx']);
  });

  it('are not for a callee who answers through the PBX in his own name', () => {
    const { world, pbx, call } = registered();
    const session = call('sip:bob@example.org');
    const ends: string[] = [];
    session.events.on('ended', ({ status, reason }) => ends.push(`${status} ${reason}`));
    world.run(100);
    challenge(pbx, pbx.request('INVITE'), 'evil', 401);
    world.run(100);
    expect(pbx.methods.filter((method) => method === 'INVITE')).toHaveLength(1);
    expect(ends).toEqual(['401 password asked for by realm "evil", the account\'s is "pbx"']);
  });

  it.each(['sip:bob@10.0.0.3', 'sip:bob@10.0.0.3;maddr=10.0.0.3'])(
    'are not for a callee who is called by address: %s',
    (target) => {
      const { world, stranger, call } = registered();
      const session = call(target);
      world.run(100);
      challenge(stranger, stranger.request('INVITE'), 'pbx');
      world.run(100);
      expect(session.state).toBe('ended');
      expect(stranger.methods).toEqual(['INVITE', 'ACK']);
    },
  );

  it('stay at home where the target only claims to be the account’s domain', async () => {
    const set = setUp({});
    for (const target of ['sip:bob@example.org;maddr=10.0.0.3', 'sip:bob@example.org:5061']) {
      set.call(target);
    }
    const other = new ScriptedPeer(
      set.world.network,
      { address: '10.0.0.2', port: 5061 },
      set.car.address,
    );
    await set.world.settle(200);
    for (const peer of [set.stranger, other]) {
      challenge(peer, peer.request('INVITE'), 'example.org');
      set.world.run(100);
      expect(peer.methods).toEqual(['INVITE', 'ACK']);
    }
  });

  it('are not for a callee who challenges our BYE, in a call of either direction', async () => {
    const { world, car, stranger, call } = registered();
    const ours = call('sip:bob@10.0.0.3');
    world.run(100);
    stranger.answerOk(stranger.request('INVITE'));
    const theirs = stranger.newInvite();
    stranger.send(theirs);
    world.run(100);
    stranger.send(stranger.within(theirs, stranger.response(200), 'ACK', 1));
    world.run(100);
    for (const session of [ours, car.lastIncoming.session]) {
      expect(session.state).toBe('confirmed');
      session.hangup();
      world.run(100);
      challenge(stranger, stranger.request('BYE'), 'pbx');
      world.run(100);
    }
    expect(stranger.methods.filter((method) => method === 'BYE')).toHaveLength(2);
    expect(textsTo(world, stranger)).not.toContain('uthorization:');
  });

  it('go with a BYE to the PBX that let us in, in a call of either direction', () => {
    const { world, car, pbx, call } = registered();
    const ours = call('sip:bob@example.org');
    world.run(100);
    pbx.answerOk(pbx.request('INVITE'));
    const theirs = pbx.newInvite();
    pbx.send(theirs);
    world.run(100);
    pbx.send(pbx.within(theirs, pbx.response(200), 'ACK', 1));
    world.run(100);
    for (const session of [ours, car.lastIncoming.session]) {
      session.hangup();
      world.run(100);
      challenge(pbx, pbx.request('BYE'), 'pbx');
      world.run(100);
      expect(signed(pbx.request('BYE'))).toEqual(['pbx']);
      pbx.answer(pbx.request('BYE'), 200);
      world.run(100);
    }
  });

  it('do not go with the ACK and BYE that leave the PBX aside', () => {
    const { world, pbx, stranger, call } = registered();
    const session = call('sip:bob@example.org');
    world.run(100);
    challenge(pbx, pbx.request('INVITE'), 'pbx');
    world.run(100);
    pbx.answerOk(pbx.request('INVITE'), 'answer', { contact: stranger.contact() });
    world.run(100);
    session.hangup();
    world.run(100);
    expect(stranger.methods).toEqual(['ACK', 'BYE']);
    expect(textsTo(world, stranger)).not.toContain('uthorization:');
  });

  it('are tried twice at most, however new each nonce claims to be', () => {
    const { world, pbx, call } = registered();
    const session = call('sip:bob@example.org');
    for (let i = 0; i < 6; i++) {
      world.run(100);
      const stale = `${digest('pbx', `m${i}`)}, stale=true`;
      pbx.answer(pbx.request('INVITE'), 401, { headers: [['WWW-Authenticate', stale]] });
    }
    world.run(100);
    const invites = pbx.requests.filter(({ method }) => method === 'INVITE');
    expect(invites.map((one) => signed(one).length)).toEqual([0, 1, 1]);
    expect(session.state).toBe('ended');
  });

  it('of an account without registrar are for its domain, as far as that is the first to ask', async () => {
    const { world, pbx, call } = setUp({});
    call('sip:bob@example.org');
    await world.settle(200);
    challenge(pbx, pbx.request('INVITE'), 'asterisk', 401);
    world.run(100);
    expect(signed(pbx.request('INVITE'))).toEqual(['asterisk']);
    challenge(pbx, pbx.request('INVITE'), 'evil', 407);
    world.run(100);
    expect(pbx.methods.filter((method) => method === 'INVITE')).toHaveLength(2);
  });

  it('are those of the account that was called, by its domain or by its own PBX', () => {
    const { world, car, pbx, stranger } = registered();
    // Another account of the same user name, at a PBX that has let it in, too.
    const other: SipAccount = {
      uri: 'sip:car@elsewhere.example',
      username: 'elsewhere',
      password: 'other',
      registrar: 'sip:10.0.0.3',
    };
    car.userAgent.register(other);
    world.run(100);
    challenge(stranger, stranger.request('REGISTER'), 'else', 401);
    world.run(100);
    stranger.answer(stranger.request('REGISTER'), 200);
    world.run(100);
    const userOfBye = (from: ScriptedPeer, realm: string, callId: string, to?: NameAddr) => {
      const invite = from.newInvite({ callId, ...(to ? { to } : {}) });
      from.send(invite);
      world.run(100);
      from.send(from.within(invite, from.response(200), 'ACK', 1));
      world.run(100);
      car.lastIncoming.session.hangup();
      world.run(100);
      challenge(from, from.request('BYE'), realm);
      world.run(100);
      return from.request('BYE').proxyAuthorization[0]?.params.get('username');
    };
    const at = (uri: string) => new NameAddr(undefined, parseSipUri(uri));
    expect(userOfBye(pbx, 'pbx', 'a')).toBe('car');
    expect(userOfBye(stranger, 'else', 'b', at('sip:car@elsewhere.example'))).toBe('elsewhere');
    expect(userOfBye(stranger, 'else', 'c', at('sip:car@10.0.0.1'))).toBe('elsewhere');
    // Neither PBX gets the password of the other account.
    expect(userOfBye(stranger, 'else', 'd', at('sip:car@example.org'))).toBeUndefined();
  });
});
