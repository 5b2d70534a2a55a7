/** A sentence has 82 characters (NMEA 0183); receivers have longer ones of their own. */
const MAX_LINE = 256;

/** Octets to lines. One that is too long is none, and takes no room. */
export class NmeaLines {
  #begun = '';
  #isTooLong = false;

  push(octets: Uint8Array): string[] {
    const pieces = Buffer.from(octets)
      .toString('latin1')
      .split(/[\r\n]+/);
    const last = pieces.length - 1;
    return pieces.flatMap((piece, place) => {
      this.#add(piece);
      return place < last ? this.end() : [];
    });
  }

  /** What has come is a line: a datagram needs no end of its own. */
  end(): string[] {
    const line = this.#isTooLong ? '' : this.#begun;
    this.#begun = '';
    this.#isTooLong = false;
    return line === '' ? [] : [line];
  }

  #add(piece: string): void {
    this.#isTooLong ||= this.#begun.length + piece.length > MAX_LINE;
    this.#begun = this.#isTooLong ? '' : this.#begun + piece;
  }
}
