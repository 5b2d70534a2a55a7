import { describe, expect, it } from 'vitest';
import { BoundedMap } from '../../src/platform';

describe('bounded map', () => {
  it('keeps the youngest', () => {
    const map = new BoundedMap<number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('c', 3);
    expect([map.size, map.get('a'), map.keys(), map.values()]).toEqual([
      2,
      undefined,
      ['b', 'c'],
      [2, 3],
    ]);
  });

  it('makes what is set again the youngest, and loses nothing by it', () => {
    const map = new BoundedMap<number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    expect(map.keys()).toEqual(['b', 'a']);
    map.set('c', 4);
    expect(map.keys()).toEqual(['a', 'c']);
  });

  it('can be emptied', () => {
    const map = new BoundedMap<number>(2);
    map.set('a', 1);
    map.clear();
    expect(map.size).toBe(0);
  });
});
