// Shows RFC 6189.

import { createCipheriv, getDiffieHellman, webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bigInteger } from '../../src/zrtp/der';
import { type KeyPair, makeKeyPair } from '../../src/zrtp/key-pair';
import { renderSas } from '../../src/zrtp/sas';
import { THREE_SYLLABLES, TWO_SYLLABLES } from '../../src/zrtp/words';
import { type End, Pair } from './pair';

const { subtle } = webcrypto;
const text = (words: string): Buffer => Buffer.from(words, 'latin1');
const word = (number: number): Buffer => Buffer.from(number.toString(16).padStart(8, '0'), 'hex');

async function hash(...parts: readonly Buffer[]): Promise<Buffer> {
  return Buffer.from(await subtle.digest('SHA-256', Buffer.concat(parts)));
}

async function mac(key: Buffer, ...parts: readonly Buffer[]): Promise<Buffer> {
  const imported = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return Buffer.from(await subtle.sign('HMAC', imported, Buffer.concat(parts)));
}

function sentBy(end: End, kind: string): Buffer {
  const found = end.sent.find((one) => one.toString('latin1', 4, 12).trimEnd() === kind);
  if (!found) throw new Error(`no ${kind} was sent`);
  return found;
}

/** AES in CFB mode of 128 bits, by single blocks. */
function decryptCfb(key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  const blocks: Buffer[] = [];
  let before = iv;
  for (let at = 0; at < encrypted.length; at += 16) {
    const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    const stream = cipher.update(before);
    const block = encrypted.subarray(at, at + 16);
    blocks.push(Buffer.from(block.map((byte, index) => byte ^ (stream[index] ?? 0))));
    before = block;
  }
  return Buffer.concat(blocks);
}

describe('keys', () => {
  it('are those that the messages of a handshake and its secret give by other means', async () => {
    const result = Buffer.alloc(32, 0x5d);
    const s1 = Buffer.alloc(32, 0x51);
    const pair: KeyPair = {
      agreement: 'EC25',
      publicValue: Buffer.alloc(64, 6),
      agree: () => result,
    };
    const both = new Pair({ pairs: async () => pair });
    both.one.known = { secrets: { rs1: s1 }, isVerified: true };
    both.other.known = both.one.known;
    await both.settle();
    const began = both.one.kinds().includes('DHPart2') ? both.one : both.other;
    const answered = began === both.one ? both.other : both.one;
    const totalHash = await hash(
      answered.own.message,
      sentBy(began, 'Commit'),
      sentBy(answered, 'DHPart1'),
      sentBy(began, 'DHPart2'),
    );
    const context = Buffer.concat([began.zid, answered.zid, totalHash]);
    const s0 = await hash(
      ...[word(1), result, text('ZRTP-HMAC-KDF'), context],
      ...[word(32), s1, word(0), word(0)],
    );
    const derive = async (label: string, bits: number, from = s0, over = context) => {
      const whole = await mac(from, word(1), text(`${label}\0`), over, word(bits));
      return whole.subarray(0, bits / 8);
    };
    const masters = await Promise.all(
      ['Initiator', 'Responder'].map(async (role) =>
        Buffer.concat([
          await derive(`${role} SRTP master key`, 256),
          await derive(`${role} SRTP master salt`, 112),
        ]),
      ),
    );
    expect([began.secured?.send, began.secured?.receive]).toEqual(masters);
    expect([answered.secured?.receive, answered.secured?.send]).toEqual(masters);
    expect(began.secured?.keys.sas).toEqual((await derive('SAS', 256)).subarray(0, 4));
    expect(began.secured?.keys.retained).toEqual(await derive('retained secret', 256));
    const session = await derive('ZRTP Session Key', 256);
    expect(began.secured?.keys.session).toEqual(session);

    // Names of the secret, and what Confirm2 says in secret: H0, and that both have compared.
    const part = sentBy(began, 'DHPart2');
    expect(part.subarray(44, 52)).toEqual((await mac(s1, text('Initiator'))).subarray(0, 8));
    const confirm = sentBy(began, 'Confirm2');
    const encrypted = confirm.subarray(36);
    const macKey = await derive('Initiator HMAC key', 256);
    expect(confirm.subarray(12, 20)).toEqual((await mac(macKey, encrypted)).subarray(0, 8));
    const key = await derive('Initiator ZRTP key', 256);
    const plain = decryptCfb(key, confirm.subarray(20, 36), encrypted);
    expect(plain.subarray(0, 32)).toEqual(began.own.chain.h0);
    expect(plain.subarray(32).toString('hex')).toBe('00000004ffffffff');
    expect(await hash(await hash(await hash(plain.subarray(0, 32))))).toEqual(began.own.chain.h3);

    // A second stream: its keys come of the first one's.
    const second = new Pair({ session });
    await second.settle();
    const begun = second.one.kinds().includes('Confirm2') ? second.one : second.other;
    const other = begun === second.one ? second.other : second.one;
    const total = await hash(other.own.message, sentBy(begun, 'Commit'));
    const over = Buffer.concat([begun.zid, other.zid, total]);
    const s0Second = await derive('ZRTP MSK', 256, session, over);
    expect(begun.secured?.send.subarray(0, 32)).toEqual(
      await derive('Initiator SRTP master key', 256, s0Second, over),
    );
  });

  it('agree by the prime of RFC 3526 §4', async () => {
    const pair = await makeKeyPair('DH3k');
    const prime = bigInteger(getDiffieHellman('modp15').getPrime());
    const power = (base: bigint, exponent: bigint): bigint => {
      let [value, square] = [1n, base % prime];
      for (let rest = exponent; rest > 0n; rest >>= 1n) {
        if (rest & 1n) value = (value * square) % prime;
        square = (square * square) % prime;
      }
      return value;
    };
    const bytes = (number: bigint): Buffer =>
      Buffer.from(number.toString(16).padStart(768, '0'), 'hex');
    const exponent = 0x1234567890abcdef1234567890abcdefn;
    const expected = bytes(power(bigInteger(pair.publicValue), exponent));
    expect(pair.publicValue).toHaveLength(384);
    expect(pair.agree(bytes(power(2n, exponent)))).toEqual(expected);
    // RFC 6189 §4.4.1.1: these give a secret that everybody knows.
    for (const value of [0n, 1n, prime - 1n, prime, prime + 1n]) {
      expect(pair.agree(bytes(value))).toBeUndefined();
    }
    expect(pair.agree(expected.subarray(1))).toBeUndefined();
    // A small number is written with as many bytes.
    expect(pair.agree(bytes(2n))).toEqual(pair.publicValue);
  });

  it('agree by the curve P-256, and by points of it alone', async () => {
    const pair = await makeKeyPair('EC25');
    const curve = { name: 'ECDH', namedCurve: 'P-256' };
    const theirs = await subtle.generateKey(curve, true, ['deriveBits']);
    const point = Buffer.concat([Buffer.of(4), pair.publicValue]);
    const ours = await subtle.importKey('raw', point, curve, true, []);
    const bits = await subtle.deriveBits({ name: 'ECDH', public: ours }, theirs.privateKey, 256);
    const value = Buffer.from(await subtle.exportKey('raw', theirs.publicKey)).subarray(1);
    expect(pair.agree(value)).toEqual(Buffer.from(bits));
    for (let bit = 0; bit < 512; bit += 1) {
      const changed = Buffer.from(value);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(pair.agree(changed)).toBeUndefined();
    }
    expect(pair.agree(Buffer.alloc(64))).toBeUndefined();
    expect(pair.agree(value.subarray(0, 63))).toBeUndefined();
  });
});

