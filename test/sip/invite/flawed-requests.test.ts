import { describe, expect, it, test } from 'vitest';
import { serializeMessage } from '../../../src/sip/message';
import type { ScriptedPeer } from '../support/scripted-peer';
import { answer, ring, World } from '../support/world';

/** A call of the peer's that bob took. */
const call = () => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = answer;
  const peer = world.peer(bob);
  const invite = peer.newInvite();
  peer.send(invite);
  world.run(100);
  const success = peer.response(200);
  const within = (method: string, cseq: number) =>
    Buffer.from(serializeMessage(peer.within(invite, success, method, cseq))).toString();
  return { world, bob, peer, invite, success, within, ...bob.lastIncoming };
};

const confirmed = () => {
  const parts = call();
  parts.peer.sendBytes(Buffer.from(parts.within('ACK', 1)));
  parts.world.run(100);
  return parts;
};

/** A call of the peer's that rings. */
const ringing = () => {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = ring;
  const peer = world.peer(bob);
  const invite = peer.newInvite();
  peer.send(invite);
  world.run(100);
  return { world, bob, peer, invite, ...bob.lastIncoming };
};

/** A change to the text of a request. */
type Flaw = readonly [what: string, spoil: (text: string) => string];
/** With the status that is owed to it. */
type OwedFlaw = readonly [...Flaw, status: number];

const withLine =
  (line: string) =>
  (text: string): string =>
    text.replace('Call-ID', `${line}\r\nCall-ID`);
const withBody =
  (head: string, body: string) =>
  (text: string): string =>
    text.replace(
      /Content-Length: 0\r\n\r\n$/,
      `${head}Content-Length: ${body.length}\r\n\r\n${body}`,
    );
const FLAWS: readonly OwedFlaw[] = [
  ['nothing', (text) => text, 200],
  ['a body of unknown type', withBody('Content-Type: x/y\r\n', 'digits=42'), 415],
  ['a body without type', withBody('', 'digits=42'), 400],
  ['a body with an unreadable type', withBody('Content-Type: /\r\n', 'z'), 400],
  ['an encoded body', withBody('Content-Type: application/sdp\r\ne: gzip\r\n', 'z'), 415],
  ['a body that is cut', (text) => text.replace('Length: 0', 'Length: 5'), 400],
  ['a negative length', (text) => text.replace('Length: 0', 'Length: -1'), 400],
  ['two lengths', withLine('Content-Length: 7'), 400],
  ['a second From', withLine('From: <sip:x@example.net>;tag=z'), 400],
  ['a second Max-Forwards', withLine('Max-Forwards: 7'), 400],
  ['an unknown extension', withLine('Require: x-unheard-of'), 420],
  ['an unreadable Contact', withLine('Contact: J <<>'), 200],
  ['a star as Contact', withLine('Contact: *'), 200],
  ['an unreadable Route', withLine('Route: <'), 200],
  ['a line without a colon', withLine('Remark'), 200],
  ['a line with a blank in its name', withLine('X Y: z'), 200],
  ['a carriage return within a line', withLine('Subject: a\rb'), 400],
  ['an unquoted name', (text) => text.replace('From: Peer', 'From: Bond, James'), 200],
  ['a name that never closes', (text) => text.replace('From: Peer', 'From: "Peer'), 400],
  ['no readable address', (text) => text.replace(/From: .*;tag/, 'From: ???;tag'), 400],
  ['blanks behind the version', (text) => text.replace(' SIP/2.0', ' SIP/2.0 '), 200],
  ['two blanks before the version', (text) => text.replace(' SIP/2.0', '  SIP/2.0'), 400],
  ['an unreadable Request-URI', (text) => text.replace(/ sip:\S+/, ' <sip:>'), 400],
  ['a foreign Request-URI', (text) => text.replace(/ sip:\S+/, ' tel:+1'), 416],
  ['another version', (text) => text.replace(' SIP/2.0\r', ' SIP/7.0\r'), 505],
  ['another method in CSeq', (text) => text.replace(/CSeq: (\d+) \w+/, 'CSeq: $1 INFO'), 400],
  ['no method in CSeq', (text) => text.replace(/CSeq: (\d+) \w+/, 'CSeq: $1'), 400],
  ['an empty parameter in Via', (text) => text.replace(';rport', ';rport;'), 200],
  ['a second Via that is none', withLine('Via: ,;'), 400],
  ['an unreadable Via', (text) => text.replace('Via: SIP/2.0/UDP', 'Via: SIP 2 UDP'), 400],
  ['no blank line', (text) => text.slice(0, -2), 200],
];

