import { describe, expect, it } from 'vitest';
import { expiryOf, knowsTheDay } from '../../src/platform';

const expires = new Date('2027-03-01T12:00:00Z');

describe('a certificate that runs out', () => {
  it.each([
    ['2027-01-29T11:00:00Z', []],
    ['2027-01-29T13:00:00Z', ['ours runs out on 2027-03-01, in 30 days']],
    ['2027-02-28T13:00:00Z', ['ours runs out on 2027-03-01, in 0 days']],
    ['2027-03-01T13:00:00Z', ['ours ran out on 2027-03-01, 1 days ago']],
    ['2027-03-04T11:00:00Z', ['ours ran out on 2027-03-01, 3 days ago']],
  ])('is told of on %s as %j', (now, words) => {
    expect(expiryOf('ours', expires, new Date(now))).toEqual(words);
  });

  it('is not told of while nobody knows what day it is', () => {
    expect(knowsTheDay(new Date(0))).toBe(false);
    expect(expiryOf('ours', new Date(1000), new Date(0))).toEqual([]);
  });
});
