import { describe, expect, it } from 'vitest';
import type { TracedMessage, TracePage, TraceQuery } from '../../../src/sip';
import { serializeMessage } from '../../../src/sip/message';
import { seededRandom } from '../../support/seeded-random';
import { type Phone, UNLIMITED, World } from '../support/world';

const ALL: TraceQuery = { limit: 1000, withText: false };

function summaries({ dialogs }: TracePage): string[][] {
  return dialogs.map(({ messages }) =>
    messages.map(({ direction, summary }) => `${direction} ${summary}`),
  );
}

/** Page by page, each with its texts. */
function everything(phone: Phone, look: (page: TracePage) => void = () => undefined) {
  const found: TracedMessage[] = [];
  let before: number | undefined;
  do {
    const query = { limit: 100, withText: true };
    const page = phone.userAgent.trace(before === undefined ? query : { ...query, before });
    look(page);
    found.push(...page.dialogs.flatMap(({ messages }) => messages));
    before = page.before;
  } while (before !== undefined);
  return found;
}

/** A call of alice to bob, hung up by her. */
function talked(world: World, alice: Phone, bob: Phone): string {
  const { session } = alice.call(bob.uri);
  world.run(500);
  session.hangup();
  world.run(1000);
  return session.callId;
}

describe('the trace of a user agent', () => {
  it('has a call from its INVITE on, at both ends', async () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const callId = talked(world, alice, bob);
    const ladder = [
      `INVITE ${bob.uri}`,
      '200 OK (INVITE)',
      `ACK ${bob.uri}`,
      `BYE ${bob.uri}`,
      '200 OK (BYE)',
    ];
    const mine = (direction: string, other: string) =>
      ladder.map((line) => `${/^\d/.test(line) ? other : direction} ${line}`);
    expect(summaries(alice.userAgent.trace(ALL))).toEqual([mine('out', 'in')]);
    const atBob = bob.userAgent.trace(ALL);
    expect(summaries(atBob)).toEqual([mine('in', 'out')]);
    expect(atBob).toMatchObject({ dialogs: [{ callId, kind: 'call' }], dropped: { other: 0 } });
    expect(atBob.dialogs[0]?.messages[0]).toMatchObject({
      number: 1,
      from: '10.0.0.1:5060',
      to: '10.0.0.2:5060',
      transport: 'UDP',
    });
    expect(atBob.dialogs[0]?.messages[1]).toMatchObject({
      from: '10.0.0.2:5060',
      to: '10.0.0.1:5060',
    });
  });

  it('tells the time of each message as it was, and when asked the message itself', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const begun = world.clock.wallTime().getTime();
    talked(world, alice, bob);
    world.run(60_000);
    const [dialog] = alice.userAgent.trace({ limit: 100, withText: true }).dialogs;
    const times = dialog?.messages.map(({ at }) => new Date(at).getTime() - begun);
    expect(times).toEqual([0, 20, 20, 500, 520]);
    const [invite] = dialog?.messages ?? [];
    expect(invite?.text).toMatch(/^INVITE sip:bob@10.0.0.2:5060 SIP\/2.0\r\nVia: /);
    expect(invite?.octets).toBe(Buffer.byteLength(invite?.text ?? ''));
    expect(dialog?.messages[0]).not.toHaveProperty('bytes');
  });

  it('keeps calls, registrations and strangers apart: a flood pushes out its like alone', () => {
    const world = new World();
    const [alice] = world.pair();
    const bob = world.phone('bob', { sourceRates: UNLIMITED }).listen();
    const callId = talked(world, alice, bob);
    const peer = world.peer(bob);
    for (let count = 0; count < 2000; count += 1) {
      peer.send(peer.newRequest('OPTIONS', { callId: `flood-${count}` }));
      if (count % 100 === 0) world.run(50);
    }
    world.run(1000);
    const page = bob.userAgent.trace(ALL);
    expect(page.dialogs.find((one) => one.callId === callId)?.messages).toHaveLength(5);
    const others = page.dialogs.filter(({ kind }) => kind === 'other');
    const kept = others.flatMap(({ messages }) => messages).length;
    expect(kept).toBeGreaterThan(50);
    expect(kept).toBeLessThanOrEqual(128);
    expect(page.dropped).toEqual({ call: 0, registration: 0, other: 4000 - kept });
  });

  it('counts what gives way among calls', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    for (let count = 0; count < 100; count += 1) talked(world, alice, bob);
    const page = alice.userAgent.trace({ ...ALL, limit: 1000 });
    const { dropped } = page;
    expect(dropped.call).toBeGreaterThan(50);
    const [last] = page.dialogs.slice(-1);
    expect(last?.messages).toHaveLength(5);
    expect(last?.messages[4]?.number).toBe(500);
    expect(everything(alice).length + dropped.call).toBe(500);
  });

  it('is read in pages, from the newest on', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    for (let count = 0; count < 3; count += 1) talked(world, alice, bob);
    const numbers = (page: TracePage) =>
      page.dialogs.flatMap(({ messages }) => messages.map(({ number }) => number));
    const first = alice.userAgent.trace({ limit: 7, withText: false });
    expect(numbers(first)).toEqual([9, 10, 11, 12, 13, 14, 15]);
    expect(first.before).toBe(9);
    const rest = alice.userAgent.trace({ limit: 50, withText: false, before: 9 });
    expect(numbers(rest)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(rest.before).toBeUndefined();
  });

  it('fits into a datagram, whatever is in the messages', () => {
    const world = new World();
    const bob = world.phone('bob', { sourceRates: UNLIMITED }).listen();
    const peer = world.peer(bob);
    for (let count = 0; count < 20; count += 1) {
      const request = serializeMessage(peer.newRequest('OPTIONS', { callId: `big-${count}` }));
      peer.sendBytes(Buffer.concat([request, Buffer.alloc(9000)]));
      world.run(100);
    }
    // Two of them are all that fits beside the facts.
    expect(
      everything(bob, (page) => {
        expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(60_000);
      }),
    ).toHaveLength(6);
  });

  it('is of the calls that are asked for', () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const [first, second] = [talked(world, alice, bob), talked(world, alice, bob)];
    expect(first).not.toBe(second);
    const page = alice.userAgent.trace({ ...ALL, callIds: [second] });
    expect(page.dialogs.map(({ callId }) => callId)).toEqual([second]);
    expect(alice.userAgent.trace({ ...ALL, callIds: [] }).dialogs).toEqual([]);
  });

  it('reads what is no message at all', () => {
    const world = new World();
    const bob = world.phone('bob', { sourceRates: UNLIMITED }).listen();
    const peer = world.peer(bob);
    const random = seededRandom();
    for (let count = 0; count < 50; count += 1) {
      peer.sendBytes(random.bytes(count * 20));
      world.run(10);
    }
    peer.sendBytes(Buffer.from('\u001b[2Jx\u0007y'));
    world.run(100);
    const all = everything(bob);
    expect(all.length).toBeGreaterThan(40);
    expect(all.map(({ summary }) => summary)).toContain('.[2Jx.y');
    for (const { summary } of all) expect(summary).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });
});
