// Shows RFC 6189.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FOR_EVER, readConfirm } from '../../src/zrtp/confirm';
import { type KeyPair, makeKeyPair } from '../../src/zrtp/key-pair';
import { readMessage, writeMessage } from '../../src/zrtp/message';
import { helloHash, OwnHello } from '../../src/zrtp/own-hello';
import { seededRandom } from '../support/seeded-random';
import { type End, Pair, type Way } from './pair';

const kindOf = (message: Buffer): string => message.toString('latin1', 4, 12).trimEnd();
const code = (number: number): Buffer => Buffer.from(number.toString(16).padStart(8, '0'), 'hex');

/** Both have the same keys, each the other's way round, and the same string. */
function expectAgreement({ one, other }: Pair): void {
  expect(one.secured?.send.length).toBeGreaterThan(0);
  expect(one.secured?.send).toEqual(other.secured?.receive);
  expect(one.secured?.receive).toEqual(other.secured?.send);
  expect(one.secured?.send).not.toEqual(one.secured?.receive);
  expect(one.secured?.keys.sas).toEqual(other.secured?.keys.sas);
  expect(one.secured?.keys.retained).toEqual(other.secured?.keys.retained);
}

/** Key pairs are dear, and may well be the same ones for many handshakes here. */
async function twoPairs(): Promise<() => Promise<KeyPair>> {
  const curve = await Promise.all([makeKeyPair('EC25'), makeKeyPair('EC25')]);
  let turn = 0;
  return async () => {
    turn += 1;
    return curve[turn & 1] ?? makeKeyPair('EC25');
  };
}

/** Hands a message to an end, as it would come. */
function give(end: End, message: Buffer): void {
  const read = readMessage(message);
  if (!read) throw new Error(`cannot be read: ${message.toString('hex')}`);
  end.stream.receive(read, 7);
}

function lastOf(end: End, kind: string): Buffer {
  const found = end.sent.filter((message) => kindOf(message) === kind).at(-1);
  if (!found) throw new Error(`${kind} was not sent`);
  return found;
}

