// Shows RFC 3428.

import { describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../../../src/sip/instant-message';
import type { RequestParts } from '../../../src/sip/message';
import { called } from '../invite/calls';
import { loseFirst, World } from '../support/world';

const plain = (content: string | Uint8Array, contentType = 'text/plain;charset=utf-8') => ({
  body: { contentType, content },
});

/** Bob takes texts. */
const listening = (decide: (message: IncomingMessage) => void = (message) => message.accept()) => {
  const world = new World();
  const bob = world.phone('bob');
  const messages: IncomingMessage[] = [];
  bob.userAgent.events.on('message', (message) => {
    messages.push(message);
    decide(message);
  });
  const peer = world.peer(bob);
  const send = (parts: Partial<RequestParts>): string | undefined => {
    peer.send(peer.newRequest('MESSAGE', parts));
    world.run(100);
    return peer.statuses.at(-1);
  };
  return { world, bob, peer, send, messages };
};

describe('a text that comes', () => {
  it('is told with who sends it, and answered 200', () => {
    const { send, messages, peer } = listening();
    expect(send(plain('Grüße, 안녕'))).toBe('200 MESSAGE');
    expect(messages[0]).toMatchObject({
      text: 'Grüße, 안녕',
      calledUser: 'car',
      source: peer.address,
    });
    expect(String(messages[0]?.remote.uri)).toBe('sip:peer@example.org');
    expect(peer.response(200).contacts).toHaveLength(0);
  });

  it('is taken once however often it comes', () => {
    const { world, peer, messages } = listening();
    const message = peer.newRequest('MESSAGE', plain('once'));
    for (let time = 0; time < 3; time++) {
      peer.send(message);
      world.run(500);
    }
    expect(messages).toHaveLength(1);
    expect(peer.statuses).toEqual(['200 MESSAGE', '200 MESSAGE', '200 MESSAGE']);
  });

  it('is read as Latin-1 where it is no UTF-8', () => {
    const { send, messages } = listening();
    send(plain(Buffer.from('Gr\xfc\xdfe', 'latin1')));
    expect(messages[0]?.text).toBe('Grüße');
  });

  it.each([
    ['with more octets than fit', plain('x'.repeat(1301)), 413],
    ['without any', plain(''), 405],
    ['of another type', plain('<b>x</b>', 'text/html'), 415],
  ])('%s is refused', (_, parts, status) => {
    const { send, messages } = listening();
    expect(send(parts)).toBe(`${status} MESSAGE`);
    expect(messages).toHaveLength(0);
  });

  it('is refused with the status that was decided, or 480 when nobody does', () => {
    expect(listening((message) => message.refuse(403)).send(plain('x'))).toBe('403 MESSAGE');
    const { send, peer } = listening((message) => message.refuse(503, 10));
    expect(send(plain('x'))).toBe('503 MESSAGE');
    expect(peer.response(503).retryAfter).toBe(10);
    expect(listening(() => undefined).send(plain('x'))).toBe('480 MESSAGE');
  });

  it('is of its call when it comes within one', () => {
    const { ask, session, peer, bob } = called();
    const texts: string[] = [];
    bob.userAgent.events.on('message', () => texts.push('outside'));
    session.events.on('message', (message) => {
      texts.push(message.text);
      message.accept();
    });
    ask('MESSAGE', 2, plain('within'));
    expect(texts).toEqual(['within']);
    expect(peer.statuses.at(-1)).toBe('200 MESSAGE');
  });
});

describe('a text that goes', () => {
  const sending = async (status: number | undefined, lost = 0) => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    world.network.lose = loseFirst('MESSAGE', lost);
    const sent = alice.userAgent.message(`sip:bob@${peer.address.address}`, alice.account, 'Hallo');
    world.run(4000);
    if (status !== undefined) peer.answer(peer.request('MESSAGE'), status);
    world.run(40_000);
    return { peer, delivery: await sent, alice };
  };

  it('is delivered when the far end takes it', async () => {
    const { peer, delivery } = await sending(200);
    expect(delivery).toEqual({ isDelivered: true, status: 200, reason: 'OK' });
    const message = peer.request('MESSAGE');
    expect(message.bodyText).toBe('Hallo');
    expect(message.get('Content-Type')).toBe('text/plain;charset=utf-8');
    expect(String(message.from.uri)).toBe('sip:alice@example.org');
    // RFC 3428 §4: it makes no dialog.
    expect(message.contacts).toHaveLength(0);
  });

  it('is sent again when it is lost', async () => {
    expect((await sending(202, 2)).delivery).toMatchObject({ isDelivered: true, status: 202 });
  });

  it('is not when it is refused, or nobody answers', async () => {
    expect((await sending(404)).delivery).toMatchObject({ isDelivered: false, status: 404 });
    const { delivery, alice } = await sending(undefined);
    expect(delivery).toMatchObject({ isDelivered: false, status: 408 });
    expect(alice.userAgent.counters.activeTransactions).toBe(0);
  });
});
