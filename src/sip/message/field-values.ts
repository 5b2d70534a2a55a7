import { Params } from './params';

/** A type with parameters: Content-Type, Accept, Event, Reason, Subscription-State. */
export class TypedValue {
  constructor(
    /** As received, as `application/sdp`, `refer` or `SIP`. */
    readonly type: string,
    readonly params: Params = Params.EMPTY,
  ) {}

  /** `type/subtype` is compared without case (RFC 3261 §7.4.1). */
  is(type: string): boolean {
    return this.type.toLowerCase() === type.toLowerCase();
  }

  toString(): string {
    return `${this.type}${this.params}`;
  }
}

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

/** CSeq (RFC 3261 §20.16). A sequence number out of range is read as it stands and refused by the validator. */
export class CSeq {
  constructor(
    readonly sequence: number,
    readonly method: string,
  ) {}

  toString(): string {
    return `${this.sequence} ${this.method}`;
  }
}
