import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeMedia, UNLIMITED, World } from '../support/world';

/**
 * A user agent in the midst of everything: a registration, and calls each way, early and confirmed.
 * All is repeatable, so that what fits into one such world fits into every other.
 */
const busyWorld = () => {
  const world = new World();
  const bob = world
    .phone('bob', { maxSessions: 20, maxStateBytes: 400_000, sourceRates: UNLIMITED })
    .listen();
  const peer = world.peer(bob);
  const target = `sip:peer@${peer.address.address}`;
  const account = { uri: 'sip:bob@example.org', password: 'secret' };
  bob.userAgent.register({ ...account, registrar: target });
  const call = () => bob.userAgent.invite(target, account, () => new FakeMedia('bob'));
  call();
  world.run(100);
  const confirmedInvite = peer.request('INVITE');
  peer.answerOk(confirmedInvite);
  call();
  world.run(100);
  const earlyInvite = peer.request('INVITE');
  peer.answer(earlyInvite, 183, { contact: peer.contact() });
  const answered = peer.newInvite({ callId: 'answered' });
  peer.send(answered);
  world.run(100);
  const success = peer.response(200);
  peer.send(peer.within(answered, success, 'ACK', 1));
  world.run(100);
  bob.onCall = ({ session }) => session.ring();
  const ringing = peer.newInvite({ callId: 'ringing', cseq: 2 });
  peer.send(ringing);
  world.run(100);
  return { world, bob, peer, confirmedInvite, earlyInvite, answered, success, ringing };
};

const sdp = { body: { contentType: 'application/sdp', content: 'offer of peer' } };
const challenge = (name: string) =>
  [[name, 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256']] as const;

/** What a peer may well say to that user agent next. */
const conversation = (): Uint8Array[] => {
  const { world, peer, ...calls } = busyWorld();
  const { confirmedInvite, earlyInvite, answered, success, ringing } = calls;
  world.network.lose = ({ from }) => from.startsWith(peer.address.address);
  world.network.sent.length = 0;
  for (const method of ['INVITE', 'ACK', 'BYE', 'INFO', 'OPTIONS', 'UPDATE', 'CANCEL']) {
    const parts = method === 'INVITE' ? sdp : {};
    peer.send(peer.within(answered, success, method, 2, parts));
    peer.send(peer.withinTheirs(confirmedInvite, 'peertag', method, 2, parts));
    peer.send(peer.withinTheirs(earlyInvite, 'peertag', method, 2, parts));
  }
  peer.send(peer.within(answered, success, 'INVITE', 3));
  peer.send(peer.within(answered, success, 'ACK', 3, sdp));
  peer.send(ringing);
  peer.send(peer.newRequest('CANCEL', { via: ringing.topVia, callId: 'ringing', cseq: 2 }));
  peer.answerOk(confirmedInvite);
  peer.answerOk(confirmedInvite, 'answer', { toTag: 'fork' });
  peer.answerOk(earlyInvite);
  peer.answer(earlyInvite, 180, { toTag: 'fork', contact: peer.contact() });
  peer.answer(earlyInvite, 401, { headers: challenge('WWW-Authenticate') });
  peer.answer(earlyInvite, 407, { headers: challenge('Proxy-Authenticate') });
  peer.answer(earlyInvite, 486);
  const register = peer.request('REGISTER');
  peer.answer(register, 200, { contact: peer.contact().withParam('expires', '60') });
  peer.answer(register, 401, { headers: challenge('WWW-Authenticate') });
  peer.answer(register, 423, { headers: [['Min-Expires', 7200]] });
  peer.answer(register, 503, { headers: [['Retry-After', 30]] });
  return world.network.sent.map(({ text }) => Buffer.from(text, 'latin1'));
};

const torture = (): Uint8Array[] => {
  const folder = join(import.meta.dirname, '../../data/rfc4475');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
};

/** Three parts conversation to one part torture. */
const sampleBytes = [...conversation(), ...conversation(), ...conversation(), ...torture()];

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
    { numRuns: 200 },
  );
});
