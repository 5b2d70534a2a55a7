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
