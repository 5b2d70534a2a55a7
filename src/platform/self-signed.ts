import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** DER (X.690): a tag, the length of what follows, and that. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const digits = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, 0x80 | digits.length, ...digits), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts);
const octets = (content: Uint8Array): Buffer => der(0x04, content);
const objectId = (...encoded: readonly number[]): Buffer => der(0x06, Buffer.from(encoded));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
/** With none of the bits of its last octet unused. */
const bits = (content: Uint8Array): Buffer => der(0x03, Buffer.of(0), content);
const TRUE = der(0x01, Buffer.of(0xff));

/** RFC 5758 §3.2. */
const ECDSA_WITH_SHA256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = objectId(0x55, 0x04, 0x03);
/** RFC 5280 §4.2.1. */
const SUBJECT_KEY_ID = objectId(0x55, 0x1d, 0x0e);
const KEY_USAGE = objectId(0x55, 0x1d, 0x0f);
const SUBJECT_ALT_NAME = objectId(0x55, 0x1d, 0x11);
const BASIC_CONSTRAINTS = objectId(0x55, 0x1d, 0x13);
const EXTENDED_KEY_USAGE = objectId(0x55, 0x1d, 0x25);
const SERVER_AUTH = objectId(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01);

/**
 * From before any camera to the end of all time (RFC 5280 §4.1.2.5): a camera does not always know what day it
 * is, and a certificate that nobody vouches for gains nothing by an end.
 */
const VALIDITY = sequence(
  der(0x17, Buffer.from('000101000000Z')),
  der(0x18, Buffer.from('99991231235959Z')),
);

/**
 * A self-signed certificate (X.509 v3, RFC 5280) of a P-256 key for these names and addresses, as PEM. Node reads
 * certificates and makes none.
 * @param serial 16 random octets.
 */
export function selfSigned(key: KeyObject, names: readonly string[], serial: Uint8Array): string {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(COMMON_NAME, utf8('dashvoip'))));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    // Positive, and of no more than 20 octets (§4.1.2.2).
    der(0x02, Buffer.of(0x40 | ((serial[0] ?? 0) >> 2)), serial.subarray(1, 16)),
    ...[ECDSA_WITH_SHA256, name, VALIDITY, name, publicKey],
    der(0xa3, sequence(...extensions(publicKey, names))),
  );
  const signature = sign('sha256', toBeSigned, key);
  return pem(sequence(toBeSigned, ECDSA_WITH_SHA256, bits(signature)));
}

function extensions(publicKey: Uint8Array, names: readonly string[]): Buffer[] {
  // §4.2.1.2 (1) takes the key's bits alone; any digest of it will do.
  const keyId = createHash('sha1').update(publicKey).digest();
  return [
    sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence())),
    // digitalSignature: the first bit of eight.
    sequence(KEY_USAGE, TRUE, octets(der(0x03, Buffer.of(7, 0x80)))),
    sequence(EXTENDED_KEY_USAGE, octets(sequence(SERVER_AUTH))),
    sequence(SUBJECT_KEY_ID, octets(octets(keyId))),
    sequence(SUBJECT_ALT_NAME, octets(sequence(...names.map(generalName)))),
  ];
}

/** dNSName [2] or iPAddress [7] (RFC 5280 §4.2.1.6). */
function generalName(name: string): Buffer {
  switch (isIP(name)) {
    case 4:
      return der(0x87, Buffer.from(name.split('.').map(Number)));
    case 6:
      return der(0x87, ipv6Octets(name));
    default:
      return der(0x82, Buffer.from(name, 'latin1'));
  }
}

function ipv6Octets(address: string): Buffer {
  // A last part in dotted form becomes two groups, and the whole its short form (RFC 5952).
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [front = '', back] = short.split('::');
  const groupsOf = (text: string): string[] => text.split(':').filter((group) => group !== '');
  const [first, last] = [groupsOf(front), groupsOf(back ?? '')];
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  const groups = back === undefined ? first : [...first, ...zeros, ...last];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function pem(certificate: Uint8Array): string {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
