import type { Params } from './params';

/**
 * A challenge or credentials (RFC 3261 §20.7, §20.27, §20.28, §20.44): `Digest realm="a",nonce="b"`.
 * `params.get` gives values without quotes.
 */
export class AuthValue {
  constructor(
    readonly scheme: string,
    readonly params: Params,
  ) {}

  toString(): string {
    return `${this.scheme} ${this.params.format(', ').slice(2)}`;
  }
}
