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
  const { cos, sin } = twiddles(size);
  reorder(re, im);
  for (let span = 1; span < size; span *= 2) {
    const stride = size / (2 * span);
    for (let start = 0; start < size; start += 2 * span) {
      for (let k = 0; k < span; k += 1) {
        const a = start + k;
        const b = a + span;
        const wr = at(cos, k * stride);
        const wi = sign * at(sin, k * stride);
        const tr = at(re, b) * wr - at(im, b) * wi;
        const ti = at(re, b) * wi + at(im, b) * wr;
        re[b] = at(re, a) - tr;
        im[b] = at(im, a) - ti;
        re[a] = at(re, a) + tr;
        im[a] = at(im, a) + ti;
      }
    }
  }
}

interface Twiddles {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const known = new Map<number, Twiddles>();

/** Cosine and sine of the first half of the circle in steps of 1/size. */
function twiddles(size: number): Twiddles {
  const former = known.get(size);
  if (former) return former;
  const angle = (index: number): number => (2 * Math.PI * index) / size;
  const made = {
    cos: Float64Array.from({ length: size / 2 }, (_, index) => Math.cos(angle(index))),
    sin: Float64Array.from({ length: size / 2 }, (_, index) => Math.sin(angle(index))),
  };
  known.set(size, made);
  return made;
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
