import type { SrtpKey, SrtpSuite } from './types';

/** Bytes of master key and salt together. */
const MASTER_BYTES: Readonly<Record<SrtpSuite, number>> = {
  AEAD_AES_256_GCM: 44,
  AEAD_AES_128_GCM: 28,
  AES_256_CM_HMAC_SHA1_80: 46,
  AES_256_CM_HMAC_SHA1_32: 46,
  AES_CM_128_HMAC_SHA1_80: 30,
  AES_CM_128_HMAC_SHA1_32: 30,
};

/**
 * What we offer, in order of preference; all suites are answered. A tag of 32 bits is for those who
 * have nothing better.
 */
export const OFFERED_SUITES = [
  'AEAD_AES_256_GCM',
  'AEAD_AES_128_GCM',
  'AES_256_CM_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_80',
] as const satisfies readonly SrtpSuite[];

/** Names that others use for those of RFC 6188, which they are answered under. */
const ALIASES: Readonly<Record<string, SrtpSuite>> = {
  AES_CM_256_HMAC_SHA1_80: 'AES_256_CM_HMAC_SHA1_80',
  AES_CM_256_HMAC_SHA1_32: 'AES_256_CM_HMAC_SHA1_32',
};

/** RFC 4568 §6.1 lets it be 128; no more than this fits behind a packet. */
const MAX_MKI_BYTES = 16;

/** One `a=crypto` of SDES (RFC 4568): a suite, and the key that its sender encrypts with. */
export interface CryptoLine {
  readonly tag: number;
  /** As it was written. */
  readonly name: string;
  readonly suite: SrtpSuite;
  readonly key: SrtpKey;
}

/** A line with a new key, for `newKey` of so many bytes. */
export function createCrypto(
  { tag, name, suite }: Pick<CryptoLine, 'tag' | 'name' | 'suite'>,
  newKey: (bytes: number) => Uint8Array,
): CryptoLine {
  return { tag, name, suite, key: { master: [...newKey(MASTER_BYTES[suite])] } };
}

/** Those of all suites that we offer, each with a key of its own (RFC 4568 §6.1). */
export function offeredCrypto(newKey: (bytes: number) => Uint8Array): CryptoLine[] {
  return OFFERED_SUITES.map((suite, index) =>
    createCrypto({ tag: index + 1, name: suite, suite }, newKey),
  );
}

/** As sdp-transform writes it. */
export function describeCrypto({ tag, name, key }: CryptoLine): {
  id: number;
  suite: string;
  config: string;
} {
  const inline = Buffer.from(key.master).toString('base64');
  return { id: tag, suite: name, config: `inline:${inline}` };
}

/** The value of an `a=crypto` that we can use; undefined for any other (RFC 4568 §9.1). */
export function parseCrypto(value: string): CryptoLine | undefined {
  const [tag = '', name = '', keys = '', ...parameters] = value.split(' ');
  const suite = suiteOf(name);
  const key = suite && parseKey(keys, MASTER_BYTES[suite]);
  if (!/^\d{1,9}$/.test(tag) || !suite || !key || !parameters.every(isHarmless)) return undefined;
  return { tag: Number(tag), name, suite, key };
}

function suiteOf(name: string): SrtpSuite | undefined {
  const upper = name.toUpperCase();
  return (
    ALIASES[upper] ??
    Object.keys(MASTER_BYTES)
      .filter(isSuite)
      .find((it) => it === upper)
  );
}

function isSuite(name: string): name is SrtpSuite {
  return name in MASTER_BYTES;
}

/**
 * RFC 4568 §9.2, `inline:key|lifetime|MKI:length`. Of several keys we could not tell when which is
 * meant, and nobody was seen to send them: such a line is passed over.
 */
function parseKey(text: string, bytes: number): SrtpKey | undefined {
  const [method = '', info = '', ...more] = text.split(':');
  if (method.toLowerCase() !== 'inline' || text.includes(';')) return undefined;
  const [base64 = '', ...rest] = [info, ...more].join(':').split('|');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const master = [...Buffer.from(base64, 'base64')];
  if (master.length !== bytes) return undefined;
  const [first] = rest;
  const hasLifetime = first !== undefined && !first.includes(':');
  if (hasLifetime && !isLifetime(first)) return undefined;
  const [mki, ...excess] = hasLifetime ? rest.slice(1) : rest;
  if (excess.length > 0) return undefined;
  if (mki === undefined) return { master };
  const identifier = parseMki(mki);
  return identifier && { master, mki: identifier };
}

/** RFC 4568 §6.1: packets, as 2^n or as they are. Whoever made the key counts them, and makes a new one. */
function isLifetime(text: string): boolean {
  const [, power, count] = /^(?:2\^(\d{1,2})|(\d{1,15}))$/.exec(text) ?? [];
  const packets = power === undefined ? Number(count) : 2 ** Number(power);
  return packets >= 1 && packets <= 2 ** 48;
}

/** `value:length`, the value in so many bytes. */
function parseMki(text: string): number[] | undefined {
  const [, digits = '', count = ''] = /^(\d{1,40}):(\d{1,3})$/.exec(text) ?? [];
  const length = Number(count);
  if (length < 1 || length > MAX_MKI_BYTES) return undefined;
  const hex = BigInt(digits).toString(16);
  if (hex.length > 2 * length) return undefined;
  return [...Buffer.from(hex.padStart(2 * length, '0'), 'hex')];
}

/**
 * A session parameter that changes nothing for us: RFC 4568 §6.3.6 hints at a window, §6.3.7 lets one
 * be passed over that begins with a hyphen. Any other, known or not, asks for what is not done here: to
 * send in the clear, to derive keys anew, forward error correction.
 */
function isHarmless(parameter: string): boolean {
  return parameter === '' || parameter.startsWith('-') || /^WSH=\d+$/i.test(parameter);
}