describe('two ends', () => {
  it('come to the same keys, each the other’s way round, and to one string', async () => {
    const pair = new Pair();
    await pair.settle();
    expectAgreement(pair);
    expect(pair.one.secured?.suite).toBe('AES_256_CM_HMAC_SHA1_80');
    expect(pair.one.secured?.send).toHaveLength(46);
    expect(pair.clock.now()).toBeLessThan(150);
    await pair.run(15_000);
    expect(pair.clock.pendingTimers).toBe(0);
    expect([...pair.one.failures, ...pair.other.failures]).toEqual([]);
  });

  it('do so by numbers of 3072 bits where one of them asks for that', async () => {
    const pair = new Pair({ pairs: () => makeKeyPair('DH3k') });
    pair.start();
    for (let turn = 0; turn < 2000 && !(pair.one.isSecure && pair.other.isSecure); turn += 1) {
      // Numbers are made beside the event loop, which takes real time.
      await new Promise((resolve) => setImmediate(resolve));
      await pair.run(turn % 20 === 0 ? 5 : 0);
    }
    expectAgreement(pair);
    const parts = [...pair.one.sent, ...pair.other.sent].filter((one) => one.length === 468);
    expect(new Set(parts.map(kindOf))).toEqual(new Set(['DHPart1', 'DHPart2']));
  });

  it('both begin: the larger hash wins, and one of them answers', async () => {
    const pair = new Pair({ delayMs: 40 });
    await pair.settle();
    expectAgreement(pair);
    const commits = [pair.one, pair.other].map(({ sent }) =>
      sent.filter((message) => kindOf(message) === 'Commit'),
    );
    expect(commits.map(({ length }) => length)).toEqual([1, 1]);
    const values = commits.map(([commit]) => commit?.subarray(76, 108).toString('hex') ?? '');
    const winner = (values[0] ?? '') > (values[1] ?? '') ? pair.one : pair.other;
    expect(winner.kinds()).toContain('DHPart2');
    expect(winner.kinds()).not.toContain('DHPart1');
  });

  it('get there when every message is lost once', async () => {
    const seen = new Set<string>();
    const pair = new Pair({
      way: (message, from) => {
        const name = `${from} ${kindOf(message)}`;
        const isFirst = !seen.has(name);
        seen.add(name);
        return isFirst ? [] : [message];
      },
    });
    await pair.settle();
    expectAgreement(pair);
    expect(pair.one.isSecure && pair.other.isSecure).toBe(true);
  });

  it('get there over ways that lose, repeat and delay', async () => {
    let secure = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seededRandom(seed);
      const held: Buffer[] = [];
      // A third is lost, some come twice, some behind the next one.
      const way: Way = (message) => {
        const [dice = 0] = random.bytes(1);
        if (dice < 80) return [];
        if (dice < 110) {
          held.push(message);
          return [];
        }
        return [message, ...(dice < 140 ? [message] : []), ...held.splice(0)];
      };
      const pair = new Pair({ way, pairs: await twoPairs() });
      await pair.settle(15_000);
      const { one, other } = pair;
      const strings = [one, other].flatMap(
        ({ secured }) => secured?.keys.sas.toString('hex') ?? [],
      );
      expect(new Set(strings).size).toBeLessThanOrEqual(1);
      if (one.isSecure && other.isSecure) {
        expectAgreement(pair);
        secure += 1;
      }
    }
    expect(secure).toBeGreaterThan(50);
  });

  it('take the keys of a second stream from the first, and no other string', async () => {
    const session = Buffer.alloc(32, 9);
    const pair = new Pair({ session });
    await pair.settle();
    expectAgreement(pair);
    expect(pair.one.kinds().join()).not.toContain('DHPart');
    const foreign = new Pair({ session: Buffer.alloc(32, 8) });
    await foreign.settle();
    expect(foreign.one.secured?.send).not.toEqual(pair.one.secured?.send);
  });

  it('wait in vain where nobody speaks ZRTP: 21 times Hello within four seconds', async () => {
    const pair = new Pair({ way: () => [] });
    pair.one.stream.start();
    await pair.run(10_000);
    expect(pair.one.kinds()).toEqual(Array.from({ length: 21 }, () => 'Hello'));
    expect(pair.one.failures).toEqual(['the far end does not speak ZRTP']);
    expect(pair.clock.pendingTimers).toBe(0);
  });

  it('begin once more when the far end says Hello late', async () => {
    let isOpen = false;
    const pair = new Pair({ way: (message) => (isOpen ? [message] : []) });
    pair.one.stream.start();
    await pair.run(10_000);
    expect(pair.one.failures).toHaveLength(1);
    isOpen = true;
    pair.other.stream.start();
    await pair.run(1000);
    expectAgreement(pair);
  });

  it('give up on one that stops answering, and tell it', async () => {
    const pair = new Pair({ way: (message) => (kindOf(message) === 'Confirm1' ? [] : [message]) });
    await pair.settle();
    const failures = [...pair.one.failures, ...pair.other.failures];
    expect(failures).toContain('the far end has stopped answering');
    expect(failures).toContain('the far end says: no answer in time');
    expect(pair.one.secured ?? pair.other.secured).toBeUndefined();
    expect(pair.clock.pendingTimers).toBe(0);
  });
});

describe('what was changed on the way', () => {
  /** Flips one bit of the first message of that kind. */
  const flipping = (kind: string, bit: number): { way: Way; did: () => boolean } => {
    let isDone = false;
    return {
      did: () => isDone,
      way: (message) => {
        if (isDone || kindOf(message) !== kind || bit >= 8 * message.length) return [message];
        isDone = true;
        const changed = Buffer.from(message);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return [changed];
      },
    };
  };

  for (const [kind, bytes] of [
    ['Hello', 128],
    ['HelloACK', 12],
    ['Commit', 116],
    ['DHPart1', 148],
    ['DHPart2', 148],
    ['Confirm1', 76],
    ['Confirm2', 76],
    ['Conf2ACK', 12],
  ] as const) {
    it(`${kind}: no bit of it brings keys that the other has not`, async () => {
      const pairs = await twoPairs();
      for (let bit = 0; bit < 8 * bytes; bit += 1) {
        const { way, did } = flipping(kind, bit);
        const pair = new Pair({ way, pairs });
        await pair.settle(2000);
        expect(did()).toBe(true);
        const { one, other } = pair;
        if (one.secured && other.secured) {
          expect(one.secured.send.equals(other.secured.receive)).toBe(true);
          expect(one.secured.keys.sas.equals(other.secured.keys.sas)).toBe(true);
          // Nor does one end believe what the other has not said.
          const said = { isVerified: false, expiresInS: FOR_EVER };
          expect([one.secured.confirmed, other.secured.confirmed]).toMatchObject([said, said]);
        }
        pair.one.stream.close();
        pair.other.stream.close();
      }
    });
  }
});

