// Shows RFC 4568.

import { describe, expect, it } from 'vitest';
import { describeCrypto, parseCrypto } from '../../src/sdp/crypto';

const KEY = 'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj';
const MASTER = [...Buffer.from(KEY, 'base64')];

describe('a=crypto', () => {
  it('is read as RFC 4568 §4.1 has it, with a lifetime, an MKI and a window', () => {
    expect(parseCrypto(`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^20|1:4 WSH=64`)).toEqual({
      tag: 1,
      name: 'AES_CM_128_HMAC_SHA1_80',
      suite: 'AES_CM_128_HMAC_SHA1_80',
      key: { master: MASTER, mki: [0, 0, 0, 1] },
    });
  });

  it.each([
    [`inline:${KEY}|2^31`, undefined],
    [`inline:${KEY}|1048576`, undefined],
    [`inline:${KEY}|1:1`, [1]],
    [`inline:${KEY}|2^48|66051:3`, [1, 2, 3]],
    [`INLINE:${KEY}`, undefined],
  ])('takes %s', (keys, mki) => {
    expect(parseCrypto(`7 AES_CM_128_HMAC_SHA1_32 ${keys}`)?.key).toEqual({
      master: MASTER,
      ...(mki ? { mki } : {}),
    });
  });

  it.each([
    ['AES_256_CM_HMAC_SHA1_80', 46],
    ['AES_256_CM_HMAC_SHA1_32', 46],
    ['AES_CM_256_HMAC_SHA1_80', 46],
    ['AEAD_AES_128_GCM', 28],
    ['AEAD_AES_256_GCM', 44],
  ])(
    'knows %s with %i bytes, padded or not, and writes it under the name it came by',
    (name, bytes) => {
      const key = Buffer.alloc(bytes, 7).toString('base64');
      const line = parseCrypto(`2 ${name} inline:${key}`);
      expect(line?.key.master).toHaveLength(bytes);
      expect(parseCrypto(`2 ${name} inline:${key.replace(/=+$/, '')}`)).toEqual(line);
      expect(line && describeCrypto(line)).toEqual({ id: 2, suite: name, config: `inline:${key}` });
    },
  );

  it.each([
    ['', 'nothing'],
    [`x AES_CM_128_HMAC_SHA1_80 inline:${KEY}`, 'a tag that is no number'],
    [`1 F8_128_HMAC_SHA1_80 inline:${KEY}`, 'another suite'],
    [`1 constructor inline:${KEY}`, 'a name of Object'],
    ['1 AES_CM_128_HMAC_SHA1_80 inline:AAAA', 'a key that is too short'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}AAAA`, 'a key that is too long'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY.slice(1)}!`, 'what is no Base64'],
    [`1 AES_CM_128_HMAC_SHA1_80 uri:${KEY}`, 'another method'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|1:4;inline:${KEY}|2:4`, 'two keys'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^49`, 'a lifetime beyond the index'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|soon`, 'a lifetime that is none'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|0`, 'no lifetime at all'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|256:1`, 'an MKI that does not fit its length'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|1:17`, 'an MKI longer than fits'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|1:0`, 'an MKI of no length'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^20|1:4|x`, 'more than there is'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY} KDR=1`, 'keys derived anew'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY} UNENCRYPTED_SRTP`, 'no encryption'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY} WSH=64 UNAUTHENTICATED_SRTP`, 'no authentication'],
    [`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY} WSH=64 NEW=1`, 'a parameter unknown'],
  ])('passes over %s: %s', (value) => {
    expect(parseCrypto(value)).toBeUndefined();
  });

  it('passes by a parameter that its sender lets one pass by', () => {
    expect(parseCrypto(`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY} -NEW=1 WSH=128`)?.tag).toBe(1);
  });
});
