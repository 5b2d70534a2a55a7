import { describe, expect, it } from 'vitest';
import { ring, World } from '../support/world';

const REQUIRE = [['Require', '100rel, timer']] as const;

const meet = (reliableProvisional: boolean) => {
  const world = new World();
  const bob = world.phone('bob', { reliableProvisional }).listen();
  const peer = world.peer(bob);
  return { world, bob, peer };
};

describe('what a phone serves', () => {
  it('is told in the answer to OPTIONS, with or without PRACK and UPDATE', () => {
    const told = (reliable: boolean): readonly string[] => {
      const { world, peer } = meet(reliable);
      peer.send(peer.newRequest('OPTIONS'));
      world.run(100);
      const { allow, supported } = peer.response(200);
      return [allow.join(' '), supported.join(' ')];
    };
    expect(told(false)).toEqual([
      'INVITE ACK CANCEL BYE INFO REFER NOTIFY SUBSCRIBE MESSAGE OPTIONS',
      'timer replaces join norefersub path',
    ]);
    expect(told(true)).toEqual([
      'INVITE ACK CANCEL BYE INFO PRACK UPDATE REFER NOTIFY SUBSCRIBE MESSAGE OPTIONS',
      'timer 100rel replaces join norefersub path',
    ]);
  });

  it('decides what may be demanded of it', () => {
    const { world, bob, peer } = meet(false);
    peer.send(peer.newInvite({ headers: REQUIRE }));
    world.run(100);
    expect(peer.response(420).unsupported).toEqual(['100rel']);
    expect(bob.incoming).toHaveLength(0);
    const willing = meet(true);
    willing.bob.onCall = ring;
    willing.peer.send(willing.peer.newInvite({ headers: REQUIRE }));
    willing.world.run(100);
    expect(willing.peer.response(180).require).toEqual(['100rel']);
  });

  it('takes no UPDATE unless it serves it, and the call goes on', () => {
    const { world, bob, peer } = meet(false);
    bob.onCall = ({ session }) => session.accept();
    const invite = peer.newInvite();
    peer.send(invite);
    world.run(100);
    const success = peer.response(200);
    peer.send(peer.within(invite, success, 'ACK', 1));
    peer.send(peer.within(invite, success, 'UPDATE', 2));
    world.run(100);
    expect(peer.statuses.at(-1)).toBe('405 UPDATE');
    expect(bob.lastIncoming.session.state).toBe('confirmed');
  });

  it('includes reliable responses to its own calls in any case', () => {
    const { world, bob, peer } = meet(false);
    bob.call(`sip:peer@${peer.address.address}:${peer.address.port}`);
    world.run(100);
    expect(peer.request('INVITE').supported).toEqual([
      'timer',
      'replaces',
      'join',
      'norefersub',
      'path',
      '100rel',
    ]);
  });
});