describe('messages of other handshakes', () => {
  it('in any order, at any time, bring no keys, and each two messages in return at most', async () => {
    const pairs = await twoPairs();
    const [here, there, third] = [
      new Pair({ pairs }),
      new Pair({ pairs }),
      new Pair({ pairs, session: Buffer.alloc(32) }),
    ];
    for (const each of [here, there, third]) await each.settle();
    const all = [here, there, third].flatMap(({ one, other }) => [...one.sent, ...other.sent]);
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seededRandom(seed);
      const pair = new Pair({
        pairs,
        way: () => [],
        ...(seed % 3 === 0 ? { session: Buffer.alloc(32) } : {}),
      });
      const { one } = pair;
      one.stream.start();
      for (let turn = 0; turn < 60; turn += 1) {
        const [at = 0, place = 0, value = 0] = random.bytes(3);
        const message = Buffer.from(all[at % all.length] ?? Buffer.alloc(12));
        // Every other one is changed somewhere behind its length.
        if (turn % 2)
          message.writeUInt8(
            value,
            12 + (place % Math.max(1, message.length - 12)) - (message.length === 12 ? 1 : 0),
          );
        const read = readMessage(message);
        const before = one.sent.length;
        if (read) one.stream.receive(read, 1);
        expect(one.sent.length - before).toBeLessThanOrEqual(2);
        await pair.run(5);
      }
      expect(one.secured).toBeUndefined();
      one.stream.close();
      expect(pair.clock.pendingTimers).toBe(0);
    }
  });
});

describe('an end that has seen the proof of the other one', () => {
  it('talks in secret, though all answers are kept from it, and an Error does not change that', async () => {
    const pair = new Pair({ way: (message) => (kindOf(message) === 'Conf2ACK' ? [] : [message]) });
    pair.start();
    await pair.run(1000);
    const end = pair.one.mayTalk ? pair.other : pair.one;
    expect(end.secured).toBeDefined();
    expect(end.mayTalk).toBe(false);
    give(end, writeMessage('Error', code(0x20)));
    await pair.run(12_000);
    expect(end.failures).toEqual([]);
    expectAgreement(pair);
    expect(end.mayTalk).toBe(true);
  });
});

