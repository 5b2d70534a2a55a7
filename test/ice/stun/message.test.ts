// Shows RFC 8489, 5769.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  ATTRIBUTE,
  addressValue,
  encodeStun,
  METHOD,
  numberValue,
  StunMessage,
  textValue,
} from '../../../src/ice/stun';
import { seededRandom } from '../../support/seeded-random';

const octets = (text: string): Uint8Array => Buffer.from(text.replace(/\s+/g, ''), 'hex');

/** RFC 5769 §2.1. */
const REQUEST = octets(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff 80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`);
/** §2.2. */
const RESPONSE = octets(`
  0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
  8022000b 74657374 20766563 746f7220
  00200008 0001a147 e112a643
  00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
  80280004 c07d4c96`);
/** §2.3. */
const RESPONSE_IPV6 = octets(`
  01010048 2112a442 b7e7a701 bc34d686 fa87dfae
  8022000b 74657374 20766563 746f7220
  00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
  00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
  80280004 c8fb0b4c`);
/** §2.4. */
const LONG_TERM = octets(`
  00010060 2112a442 78ad3433 c6ad72c0 29da412e
  00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
  0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
  0014000b 6578616d 706c652e 6f726700
  00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666`);
const PASSWORD = textValue('VOkJxbRl1RmTxUk/WvJxBt');

function read(bytes: Uint8Array): StunMessage {
  const message = StunMessage.decode(bytes);
  if (!message) throw new Error('expected a message of STUN');
  return message;
}

describe('a STUN message', () => {
  it('is read as RFC 5769 §2.1 has it', () => {
    const message = read(REQUEST);
    expect(message.method).toBe(METHOD.binding);
    expect(message.kind).toBe('request');
    expect(message.text(ATTRIBUTE.username)).toBe('evtj:h6vY');
    expect(message.number(ATTRIBUTE.priority)).toBe(0x6e0001ff);
    expect(message.token(ATTRIBUTE.iceControlled)).toEqual(octets('932ff9b1 51263b36'));
    expect(message.value(ATTRIBUTE.fingerprint)).toEqual(octets('e57a3bcf'));
    expect(message.isProvedBy(PASSWORD)).toBe(true);
    expect(message.isProvedBy(textValue('another'))).toBe(false);
    expect(message.unknownRequired).toEqual([]);
  });

  it('names addresses as §2.2 and §2.3 have them', () => {
    const [four, six] = [read(RESPONSE), read(RESPONSE_IPV6)];
    expect(four.isProvedBy(PASSWORD)).toBe(true);
    expect(four.mappedAddress).toEqual({ address: '192.0.2.1', port: 32853 });
    expect(six.isProvedBy(PASSWORD)).toBe(true);
    expect(six.mappedAddress).toEqual({
      address: '2001:db8:1234:5678:11:2233:4455:6677',
      port: 32853,
    });
  });

  it('is proved by long-term credentials as §2.4 has them', () => {
    const text = 'マトリックス:example.org:TheMatrIX';
    const key = createHash('md5').update(text).digest();
    expect(read(LONG_TERM).isProvedBy(key)).toBe(true);
  });

  it('is written so that it is read again', () => {
    const transaction = seededRandom(1).bytes(12);
    const from = { address: '2001:db8::7', port: 5004 };
    const bytes = encodeStun({
      method: METHOD.channelBind,
      kind: 'error',
      transaction,
      attributes: [
        { type: ATTRIBUTE.xorPeerAddress, value: addressValue(from, transaction) },
        { type: ATTRIBUTE.lifetime, value: numberValue(600) },
      ],
      key: PASSWORD,
      hasFingerprint: true,
    });
    const message = read(bytes);
    expect([message.method, message.kind]).toEqual([METHOD.channelBind, 'error']);
    expect(message.address(ATTRIBUTE.xorPeerAddress)).toEqual(from);
    expect(message.number(ATTRIBUTE.lifetime)).toBe(600);
    expect(message.isProvedBy(PASSWORD)).toBe(true);
  });

  it('is none, or none with a fingerprint that is proved, with any octet changed', () => {
    for (let at = 0; at < REQUEST.length; at++) {
      const bytes = Uint8Array.from(REQUEST);
      bytes[at] = (bytes[at] ?? 0) ^ 0x40;
      const message = StunMessage.decode(bytes);
      const isTaken = message?.value(ATTRIBUTE.fingerprint) && message.isProvedBy(PASSWORD);
      expect(isTaken ?? false, `octet ${at}`).toBe(false);
    }
  });

  it('is read to its end and no further, whatever stands in it', () => {
    for (let length = 0; length < REQUEST.length; length++)
      expect(StunMessage.decode(REQUEST.subarray(0, length))).toBeUndefined();
    const random = seededRandom(5);
    for (let round = 0; round < 2000; round++) {
      const noise = Buffer.from(random.bytes(20 + (round % 64)));
      noise.writeUInt16BE(round % 0x3fff, 0);
      noise.writeUInt16BE(noise.length - 20, 2);
      noise.writeUInt32BE(0x2112a442, 4);
      const message = StunMessage.decode(noise);
      expect(message?.isProvedBy(PASSWORD) ?? false).toBe(false);
    }
  });

  it('says nothing behind its integrity', () => {
    const transaction = seededRandom(2).bytes(12);
    const parts = { method: METHOD.binding, kind: 'request', transaction } as const;
    const proved = Buffer.from(encodeStun({ ...parts, attributes: [], key: PASSWORD }));
    const added = Buffer.concat([proved, octets('0006 0004 61626364')]);
    added.writeUInt16BE(added.length - 20, 2);
    const message = read(added);
    expect(message.isProvedBy(PASSWORD)).toBe(true);
    expect(message.text(ATTRIBUTE.username)).toBeUndefined();
  });
});
