import { describe, expect, it } from 'vitest';
import { ring, World } from '../support/world';

type Headers = readonly (readonly [string, string])[];

/** The peer calls Bob with further fields, and hears what he says to it. */
const called = (headers: Headers = []) => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = ring;
  const peer = world.peer(bob);
  peer.send(peer.newInvite({ headers }));
  world.run(100);
  return { world, bob, peer, ...bob.lastIncoming };
};

describe('a call that is sent on', () => {
  it('gets 302 with whom to call, and a Diversion that says who sends it (RFC 5806)', () => {
    const { world, peer, session, diary, bob } = called();
    expect(session.redirect('sip:home@example.org', 'no-answer')).toBe(true);
    world.run(100);
    const moved = peer.response(302);
    expect(String(moved.contacts[0]?.uri)).toBe('sip:home@example.org');
    expect(moved.getAll('Diversion')).toEqual([
      '<sip:car@10.0.0.1:5060>;reason=no-answer;counter=1',
    ]);
    expect(diary.end).toMatchObject({ by: 'local', status: 302 });
    world.run(40_000);
    expect(bob.userAgent.counters).toMatchObject({ activeDialogs: 0 });
  });

  it('takes along who sent it on before, and is not for ever', () => {
    const diverted = (counter: number): Headers => [
      ['Diversion', `<sip:a@example.org>;reason=user-busy;counter=${counter}`],
      ['Diversion', '<sip:b@example.org>;reason=unconditional'],
    ];
    const { world, peer, session } = called(diverted(3));
    expect(session.redirect('sip:home@example.org', 'unconditional')).toBe(true);
    world.run(100);
    expect(peer.response(302).getAll('Diversion')).toHaveLength(3);
    const round = called(diverted(4));
    expect(round.session.redirect('sip:home@example.org', 'unconditional')).toBe(false);
    expect(round.session.state).toBe('early');
  });

  it('is so only before it is answered', () => {
    const { session } = called();
    session.accept();
    expect(session.redirect('sip:home@example.org', 'user-busy')).toBe(false);
  });
});

describe('a caller who asks to be answered', () => {
  it.each([
    ['Answer-Mode', 'Auto', true],
    ['Answer-Mode', 'auto;require', true],
    ['Priv-Answer-Mode', 'Auto', true],
    ['Answer-Mode', 'Manual', false],
    ['Call-Info', '<sip:example.org>;answer-after=0', true],
    ['Call-Info', '<http://example.org/answer-after.png>;purpose=icon', false],
    ['Alert-Info', '<http://www.notused.com>;info=alert-autoanswer;delay=0', true],
    ['Alert-Info', 'info=RingAnswer', true],
    ['Alert-Info', '<urn:alert:service:normal>', false],
  ])('%s: %s: %s', (name, value, asks) => {
    expect(called([[name, value]]).session.asksToBeAnswered).toBe(asks);
  });
});

describe('P-Asserted-Identity', () => {
  it('is told, the SIP address of several', () => {
    const { session } = called([
      ['P-Asserted-Identity', '<tel:+15550100>'],
      ['P-Asserted-Identity', '"Home" <sip:home@example.org>'],
    ]);
    expect(String(session.assertedIdentity)).toBe('Home <sip:home@example.org>');
    expect(called().session.assertedIdentity).toBeUndefined();
  });
});