describe('the string', () => {
  const shown = (hex: string, rendering: 'B32 ' | 'B256') =>
    renderSas(Buffer.from(hex, 'hex'), rendering);

  it('is four letters of 20 bits', () => {
    expect(shown('00000fff', 'B32 ')).toBe('yyyy');
    expect(shown('fffff000', 'B32 ')).toBe('9999');
    // 00001 00010 00011 00100, by the alphabet.
    expect(shown('08864000', 'B32 ')).toBe('bndr');
    expect(shown('80000000', 'B32 ')).toBe('oyyy');
  });

  it('is two words of the PGP word list, of two syllables and of three', () => {
    expect([TWO_SYLLABLES, THREE_SYLLABLES].map((list) => new Set(list).size)).toEqual([256, 256]);
    expect(shown('e5820000', 'B256')).toBe('topmost Istanbul');
    expect(shown('94f20000', 'B256')).toBe('Pluto vagabond');
    expect(shown('00000000', 'B256')).toBe('aardvark adroitness');
    expect(shown('ffff0000', 'B256')).toBe('Zulu Yucatan');
    // They stand by the alphabet, but for Apollo.
    const lists = [TWO_SYLLABLES, THREE_SYLLABLES].map((list) =>
      list.map((one) => one.toLowerCase()).filter((one) => one !== 'apollo'),
    );
    for (const list of lists) expect(list).toEqual([...list].sort());
  });

  it('has the words that an OpenPGP fingerprint is read with', () => {
    const bytes = Buffer.from('41559711308F2A21B9D5072D621958AFCB50B5F9', 'hex');
    const words = [...bytes].map((byte, at) => (at % 2 ? THREE_SYLLABLES : TWO_SYLLABLES)[byte]);
    expect(words.join(' ')).toBe(
      'cranky equipment preshrunk Babylon chairlift midsummer brickyard Camelot sentence specialist ahead clergyman flagpole bottomless endorse pharmacy spheroid embezzle scorecard Waterloo',
    );
  });
});
