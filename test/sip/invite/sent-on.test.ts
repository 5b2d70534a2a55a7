// Shows RFC 3323, 3325, 5373, 5806, 7044.

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

describe('History-Info (RFC 7044)', () => {
  const sentOn = (headers: Headers) => {
    const { world, peer, session } = called(headers);
    session.redirect('sip:home@example.org', 'no-answer');
    world.run(100);
    const moved = peer.response(302);
    return { contact: moved.contacts[0], history: moved.historyInfo.map(String) };
  };

  it('goes back in the 302 with our own entry, which its Contact names', () => {
    const { contact, history } = sentOn([['Supported', 'histinfo']]);
    expect(history).toEqual(['<sip:car@10.0.0.1:5060>;index=1']);
    expect(contact?.params.get('mp')).toBe('1');
  });

  it('goes back as it came where the last entry is ours, and grows by us where it is not', () => {
    const ours: Headers = [
      ['History-Info', '<sip:car@example.org>;index=1, <sip:car@10.0.0.1:5060>;index=1.1;rc=1'],
    ];
    expect(sentOn(ours).history).toHaveLength(2);
    expect(sentOn(ours).contact?.params.get('mp')).toBe('1.1');
    const other: Headers = [['History-Info', '<sip:car@example.org>;index=1']];
    expect(sentOn(other).history).toEqual([
      '<sip:car@example.org>;index=1',
      '<sip:car@10.0.0.1:5060>;index=1.1',
    ]);
  });

  it('is said to nobody who does not ask for it', () => {
    const { contact, history } = sentOn([]);
    expect(history).toEqual([]);
    expect(contact?.params.size).toBe(0);
  });

  it('counts for calls that go in circles', () => {
    const hops = Array.from({ length: 5 }, (_, n) => `<sip:a${n}@b>;index=1.${n};mp=1`);
    const { session } = called([['History-Info', hops.join(', ')]]);
    expect(session.redirect('sip:home@example.org', 'unconditional')).toBe(false);
  });
});

describe('by whom a call was sent on', () => {
  it.each<[string, Headers, object | undefined]>([
    ['nothing says', [], undefined],
    [
      'Diversion says, the last one first',
      [
        ['Diversion', '"Office, 1" <sip:office@example.org>;reason=user-busy;counter=1'],
        ['Diversion', '<sip:first@example.org>;reason=unconditional'],
      ],
      { by: 'sip:office@example.org', reason: 'user-busy' },
    ],
    ['Diversion says without why', [['Diversion', '<tel:+8221>']], { by: 'tel:+8221' }],
    [
      'History-Info says',
      [
        [
          'History-Info',
          '<sip:office@example.org?Reason=SIP%3Bcause%3D486>;index=1, <sip:car@10.0.0.1>;index=1.1;mp=1',
        ],
      ],
      { by: 'sip:office@example.org', reason: 'user-busy' },
    ],
    [
      'History-Info says of the same one at another place',
      [['History-Info', '<sip:car@example.org>;index=1, <sip:car@10.0.0.1>;index=1.1;rc=1']],
      undefined,
    ],
    [
      'what cannot be read says',
      [
        ['Diversion', ';;;'],
        ['History-Info', '<'],
      ],
      undefined,
    ],
  ])('%s', (_, headers, diverted) => {
    expect(called(headers).session.diverted).toEqual(diverted);
  });
});

describe('a call of somebody who does not tell who he is', () => {
  it('says so in From and Contact, and tells the server alone (RFC 3323, RFC 3325)', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    alice.call(bob.uri, { displayName: 'Alice' }, { isAnonymous: true });
    world.run(1000);
    const invite = world.network.sent.find(({ text }) => text.startsWith('INVITE'))?.text ?? '';
    expect(invite).toMatch(/^From: Anonymous <sip:anonymous@anonymous\.invalid>;tag=/m);
    expect(invite).toMatch(/^Contact: <sip:anonymous@10\.0\.0\.1/m);
    expect(invite).toMatch(/^Privacy: id\r$/m);
    expect(invite).toMatch(/^P-Preferred-Identity: <sip:alice@example\.org>\r$/m);
    // Beside that the name of the product here, and the description.
    expect(invite.match(/alice/gi)).toHaveLength(3);
    expect(bob.lastIncoming.session.state).toBe('confirmed');
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
