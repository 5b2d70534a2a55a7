// Shows RFC 3261.

import { describe, expect, it } from 'vitest';
import { World } from '../support/world';

const CHALLENGE = 'Digest realm="example.org", nonce="abc", algorithm=SHA-256, qop="auth"';

/** Bob refuses whoever calls with fields that say what to do about it. */
const refusing = (status: number, value = CHALLENGE) => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = ({ session }) =>
    session.refuseWith(status, [
      ['WWW-Authenticate', value],
      ['WWW-Authenticate', value.replace('SHA-256', 'MD5')],
    ]);
  return { world, bob, peer: world.peer(bob) };
};

describe('a call that is refused with what to do about it', () => {
  it('gets 401 and the challenges, in their order, and leaves nothing', () => {
    const { world, bob, peer } = refusing(401);
    peer.send(peer.newInvite());
    world.run(100);
    expect(peer.statuses).toEqual(['401 INVITE']);
    expect(peer.response(401).wwwAuthenticate.map(String)).toEqual([
      CHALLENGE,
      CHALLENGE.replace('SHA-256', 'MD5'),
    ]);
    const { activeDialogs, activeTransactions, stateBytes } = bob.userAgent.counters;
    expect({ activeDialogs, activeTransactions, stateBytes }).toEqual({
      ...{ activeDialogs: 0, activeTransactions: 0, stateBytes: 0 },
    });
  });

  it('is challenged anew when the 401 was lost, and not when it was refused for good', () => {
    for (const [status, asked] of [
      [401, 2],
      [480, 1],
    ] as const) {
      const { world, bob, peer } = refusing(status);
      const invite = peer.newInvite();
      peer.send(invite);
      world.run(500);
      peer.send(invite);
      world.run(100);
      expect(peer.statuses).toEqual(Array(2).fill(`${status} INVITE`));
      expect(bob.incoming).toHaveLength(asked);
      const [first, second] = peer.responses;
      expect(second?.to.tag).toBe(first?.to.tag);
    }
  });

  it('brings its credentials to who decides about it', () => {
    const { world, bob, peer } = refusing(401);
    peer.send(
      peer.newInvite({ headers: [['Authorization', 'Digest username="mother", realm="x"']] }),
    );
    world.run(100);
    const { claim } = bob.lastIncoming.session;
    expect(claim.method).toBe('INVITE');
    expect(claim.authorization.map(String)).toEqual(['Digest username="mother", realm="x"']);
  });

  it('is told of the challenge even where no more may be answered', () => {
    const responseTo = (length: number) => {
      const { world, peer } = refusing(401, `${CHALLENGE}, opaque="${'x'.repeat(length)}"`);
      peer.send(peer.newInvite());
      world.run(100);
      return peer.response(401);
    };
    const tight = Array.from({ length: 100 }, (_, step) => responseTo(step * 3)).find(
      ({ server }) => server === undefined,
    );
    expect(tight?.wwwAuthenticate).toHaveLength(2);
  });
});
