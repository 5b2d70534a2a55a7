/**
 * One header field line of a message: a view of the text it came in, so that parsing copies
 * nothing until a value is asked for.
 */
export class HeaderField {
  constructor(
    /** As `canonicalName` gives it. */
    readonly name: string,
    /** As on the wire. */
    readonly spelling: string,
    /** The value is `text` from `start` to `end`, unfolded and without LWS around it. */
    readonly text: string,
    readonly start: number,
    readonly end: number,
  ) {}

  get value(): string {
    return this.text.slice(this.start, this.end);
  }
}
