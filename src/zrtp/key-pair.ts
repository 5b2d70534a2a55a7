import {
  createECDH,
  createPublicKey,
  diffieHellman,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto';
import type { Agreement } from './algorithms';
import { BIT_STRING, bigInteger, derElements, derNumber, derOf, SEQUENCE } from './der';

declare module 'crypto' {
  /** Node has it from 12 on; its types have not. */
  function generateKeyPair(
    type: 'dh',
    options: { readonly group: string },
    done: (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) => void,
  ): void;
}

/** One end's part of a key agreement, good for one call. */
export interface KeyPair {
  readonly agreement: Agreement;
  /** As a message has it. */
  readonly publicValue: Buffer;
  /** DHResult (RFC 6189 §4.4.1.4); undefined for a value that nobody can have. */
  agree(publicValue: Buffer): Buffer | undefined;
}

const DH3K_BYTES = 384;
const EC25_BYTES = 64;

/** Numbers of 3072 bits are made beside the event loop: a slow processor takes a while. */
export function makeKeyPair(agreement: Agreement): Promise<KeyPair> {
  return agreement === 'DH3k' ? makeDh3k() : Promise.resolve(makeEc25());
}

function makeDh3k(): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    // getDiffieHellman() would do, but has Node 16 examine the well-known prime for seconds.
    generateKeyPair('dh', { group: 'modp15' }, (error, publicKey, privateKey) => {
      if (error) reject(error);
      else resolve(dh3kOf(publicKey, privateKey));
    });
  });
}

/** RFC 3526 §4, RFC 6189 §5.1.5. */
function dh3kOf(publicKey: KeyObject, privateKey: KeyObject): KeyPair {
  const { algorithm, prime, value: own } = partsOf(publicKey);
  return {
    agreement: 'DH3k',
    publicValue: Buffer.from(own.toString(16).padStart(2 * DH3K_BYTES, '0'), 'hex'),
    agree: (value) => {
      const theirs = bigInteger(value);
      if (value.length !== DH3K_BYTES || theirs <= 1n || theirs >= prime - 1n) return undefined;
      const bits = derOf(BIT_STRING, Buffer.concat([Buffer.of(0), derNumber(theirs)]));
      const key = derOf(SEQUENCE, Buffer.concat([algorithm, bits]));
      const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
      const result = diffieHellman({ privateKey, publicKey });
      return Buffer.concat([Buffer.alloc(DH3K_BYTES - result.length), result]);
    },
  };
}

/** SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), the way this Node writes it. */
function partsOf(key: KeyObject): { algorithm: Buffer; prime: bigint; value: bigint } {
  const [info] = derElements(key.export({ type: 'spki', format: 'der' }));
  const [algorithm, bits] = info ? derElements(info.content) : [];
  const [, parameters] = algorithm ? derElements(algorithm.content) : [];
  const [prime] = parameters ? derElements(parameters.content) : [];
  const [value] = bits ? derElements(bits.content.subarray(1)) : [];
  if (!algorithm || !prime || !value) throw new Error('expected a public key of DH, found another');
  return {
    algorithm: algorithm.whole,
    prime: bigInteger(prime.content),
    value: bigInteger(value.content),
  };
}

/** RFC 5114 §2.6, RFC 6189 §5.1.5: both coordinates; the result is the first one. */
function makeEc25(): KeyPair {
  const curve = createECDH('prime256v1');
  const publicValue = curve.generateKeys().subarray(1);
  return {
    agreement: 'EC25',
    publicValue,
    agree: (value) => {
      if (value.length !== EC25_BYTES) return undefined;
      try {
        return curve.computeSecret(Buffer.concat([Buffer.of(4), value]));
      } catch {
        // No point of the curve.
        return undefined;
      }
    },
  };
}
