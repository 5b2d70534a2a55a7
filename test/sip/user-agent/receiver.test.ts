import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES } from '../../../src/sip/admission';
import { serializeMessage } from '../../../src/sip/message';
import { ring, World } from '../support/world';

function listening() {
  const world = new World();
  const bob = world.phone('bob').listen();
  bob.onCall = ring;
  const peer = world.peer(bob);
  const { counters } = bob.userAgent;
  const counted = () => {
    const now = bob.userAgent.counters;
    return { malformed: now.malformed, limited: now.limited, oversized: now.oversized };
  };
  return { world, bob, peer, counters, counted };
}

const bytes = (text: string) => Buffer.from(text, 'latin1');
const large = 'x'.repeat(MAX_MESSAGE_BYTES);

describe('what comes in', () => {
  it('as line breaks alone keeps a way open, and is no message', () => {
    const { world, peer, counted } = listening();
    for (const text of ['', '\r\n', '\r\n\r\n', '\n', '\0', '\0\0\0\0'])
      peer.sendBytes(bytes(text));
    world.run(100);
    expect(counted()).toEqual({ malformed: 0, limited: 0, oversized: 0 });
    for (const text of ['\r\n\r\n\r\n', 'x', '\r\nx', ' ']) peer.sendBytes(bytes(text));
    world.run(100);
    expect(counted().malformed).toBe(4);
    expect(peer.received).toEqual([]);
  });

  it('as too large is answered 513 from its head, but for an ACK and what is no request', () => {
    const { world, peer, counted } = listening();
    const body = { contentType: 'text/plain', content: large };
    peer.send(peer.newRequest('OPTIONS', { body }));
    world.run(100);
    expect(peer.statuses).toEqual(['513 OPTIONS']);
    expect(peer.response(513).to.tag).toMatch(/^\w+$/);
    expect(peer.response(513).topVia.rport).toBe(peer.address.port);
    peer.send(peer.newRequest('ACK', { body }));
    peer.sendBytes(bytes(`SIP/2.0 200 OK\r\nX: ${large}\r\n\r\n`));
    peer.sendBytes(bytes(large + large));
    world.run(100);
    expect(peer.statuses).toEqual(['513 OPTIONS']);
    expect(counted()).toEqual({ malformed: 2, limited: 0, oversized: 4 });
  });

  it('as INVITEs of strangers in one burst has them one by one, eight that wait, and no more', () => {
    const { world, bob, peer, counted } = listening();
    const peers = Array.from({ length: 12 }, () => world.peer(bob));
    for (const [index, other] of peers.entries()) {
      other.send(other.newInvite({ callId: `call-${index}` }));
    }
    // Others are read at once.
    peer.send(peer.newRequest('OPTIONS', { callId: 'question' }));
    world.run(10);
    expect(bob.incoming).toHaveLength(1);
    world.run(10);
    expect(peer.statuses).toEqual(['200 OPTIONS']);
    world.run(2000);
    const rang = peers.filter((other) => other.statuses.length > 0);
    expect(rang).toHaveLength(9);
    expect(counted().limited).toBe(3);
  });

  it('as an INVITE of a call that there is, or of who has proved himself, waits for nobody', () => {
    const { world, bob, peer } = listening();
    const other = world.peer(bob);
    peer.send(peer.newInvite());
    world.run(50);
    expect(bob.incoming).toHaveLength(1);
    // A stranger's turn is taken; the INVITE of the first call once more is read beside it.
    other.send(other.newInvite({ callId: 'another' }));
    const again = peer.newInvite({ via: peer.via('z9hG4bKother') });
    world.network.send(peer.address, bob.address, serializeMessage(again));
    world.run(10);
    world.run(10);
    expect(peer.statuses).toContain('482 INVITE');
  });

  it('as a request without a CSeq is dropped, counted and answered 400', () => {
    const { world, peer, counted } = listening();
    const head = 'X sip:b SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1;rport\r\nf: <sip:a@b>;tag=1';
    peer.sendBytes(bytes([head, 't: <sip:b>', 'i: 1', '', ''].join('\r\n')));
    world.run(100);
    expect(counted()).toEqual({ malformed: 1, limited: 0, oversized: 0 });
    // Without a CSeq the answer has none either, and is no message by itself.
    expect(peer.noise.map((text) => text.split('\r\n')[0])).toEqual(['SIP/2.0 400 Bad Request']);
  });

  it('as unreadable is answered with twice its octets at most, and so is no gift to who forged his address', () => {
    const { world, peer, counted } = listening();
    const answered: boolean[] = [];
    for (let octets = 0; octets < 120; octets += 10) {
      const fields = ['v:SIP/2.0/UDP h;rport', 't:b'];
      const request = ['X b SIP/2.0', ...fields, `x:${'x'.repeat(octets)}`, '', ''].join('\r\n');
      peer.noise.length = 0;
      peer.sendBytes(bytes(request));
      world.run(100);
      answered.push(peer.noise.length > 0);
      for (const answer of peer.noise) {
        expect(bytes(answer).length).toBeLessThanOrEqual(2 * request.length);
      }
    }
    expect(answered).toEqual([...answered].sort());
    expect(new Set(answered)).toEqual(new Set([false, true]));
    expect(counted().malformed).toBe(answered.length);
  });
});
