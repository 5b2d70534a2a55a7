import { describe, expect, it } from 'vitest';
import { frameGaps, readFrameNumbers, STRIP } from './frame-numbers';

function strip(number: number, black = 16, white = 235): Buffer {
  const picture = Buffer.alloc(STRIP.width * STRIP.height);
  for (let y = 0; y < STRIP.height; y += 1) {
    for (let x = 0; x < STRIP.width; x += 1) {
      const bit = (number >> (15 - Math.floor(x / 40))) & 1;
      picture[y * STRIP.width + x] = bit ? white : black;
    }
  }
  return picture;
}

describe('frame numbers', () => {
  it('are read from black and white blocks, most significant first', () => {
    const numbers = [0, 1, 2, 0x8001, 0xa5a5, 0xffff];
    const strips = numbers.map((number) => strip(number, 30, 210));
    expect(readFrameNumbers(Buffer.concat(strips))).toEqual(numbers);
  });

  it('are not guessed from grey', () => {
    expect(() => readFrameNumbers(strip(3, 16, 128))).toThrow('grey level 128');
  });
});

describe('frameGaps', () => {
  it('counts what is missing, across the end of the film too', () => {
    expect(frameGaps([5, 6, 7, 8], 300)).toBe(0);
    expect(frameGaps([5, 6, 9, 10], 300)).toBe(2);
    expect(frameGaps([298, 299, 0, 1], 300)).toBe(0);
    expect(frameGaps([298, 1], 300)).toBe(2);
    expect(frameGaps([], 300)).toBe(0);
  });

  it('takes a picture that came twice for a whole film missing but one', () => {
    expect(frameGaps([4, 4, 5], 300)).toBe(299);
  });
});
