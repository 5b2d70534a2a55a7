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