describe('somebody in between', () => {
  /** Speaks with both: two handshakes, one string each. */
  it('shows in the string', async () => {
    const [here, there] = [new Pair(), new Pair()];
    await here.settle();
    await there.settle();
    expect(here.one.secured?.keys.sas).not.toEqual(there.other.secured?.keys.sas);
  });

  it('takes nothing out of a Hello, whoever begins', async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      const pair = new Pair({
        way: (message, from) => {
          if (from === 'other' || kindOf(message) !== 'Hello') return [message];
          const changed = Buffer.from(message);
          changed.write('AES9', changed.indexOf('AES3'), 'latin1');
          return [changed];
        },
      });
      await pair.settle();
      expect([pair.one.secured, pair.other.secured]).toEqual([undefined, undefined]);
    }
  });

  it('has to know what began the chain: keys alone are not enough', async () => {
    for (const session of [undefined, Buffer.alloc(32)]) {
      const pair = new Pair(session ? { session } : {});
      Object.defineProperty(pair.other.own.chain, 'h0', { value: Buffer.alloc(32, 7) });
      await pair.settle();
      expect(pair.one.secured).toBeUndefined();
      expect(pair.one.failures.join()).toContain('other keys');
    }
  });

  it('is passed over when he is quicker with a DHPart than who has begun', async () => {
    const strange = new Pair();
    await strange.settle();
    const parts = [...strange.one.sent, ...strange.other.sent].filter(
      ({ length }) => length === 148,
    );
    const pair = new Pair({
      way: (message) => {
        if (!kindOf(message).startsWith('DHPart')) return [message];
        return [...parts.filter((part) => kindOf(part) === kindOf(message)), message];
      },
    });
    await pair.settle(1000);
    expectAgreement(pair);
    expect(pair.one.isSecure && pair.other.isSecure).toBe(true);
  });

  it('changes no DHPart2 after its Commit', async () => {
    let isBetter: Buffer | undefined;
    const pair = new Pair({
      way: (message) => {
        if (kindOf(message) !== 'DHPart2') return [message];
        isBetter = Buffer.from(message);
        // As a chain in his hands would have it: only the value is another one.
        isBetter.writeUInt8(isBetter.readUInt8(80) ^ 1, 80);
        return [isBetter];
      },
    });
    await pair.settle();
    expect(isBetter).toBeDefined();
    const failures = [...pair.one.failures, ...pair.other.failures];
    expect(failures).toContain('the far end has changed its mind: somebody may sit in between');
    expect(failures).toContain(
      'the far end says: DHPart2 is not the one that Commit has announced',
    );
  });

  it('is not heard where the description has named another Hello', async () => {
    const pair = new Pair();
    const stranger = new OwnHello(Buffer.alloc(12, 5), seededRandom(9));
    pair.one.announced = helloHash(pair.other.own.message);
    pair.one.stream.start();
    give(pair.one, stranger.message);
    expect(pair.one.kinds()).toEqual(['Hello']);
    await pair.settle();
    expectAgreement(pair);
  });

  it('says so when nobody else comes', async () => {
    const pair = new Pair();
    pair.one.announced = helloHash(Buffer.alloc(80));
    await pair.settle();
    expect(pair.one.failures).toEqual(['its Hello is not the one that its description names']);
  });

  it('cannot end a handshake by a Confirm that he makes up, but by three', async () => {
    const pair = new Pair({ way: (message) => (kindOf(message) === 'Confirm1' ? [] : [message]) });
    pair.start();
    const began = (): End | undefined =>
      [pair.one, pair.other].find((end) => end.kinds().includes('DHPart2'));
    await pair.run(500, () => began() !== undefined);
    const end = began() ?? pair.one;
    const bad = writeMessage('Confirm1', Buffer.alloc(64, 3));
    give(end, bad);
    give(end, bad);
    expect(end.failures).toEqual([]);
    give(end, bad);
    expect(end.failures).toEqual([
      'the far end has other keys than we: somebody may sit in between',
    ]);
    expect(lastOf(end, 'Error').subarray(12)).toEqual(code(0x70));
  });
});

describe('politeness', () => {
  it('answers Ping at any time with both names and the source', () => {
    const { one } = new Pair();
    give(one, writeMessage('Ping', Buffer.from('1.10'), Buffer.alloc(8, 4)));
    const answer = one.sent.at(-1) ?? Buffer.alloc(0);
    expect(kindOf(answer)).toBe('PingACK');
    expect(answer).toHaveLength(36);
    expect(answer.subarray(24, 32)).toEqual(Buffer.alloc(8, 4));
    expect(answer.readUInt32BE(32)).toBe(7);
  });

  it('refuses GoClear, and stays secure', async () => {
    const pair = new Pair();
    await pair.settle();
    give(pair.one, writeMessage('GoClear', Buffer.alloc(8)));
    expect(lastOf(pair.one, 'Error').subarray(12)).toEqual(code(0x100));
    expect(pair.one.failures).toEqual([]);
  });

  it('acknowledges an Error, which ends what is under way and nothing else', async () => {
    const pair = new Pair({ way: () => [] });
    pair.one.stream.start();
    give(pair.one, writeMessage('Error', code(0x40)));
    expect(pair.one.kinds().at(-1)).toBe('ErrorACK');
    expect(pair.one.failures).toEqual(['the far end says: nothing in common in Hello']);
    const done = new Pair();
    await done.settle();
    give(done.one, writeMessage('Error', code(0xdead)));
    expect(done.one.failures).toEqual([]);
  });

  it('does not speak with itself, nor with another version', async () => {
    const pair = new Pair({ way: () => [] });
    pair.one.stream.start();
    give(pair.one, new OwnHello(pair.one.zid, seededRandom(3)).message);
    await pair.run(6000);
    expect(pair.one.failures[0]).toContain('our own ZID');
    const old = new Pair({ way: () => [] });
    const hello = Buffer.from(old.other.own.message);
    hello.write('0.95', 12, 'latin1');
    old.one.stream.start();
    give(old.one, hello);
    await old.run(6000);
    expect(old.one.failures[0]).toBe('expected ZRTP 1.10, found "0.95"');
  });

  it('encrypts no second stream with who has no multistream mode', async () => {
    const pair = new Pair({ session: Buffer.alloc(32) });
    pair.one.stream.start();
    const hello = Buffer.from(pair.other.own.message);
    hello.write('XXXX', hello.indexOf('Mult'), 'latin1');
    give(pair.one, hello);
    give(pair.one, writeMessage('HelloACK'));
    expect(pair.one.failures[0]).toContain('no multistream mode');
  });
});

