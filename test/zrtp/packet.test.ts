import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/platform';
import { readAnnounced } from '../../src/zrtp/announced';
import { crc32c } from '../../src/zrtp/crc32c';
import { readMessage, writeMessage } from '../../src/zrtp/message';
import { OwnHello } from '../../src/zrtp/own-hello';
import { readPacket, writePacket } from '../../src/zrtp/packet';

const hello = new OwnHello(Buffer.alloc(12, 1), systemRandom);

describe('a packet of ZRTP', () => {
  it('ends in the checksum of SCTP (RFC 3720 B.4 has values)', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  });

  it('is written as RFC 6189 §5 has it', () => {
    const packet = writePacket({
      sequence: 0x1ffff,
      ssrc: 0x01020304,
      message: writeMessage('HelloACK'),
    });
    expect(packet.subarray(0, 24).toString('hex')).toBe(
      '1000ffff5a52545001020304505a000348656c6c6f41434b'.slice(0, 48),
    );
    expect(packet).toHaveLength(28);
    expect(readPacket(packet)).toEqual({
      sequence: 0xffff,
      ssrc: 0x01020304,
      message: writeMessage('HelloACK'),
    });
  });

  it('is none when one bit of it is another', () => {
    const packet = writePacket({ sequence: 7, ssrc: 8, message: hello.message });
    for (let bit = 0; bit < 8 * packet.length; bit += 1) {
      const changed = Buffer.from(packet);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(readPacket(changed)).toBeUndefined();
    }
  });

  it('is none when it is cut short or followed by something', () => {
    const packet = writePacket({ sequence: 7, ssrc: 8, message: hello.message });
    for (let length = 0; length < packet.length; length += 1) {
      expect(readPacket(packet.subarray(0, length))).toBeUndefined();
    }
    expect(readPacket(Buffer.concat([packet, Buffer.of(0)]))).toBeUndefined();
  });
});

describe('a message', () => {
  it('Hello says who we are and what we have', () => {
    const read = readMessage(hello.message);
    expect(read).toMatchObject({
      kind: 'Hello',
      version: '1.10',
      client: 'dashvoip        ',
      zid: Buffer.alloc(12, 1),
      isPassive: false,
      algorithms: {
        hashes: ['S256'],
        ciphers: ['AES3', 'AES1'],
        tags: ['HS80', 'HS32'],
        agreements: ['EC25', 'DH3k', 'Mult'],
        renderings: ['B32 ', 'B256'],
      },
    });
    expect(hello.message.readUInt16BE(2) * 4).toBe(hello.message.length);
    expect(hello.hash).toBe(`1.10 ${createHash('sha256').update(hello.message).digest('hex')}`);
  });

  it('is read or passed over, whatever it is: nothing is thrown, and nothing read beyond it', () => {
    const kinds = ['Hello', 'Commit', 'DHPart1', 'Confirm1', 'Error', 'Ping', 'GoClear'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 0, max: 3 }),
        (kind, body, cut) => {
          const message = writeMessage(kind, body.subarray(0, body.length & ~3));
          const read = readMessage(message.subarray(0, message.length - cut));
          if (cut > 0) expect(read).toBeUndefined();
          if (read?.kind === 'Hello') {
            const lists = Object.values(read.algorithms);
            expect(Math.max(...lists.map(({ length }) => length))).toBeLessThanOrEqual(7);
          }
        },
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readMessage(Buffer.from(bytes));
        expect(readPacket(bytes)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('Hello with counts of drawn lists is read exactly when it has that length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 5, maxLength: 5 }),
        fc.integer({ min: -1, max: 1 }),
        (counts, off) => {
          const total = counts.reduce((sum, count) => sum + count, 0) + off;
          const flags = Buffer.alloc(4);
          flags.writeUInt32BE(counts.reduce((sum, count) => (sum << 4) | count, 0) >>> 0);
          const names = Buffer.alloc(4 * Math.max(0, total), 'AES1');
          const message = writeMessage('Hello', Buffer.alloc(64), flags, names, Buffer.alloc(8));
          const isRight = off === 0 && counts.every((count) => count <= 7);
          expect(readMessage(message) !== undefined).toBe(
            isRight || (off === -1 && total < 0 && counts.every((count) => count === 0)),
          );
        },
      ),
    );
  });
});

describe('a=zrtp-hash', () => {
  const hex = 'AB'.repeat(32);

  it('is read in any case, and passed over when it cannot be', () => {
    expect(readAnnounced(['a=rtpmap:0', `a=zrtp-hash:1.10 ${hex}`])).toEqual({
      zrtpHash: `1.10 ${hex.toLowerCase()}`,
    });
    for (const bad of [`2.00 ${hex}`, `1.10 ${hex}0`, '1.10', `1.10 ${hex.slice(2)}`, '']) {
      expect(readAnnounced([`a=zrtp-hash:${bad}`])).toEqual({});
    }
  });
});
