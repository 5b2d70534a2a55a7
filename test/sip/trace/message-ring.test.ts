import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MessageFacts, MessageRing } from '../../../src/sip/trace/message-ring';

const REMOTE = { address: '192.0.2.7', port: 5060 };

function facts(number: number, more: Partial<MessageFacts> = {}): MessageFacts {
  return {
    number,
    at: number / 8,
    direction: 'in',
    protocol: 'UDP',
    remote: REMOTE,
    hash: number % 3,
    octets: 1,
    ...more,
  };
}

const bytesOf = (length: number, number: number) => new Uint8Array(length).fill(number % 256);

describe('the ring of messages', () => {
  it('gives back what it was given', () => {
    const ring = new MessageRing({ bytes: 1000, messages: 10 });
    const remote = { address: '2001:db8::7', port: 65_535 };
    const first = facts(1, { direction: 'out', protocol: 'TCP', remote, hash: 0xffffffff });
    ring.add(first, Buffer.from('INVITE'));
    const last = facts(2 ** 40, { protocol: 'SCTP', octets: 70_000 });
    ring.add(last, Buffer.from('BYE'));
    expect(ring.messages()).toEqual([
      { ...first, bytes: Uint8Array.from(Buffer.from('INVITE')) },
      { ...last, bytes: Uint8Array.from(Buffer.from('BYE')) },
    ]);
  });

  it('keeps copies: what is read is not written over, and what was given may change', () => {
    const ring = new MessageRing({ bytes: 120, messages: 10 });
    const given = Buffer.from('INVITE');
    ring.add(facts(1), given);
    given.fill(0);
    const [read] = ring.messages();
    for (let number = 2; number < 9; number += 1) ring.add(facts(number), bytesOf(20, number));
    expect(Buffer.from(read?.bytes ?? []).toString()).toBe('INVITE');
  });

  it('has the newest ones that fit, whole and in order, and counts the others', () => {
    const limits = { bytes: 1000, messages: 12 };
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 200 }), (lengths) => {
        const ring = new MessageRing(limits);
        for (const [place, length] of lengths.entries()) {
          ring.add(facts(place + 1), bytesOf(length, place + 1));
          const kept = ring.messages();
          expect(kept.length).toBeLessThanOrEqual(limits.messages);
          expect(kept.length + ring.dropped).toBe(place + 1);
          // The newest, without a gap.
          expect(kept.map(({ number }) => number)).toEqual(
            kept.map((_, index) => ring.dropped + index + 1),
          );
          for (const { number, bytes, remote } of kept) {
            expect(bytes).toEqual(bytesOf(lengths[number - 1] ?? -1, number));
            expect(remote).toEqual(REMOTE);
          }
        }
      }),
    );
  });

  it('wastes no more than one message at the end of its room', () => {
    const ring = new MessageRing({ bytes: 1000, messages: 100 });
    for (let number = 1; number < 100; number += 1) ring.add(facts(number), bytesOf(59, number));
    // A record is 32 octets of facts, 9 of the address, 59 of the message.
    expect(ring.messages()).toHaveLength(10);
  });

  it('lets messages be taken out, which then are not dropped', () => {
    const ring = new MessageRing({ bytes: 1000, messages: 6 });
    for (let number = 1; number <= 6; number += 1) ring.add(facts(number), bytesOf(1, number));
    const taken = ring.take(1, ({ number }) => number !== 4);
    expect(taken.map(({ number }) => number)).toEqual([1]);
    expect(ring.take(1, ({ number }) => number !== 4)).toEqual([]);
    expect(ring.messages().map(({ number }) => number)).toEqual([2, 3, 4, 5, 6]);
    ring.add(facts(7), bytesOf(1, 7));
    expect(ring.dropped).toBe(0);
    ring.add(facts(8), bytesOf(1, 8));
    expect(ring.dropped).toBe(1);
  });
});
