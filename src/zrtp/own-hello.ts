import type { Random } from '../platform';
import { OURS } from './algorithms';
import { HashChain, sealed, sha256 } from './hash-chain';
import { VERSION, writeMessage } from './message';

/** Sixteen characters (RFC 6189 §5.2). */
const CLIENT = 'dashvoip'.padEnd(16);

/** How a stream of ours begins, and the chain that proves that the rest comes from us. */
export class OwnHello {
  readonly chain: HashChain;
  readonly message: Buffer;

  constructor(zid: Buffer, random: Random) {
    this.chain = new HashChain(random);
    const { hashes, ciphers, tags, agreements, renderings } = OURS;
    const lists = [hashes, ciphers, tags, agreements, renderings];
    const counts = lists.reduce((sum, { length }) => (sum << 4) | length, 0);
    const flags = Buffer.alloc(4);
    flags.writeUInt32BE(counts);
    const names = Buffer.from(`${VERSION}${CLIENT}`, 'latin1');
    const algorithms = Buffer.from(lists.flat().join(''), 'latin1');
    const { h2, h3 } = this.chain;
    this.message = sealed(writeMessage('Hello', names, h3, zid, flags, algorithms), h2);
  }

  /** The value of `a=zrtp-hash` (§8): whoever trusts the description knows this message. */
  get hash(): string {
    return helloHash(this.message);
  }
}

export function helloHash(message: Uint8Array): string {
  return `${VERSION} ${sha256(message).toString('hex')}`;
}
