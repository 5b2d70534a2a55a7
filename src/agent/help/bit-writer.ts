/** Values one after the other in as many bits as each needs: unaligned PER (ITU-T X.691). */
export class BitWriter {
  readonly #bits: boolean[] = [];

  /** A whole number, the highest bit first. */
  put(value: number, width: number): void {
    for (let bit = width - 1; bit >= 0; bit--) {
      this.#bits.push(Math.floor(value / 2 ** bit) % 2 === 1);
    }
  }

  flag(value: boolean): void {
    this.#bits.push(value);
  }

  /** Filled up with zeros. */
  get octets(): Uint8Array {
    const octets = new Uint8Array(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, place) => {
      if (bit) octets[place >> 3] = (octets[place >> 3] ?? 0) | (0x80 >> (place & 7));
    });
    return octets;
  }
}