describe('BYE ends the call with', () => {
  test.each(FLAWS)('%s', (_what, spoil, status) => {
    const { world, bob, peer, within, diary } = confirmed();
    peer.sendBytes(Buffer.from(spoil(within('BYE', 2))));
    world.run(100);
    expect(diary.entries.at(-1)).toBe('ended remote 200');
    expect(bob.userAgent.counters.activeDialogs).toBe(0);
    expect(lastStatus(peer)).toBe(status);
  });

  it('a sequence number of the past, which is owed 500', () => {
    const { world, peer, within, diary } = confirmed();
    peer.sendBytes(Buffer.from(within('OPTIONS', 9)));
    peer.sendBytes(Buffer.from(within('BYE', 2)));
    world.run(100);
    expect(lastStatus(peer)).toBe(500);
    expect(diary.end).toMatchObject({ by: 'remote' });
  });

  it('no Via at all, which nobody could be answered by', () => {
    const { world, peer, within, diary } = confirmed();
    const answers = peer.received.length;
    peer.sendBytes(Buffer.from(within('BYE', 2).replace(/Via: .*\r\n/, '')));
    world.run(100);
    expect(diary.end).toMatchObject({ by: 'remote' });
    expect(peer.received).toHaveLength(answers);
  });

  test.each<Flaw>([
    ['no CSeq', (text) => text.replace(/CSeq: .*\r\n/, '')],
    ['no blank in CSeq', (text) => text.replace(/CSeq: (\d+) /, 'CSeq: $1')],
    ['its name in small letters', (text) => text.replace('BYE sip', 'bye sip')],
    ['a carriage return in what the answer repeats', (text) => text.replace('Peer', 'Pe\rer')],
  ])('%s', (_what, spoil) => {
    const { world, bob, peer, within, diary } = confirmed();
    peer.sendBytes(Buffer.from(spoil(within('BYE', 2))));
    world.run(100);
    expect(diary.end).toMatchObject({ by: 'remote' });
    expect(bob.userAgent.counters.activeDialogs).toBe(0);
    expect(lastStatus(peer)).toBeGreaterThanOrEqual(400);
  });

  it('nothing that names another dialog', () => {
    const { world, peer, within, diary } = confirmed();
    const bye = within('BYE', 2).replace('Content-Length: 0', 'Content-Length: 5');
    peer.sendBytes(Buffer.from(bye.replace('tag=peertag', 'tag=other')));
    peer.sendBytes(Buffer.from(bye.replace(/(To: .*;tag=)/, '$1x')));
    peer.sendBytes(Buffer.from(bye.replace(/Call-ID: /, 'Call-ID: x')));
    world.run(1000);
    expect(diary.end).toBeUndefined();
  });
});

/** Of what came last, a message or one that the peer's own parser does not take. */
function lastStatus(peer: ScriptedPeer): number {
  const texts = peer.noise.length > 0 ? peer.noise : [`${peer.responses.at(-1)?.startLine}`];
  return Number(texts.at(-1)?.split(' ')[1]);
}

describe('ACK confirms with', () => {
  test.each(FLAWS)('%s', (_what, spoil) => {
    const { world, bob, peer, within, session } = call();
    peer.sendBytes(Buffer.from(spoil(within('ACK', 1))));
    world.run(100);
    expect(session.state).toBe('confirmed');
    const { retransmissions } = bob.userAgent.counters;
    world.run(40_000);
    expect(session.state).toBe('confirmed');
    expect(bob.userAgent.counters.retransmissions).toBe(retransmissions);
  });

  it('nothing that has the number of another INVITE', () => {
    const { world, peer, within, session } = call();
    peer.sendBytes(Buffer.from(within('ACK', 7)));
    peer.sendBytes(Buffer.from(within('ACK', 7).replace(/Via: .*\r\n/, '')));
    world.run(100);
    expect(session.state).toBe('accepted');
  });
});

describe('CANCEL stops the ringing with', () => {
  const spoiled = (spoil: (text: string) => string) => {
    const { world, peer, invite, diary } = ringing();
    const cancel = peer.newRequest('CANCEL', { via: invite.topVia });
    peer.sendBytes(Buffer.from(spoil(Buffer.from(serializeMessage(cancel)).toString())));
    world.run(100);
    return { diary, peer };
  };

  test.each(FLAWS.filter(([what]) => what !== 'an unknown extension'))(
    '%s',
    (_what, spoil, status) => {
      const { diary, peer } = spoiled(spoil);
      expect(diary.entries.at(-1)).toBe('ended remote 487');
      expect(peer.statuses).toContain('487 INVITE');
      if (peer.noise.length === 0) expect(peer.statuses.join()).toContain(`${status} `);
    },
  );

  test.each<Flaw>([
    ['another address in Via', (text) => text.replace(/UDP \S+?:/, 'UDP 192.0.2.1:')],
    ['another port in Via', (text) => text.replace(/(UDP \S+?):\d+/, '$1:9')],
    ['another branch', (text) => text.replace(/branch=\w+/, 'branch=z9hG4bKother')],
    ['a branch of RFC 2543', (text) => text.replace(/branch=\w+/, 'branch=1')],
    ['no branch', (text) => text.replace(/;branch=\w+/, '')],
    [
      'a branch in capitals',
      (text) => text.replace(/branch=z9hG4bK\w+/, (found) => found.toUpperCase()),
    ],
    [
      'blanks in Via',
      (text) => text.replace('SIP/2.0/UDP', 'SIP / 2.0 / UDP').replace(';rport', ' ; rport'),
    ],
    ['a To tag', (text) => text.replace('To: <sip:car@example.org>', '$&;tag=x')],
    ['an unknown extension, which it may not have', withLine('Require: x-unheard-of')],
  ])('%s', (_what, spoil) => {
    const { diary, peer } = spoiled(spoil);
    expect(diary.entries.at(-1)).toBe('ended remote 487');
    expect(peer.statuses.slice(-3)).toEqual(['180 INVITE', '200 CANCEL', '487 INVITE']);
  });

  test.each<Flaw>([
    ['another call', (text) => text.replace('Call-ID: ', 'Call-ID: x')],
    ['another caller', (text) => text.replace('tag=peertag', 'tag=other')],
    ['another number', (text) => text.replace('CSeq: 1', 'CSeq: 2')],
  ])('nothing that names %s', (_what, spoil) => {
    const { diary, peer } = spoiled((text) =>
      spoil(text.replace(/branch=\w+/, 'branch=z9hG4bKother')),
    );
    expect(diary.end).toBeUndefined();
    expect(peer.statuses).toContain('481 CANCEL');
  });

  it('nothing once the call is answered', () => {
    const { world, peer, invite, diary, session } = ringing();
    session.accept();
    world.run(100);
    peer.send(peer.newRequest('CANCEL', { cseq: invite.cseq.sequence }));
    world.run(100);
    expect(diary.end).toBeUndefined();
    expect(peer.statuses.at(-1)).toBe('481 CANCEL');
  });
});

