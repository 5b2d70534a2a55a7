/** The number burned into each picture: 16 black or white blocks of 40 x 32 pixels, most significant first. */
const BITS = 16;
const BLOCK_WIDTH = 40;

/** The strip of the picture that has the number. */
export const STRIP = { width: BITS * BLOCK_WIDTH, height: 32 } as const;

/** Reads the numbers of consecutive strips of 8-bit grey. @throws Error when a block is neither black nor white. */
export function readFrameNumbers(strips: Buffer): number[] {
  const size = STRIP.width * STRIP.height;
  return Array.from({ length: Math.floor(strips.length / size) }, (_, index) =>
    readFrameNumber(strips.subarray(index * size, (index + 1) * size)),
  );
}

function readFrameNumber(strip: Buffer): number {
  let number = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const level = meanLevel(strip, bit * BLOCK_WIDTH);
    if (level > 100 && level < 155) {
      throw new Error(`block ${bit} of a frame number has grey level ${level.toFixed(0)}`);
    }
    number = number * 2 + (level > 127 ? 1 : 0);
  }
  return number;
}

/** Mean of the inner half of a block, where its neighbours do not smear into it. */
function meanLevel(strip: Buffer, left: number): number {
  let sum = 0;
  let count = 0;
  for (let y = STRIP.height / 4; y < (STRIP.height * 3) / 4; y += 1) {
    for (let x = left + BLOCK_WIDTH / 4; x < left + (BLOCK_WIDTH * 3) / 4; x += 1) {
      sum += strip[y * STRIP.width + x] ?? 0;
      count += 1;
    }
  }
  return sum / count;
}

/** Numbers missing from a series that counts up and begins again at `period`, where the camera's film is repeated. */
export function frameGaps(numbers: readonly number[], period: number): number {
  let missing = 0;
  for (let i = 1; i < numbers.length; i += 1) {
    const step = (numbers[i] ?? 0) - (numbers[i - 1] ?? 0);
    missing += (((step - 1) % period) + period) % period;
  }
  return missing;
}