describe('a stream that is to take its keys of another one', () => {
  it('makes no agreement of its own, nor does one that has to make one take those', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const pair = new Pair({ session: Buffer.alloc(32), isMixed: true });
      await pair.settle();
      expect([pair.one.secured, pair.other.secured]).toEqual([undefined, undefined]);
      const failures = [...pair.one.failures, ...pair.other.failures];
      expect(failures.join()).toContain('the far end asks for what is not done here');
    }
  });
});

describe('what earlier calls have left', () => {
  const secret = (fill: number): Buffer => Buffer.alloc(32, fill);
  const known = (rs1?: number, rs2?: number, isVerified = true) => ({
    secrets: {
      ...(rs1 === undefined ? {} : { rs1: secret(rs1) }),
      ...(rs2 === undefined ? {} : { rs2: secret(rs2) }),
    },
    isVerified,
  });
  const settled = async (one: End['known'], other: End['known']): Promise<Pair> => {
    const pair = new Pair();
    pair.one.known = one;
    pair.other.known = other;
    await pair.settle();
    expectAgreement(pair);
    return pair;
  };
  const common = ({ one, other }: Pair) => [one, other].map(({ secured }) => secured?.common);

  it('is found, whichever of two each end still has', async () => {
    const s1 = { s1: secret(1), isMismatch: false };
    expect(common(await settled(known(1), known(1)))).toEqual([s1, s1]);
    expect(common(await settled(known(2, 1), known(1)))).toEqual([s1, s1]);
    expect(common(await settled(known(1, 7), known(3, 1)))).toEqual([s1, s1]);
    // Both ends mean the same one, in whatever order they have them.
    const [here, there] = common(await settled(known(1, 2), known(2, 1)));
    expect(here?.s1).toEqual(there?.s1);
  });

  it('is told whether the string was compared, where there is something in common', async () => {
    const pair = await settled(known(1), known(1));
    expect(pair.one.secured?.confirmed.isVerified).toBe(true);
    const half = await settled(known(1), known(1, undefined, false));
    expect(half.one.secured?.confirmed.isVerified).toBe(false);
    expect(half.other.secured?.confirmed.isVerified).toBe(true);
  });

  it('is missed where only one of both has it', async () => {
    const pair = await settled(known(1), known());
    expect(common(pair)).toEqual([{ isMismatch: true }, { isMismatch: false }]);
    expect(pair.other.secured?.confirmed.isVerified).toBe(false);
  });

  it('changes the keys: nobody else has them', async () => {
    const pair = await settled(known(1), known(1));
    const confirm = readMessage(
      lastOf(pair.one, pair.one.kinds().includes('Confirm1') ? 'Confirm1' : 'Confirm2'),
    );
    const side = pair.one.kinds().includes('Confirm1') ? 'responder' : 'initiator';
    if (confirm?.kind !== 'Confirm1' && confirm?.kind !== 'Confirm2') throw new Error('no Confirm');
    const keys = pair.one.secured?.keys[side];
    if (!keys) throw new Error('no keys');
    expect(readConfirm(confirm, 'AES3', keys)?.h0).toEqual(pair.one.own.chain.h0);
    const chain = createHash('sha256').update(pair.one.own.chain.h0).digest();
    expect(chain).toEqual(pair.one.own.chain.h1);
  });
});
