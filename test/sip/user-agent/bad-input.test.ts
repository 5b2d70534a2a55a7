import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { serializeMessage } from '../../../src/sip/message';
import { World } from '../support/world';

/** A user agent in the midst of everything: a registration, and a call each way in each state. */
const busyWorld = () => {
  const world = new World();
  const bob = world.phone('bob', { maxSessions: 20, maxTransactions: 200 }).listen();
  const peer = world.peer(bob);
  const target = `sip:peer@${peer.address.address}`;
  const account = { uri: 'sip:bob@example.org', password: 'secret' };
  bob.userAgent.register({ ...account, registrar: target });
  bob.call(target);
  bob.call(target);
  world.run(100);
  const [first, second] = peer.requests.filter(({ method }) => method === 'INVITE');
  if (first) peer.answerOk(first);
  if (second) peer.answer(second, 180);
  peer.send(peer.newInvite({ callId: 'answered' }));
  bob.onCall = ({ session }) => session.ring();
  peer.send(peer.newInvite({ callId: 'ringing', cseq: 2 }));
  world.run(100);
  return { world, bob, peer };
};

/** Messages as they are in the air: what the busy world said, as if it came back, and RFC 4475. */
const samples = (): Uint8Array[] => {
  const { world, peer, bob } = busyWorld();
  const folder = join(import.meta.dirname, '../../data/rfc4475');
  const torture = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  for (const { session } of bob.incoming) session.hangup();
  world.run(100);
  const said = world.network.sent.map(({ text }) => Buffer.from(text, 'latin1'));
  return [...torture, ...said, ...peer.received.map(serializeMessage)];
};

const sampleBytes = samples();

type Mutation = (bytes: Buffer) => Buffer;

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat(255) }).map(
    ({ at, byte }): Mutation =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        if (copy.length > 0) copy[Math.floor(at * copy.length)] = byte;
        return copy;
      },
  ),
  fc.double({ min: 0, max: 1, noNaN: true }).map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(0, Math.floor(at * bytes.length)),
  ),
  fc
    .record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.constantFrom(
        '\r\n',
        '\r\n\r\n',
        ';',
        ',',
        '"',
        '<',
        '>',
        '\0',
        '%',
        '99999999999',
        ' ',
      ),
    })
    .map(
      ({ at, text }): Mutation =>
        (bytes) => {
          const cut = Math.floor(at * bytes.length);
          return Buffer.concat([bytes.subarray(0, cut), Buffer.from(text), bytes.subarray(cut)]);
        },
    ),
  fc
    .constantFrom<[string, string]>(
      ['INVITE', 'BYE'],
      ['INVITE', 'ACK'],
      ['INVITE', 'CANCEL'],
      ['SIP/2.0 200', 'SIP/2.0 401'],
      ['SIP/2.0 180', 'SIP/2.0 200'],
      ['SIP/2.0 100', 'SIP/2.0 699'],
      ['application/sdp', 'multipart/mixed'],
      ['branch=z9hG4bK', 'branch='],
      ['tag=', 'gat='],
      ['Contact', 'Tactcon'],
    )
    .map(
      ([from, to]): Mutation =>
        (bytes) =>
          Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1'),
    ),
);

const datagram: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.nat(sampleBytes.length - 1), fc.array(mutation, { maxLength: 3 }))
      .map(([index, mutations]) =>
        mutations.reduce<Buffer>(
          (bytes, mutate) => mutate(bytes),
          Buffer.from(sampleBytes[index] ?? []),
        ),
      ),
  },
);

it('survives whatever comes, stays bounded, and serves the next call', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(datagram, { minLength: 1, maxLength: 40 }), (datagrams) => {
      const { world, bob, peer } = busyWorld();
      for (const bytes of datagrams) {
        peer.sendBytes(bytes);
        world.run(50);
      }
      expect(bob.userAgent.internalErrors).toBe(0);
      expect(bob.userAgent.counters.activeTransactions).toBeLessThan(400);
      world.run(300_000);
      expect(bob.userAgent.internalErrors).toBe(0);
      peer.send(peer.newRequest('OPTIONS', { callId: 'still-there' }));
      world.run(100);
      expect(
        peer.responses.some(({ callId, status }) => callId === 'still-there' && status >= 200),
      ).toBe(true);
    }),
    { numRuns: 150 },
  );
});