/** With a body that shows by itself that it is a description. */
const described = (text: string): string =>
  text.replace(/Length: \d+\r\n\r\n.*$/s, 'Length: 3\r\n\r\nv=0');

describe('a 200 connects with', () => {
  test.each<Flaw>([
    ['a line without a colon', withLine('Remark')],
    ['a blank in a field name', withLine('X Y: z')],
    ['an unreadable field of no use', withLine('Date: when\r\nReason: ;;\r\nRemote-Party-ID: <<')],
    ['an unquoted name in To', (text) => text.replace('To: ', 'To: Müller, J ')],
    ['an unreadable From', (text) => text.replace(/From: .*;tag/, 'From: ???;tag')],
    ['an unreadable To', (text) => text.replace(/To: .*;tag/, 'To: ???;tag')],
    ['an empty element in Contact', (text) => text.replace('Contact: ', 'Contact: , ')],
    ['an odd parameter in Contact', (text) => text.replace(/(Contact: .*)\r/, '$1;x=<y>\r')],
    ['blanks in the status line', (text) => text.replace('SIP/2.0 200', 'SIP/2.0  200')],
    ['a length that is no number', (text) => text.replace(/Length: .*\r/, 'Length: \r')],
    ['an answer without a type', (text) => described(text).replace(/Content-Type: .*\r\n/, '')],
    ['an answer with an empty type', (text) => described(text).replace(/Type: .*\r/, 'Type:\r')],
    ['its method in small letters', (text) => text.replace('1 INVITE', '1 invite')],
    ['a colon without a port', (text) => text.replace(/(Contact: <sip:[^:>]*):5060/, '$1:')],
  ])('%s', (_what, spoil) => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const { session } = alice.call(`sip:peer@${peer.address.address}`);
    world.run(100);
    const ok = peer.okTo(peer.request('INVITE'));
    peer.sendBytes(Buffer.from(spoil(Buffer.from(serializeMessage(ok)).toString())));
    world.run(100);
    expect(session.state).toBe('confirmed');
    const ack = peer.request('ACK');
    expect(ack.to.tag).toBe('peertag');
    session.hangup();
    world.run(100);
    expect(`${peer.request('BYE').to.uri}`).toBe(`sip:peer@${peer.address.address}`);
  });
});

it('what is tolerated is counted', () => {
  const { bob, peer, within, world } = confirmed();
  expect(bob.userAgent.counters.tolerated).toBe(0);
  peer.sendBytes(Buffer.from(withLine('Remark')(within('OPTIONS', 2))));
  peer.sendBytes(Buffer.from(within('OPTIONS', 3)));
  world.run(100);
  expect(bob.userAgent.counters.tolerated).toBe(1);
});

test.each(['<>', 'anonymous', '"Door" <1001>'])(
  'a caller who does not say who he is (From: %s) rings, talks and is hung up on',
  (nobody) => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = answer;
    const peer = world.peer(bob);
    const invite = peer.newInvite();
    const send = (request: typeof invite): void => {
      const text = Buffer.from(serializeMessage(request)).toString();
      peer.sendBytes(Buffer.from(text.replace(/From: .*?;tag/, `From: ${nobody};tag`)));
      world.run(100);
    };
    send(invite);
    const { from, to } = peer.response(200);
    send(peer.within(invite, peer.response(200), 'ACK', 1));
    expect(peer.response(200).get('From')).toBe(`${nobody};tag=${from.tag}`);
    bob.lastIncoming.session.hangup();
    world.run(100);
    const bye = peer.request('BYE');
    expect([bye.to.tag, bye.from.tag]).toEqual([from.tag, to.tag]);
  },
);
