/** Complex numbers as two arrays, the length a power of two. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function powerOfTwoAtLeast(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, count)));
}

/** Forward transform of real samples, padded with zeros to `size`. */
export function forward(samples: Float64Array, size: number): Spectrum {
  const re = new Float64Array(size);
  re.set(samples.length > size ? samples.subarray(0, size) : samples);
  const spectrum = { re, im: new Float64Array(size) };
  transform(spectrum, -1);
  return spectrum;
}

/** Inverse transform in place; the real part is returned, scaled. */
export function inverse(spectrum: Spectrum): Float64Array {
  transform(spectrum, 1);
  const size = spectrum.re.length;
  return spectrum.re.map((value) => value / size);
}

/** Iterative radix-2 transform in place; `sign` -1 is forward. */
function transform({ re, im }: Spectrum, sign: 1 | -1): void {
  const size = re.length;
  reorder(re, im);
  for (let span = 1; span < size; span *= 2) {
    const angle = (sign * Math.PI) / span;
    for (let k = 0; k < span; k += 1) {
      const wr = Math.cos(angle * k);
      const wi = Math.sin(angle * k);
      for (let a = k; a < size; a += 2 * span) {
        const b = a + span;
        const br = at(re, b);
        const bi = at(im, b);
        const tr = br * wr - bi * wi;
        const ti = br * wi + bi * wr;
        re[b] = at(re, a) - tr;
        im[b] = at(im, a) - ti;
        re[a] = at(re, a) + tr;
        im[a] = at(im, a) + ti;
      }
    }
  }
}

function reorder(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i += 1) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
    if (i < j) {
      const r = at(re, i);
      const m = at(im, i);
      re[i] = at(re, j);
      im[i] = at(im, j);
      re[j] = r;
      im[j] = m;
    }
  }
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
