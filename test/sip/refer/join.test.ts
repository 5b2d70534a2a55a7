// Shows RFC 3911.

import { describe, expect, it } from 'vitest';
import { called } from '../invite/calls';
import { answer, ring, World } from '../support/world';

/** What is said of the call that a peer has with Bob. */
const NAME = 'call-of-peer;to-tag=TAG;from-tag=peertag';

/** A second INVITE with these fields; the status that it gets. */
const comes = (
  headers: readonly (readonly [string, string])[],
  all: Pick<ReturnType<typeof called>, 'peer' | 'world'>,
) => {
  all.peer.send(all.peer.newInvite({ callId: 'another', headers }));
  all.world.run(100);
  return all.peer.statuses.filter((status) => status.endsWith('INVITE')).at(-1);
};

describe('an INVITE with Join', () => {
  const joining = (text: string, all = called()) =>
    comes([['Join', text.replace('TAG', all.ok.to.tag ?? '')]], all);

  it('names the session that it is to talk with, whose call goes on', () => {
    const all = called();
    const first = all.bob.lastIncoming.session;
    expect(joining(NAME, all)).toBe('200 INVITE');
    const { session } = all.bob.lastIncoming;
    expect(session).not.toBe(first);
    expect([session.joined, session.replaced, first.state]).toEqual([
      first,
      undefined,
      'confirmed',
    ]);
  });

  it.each([
    ['another Call-ID', 'nobody;to-tag=TAG;from-tag=peertag', 481],
    ['its tags the other way round', 'call-of-peer;to-tag=peertag;from-tag=TAG', 481],
    ['nothing that can be read', 'call-of-peer', 400],
  ])('with %s gets its refusal, and rings nowhere', (_, text, status) => {
    const all = called();
    expect(joining(text, all)).toBe(`${status} INVITE`);
    expect(all.bob.incoming).toHaveLength(1);
  });

  it.each([['Join'], ['Replaces']])('beside %s gets 400', (other) => {
    const all = called();
    const text = NAME.replace('TAG', all.ok.to.tag ?? '');
    expect(
      comes(
        [
          ['Join', text],
          [other, text],
        ],
        all,
      ),
    ).toBe('400 INVITE');
  });

  it.each([
    ['that rings here', ring],
    ['that is not acknowledged yet', answer],
  ])('for a call %s gets 481: nobody talks there yet', (_, onCall) => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = onCall;
    const peer = world.peer(bob);
    peer.send(peer.newInvite());
    world.run(100);
    const { tag = '' } = peer.response(onCall === ring ? 180 : 200).to;
    expect(comes([['Join', NAME.replace('TAG', tag)]], { world, peer })).toBe('481 INVITE');
  });

  it('may be demanded (Require)', () => {
    const all = called();
    const name = NAME.replace('TAG', all.ok.to.tag ?? '');
    const headers = [['Require', 'join'] as const, ['Join', name] as const];
    expect(comes(headers, all)).toBe('200 INVITE');
  });
});

it('one of ours joins what another of ours has told of, between three user agents', () => {
  const world = new World();
  const [alice, bob, carol] = [
    world.phone('alice'),
    world.phone('bob').listen(),
    world.phone('carol'),
  ];
  const first = alice.call(bob.uri);
  world.run(100);
  const { session } = bob.lastIncoming;
  const invite = world.network.sent.find(({ text }) => text.startsWith('INVITE'))?.text ?? '';
  const ok = world.network.sent.find(({ text }) => text.startsWith('SIP/2.0 200'))?.text ?? '';
  const tagOf = (text: string, name: string): string =>
    new RegExp(`^${name}:.*;tag=(\\S+)`, 'm').exec(text)?.[1] ?? '';
  const joins = {
    callId: session.callId,
    toTag: tagOf(ok, 'To'),
    fromTag: tagOf(invite, 'From'),
    isEarlyOnly: false,
  };
  const second = carol.call(bob.uri, {}, { joins });
  world.run(100);
  expect(bob.lastIncoming.session.joined).toBe(session);
  expect([first.session.state, second.session.state]).toEqual(['confirmed', 'confirmed']);
});
