// Shows RFC 5407.

import { describe, expect, it } from 'vitest';
import { chosenSeeds, inWords, PARTS, partOf, SEEDS } from '../support/dialog-seeds';
import { runDialogs } from '../support/random-dialogs';

/** Runs of one test: a failure names its seed, and the others go on. */
const OF_ONE_TEST = 50;

const { first, last } = chosenSeeds();
const tests = Array.from({ length: Math.ceil((last - first + 1) / OF_ONE_TEST) }, (_, place) => {
  const from = first + place * OF_ONE_TEST;
  return [from, Math.min(from + OF_ONE_TEST - 1, last)] as const;
});

describe(`two user agents agree in the end (${inWords({ first, last })})`, () => {
  it.each(tests)('seeds %i to %i', { timeout: 120_000 }, (from, to) => {
    const failures: string[] = [];
    for (let seed = from; seed <= to; seed++) {
      try {
        runDialogs(seed);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failures.push(`seed ${seed} (alone: ${inWords({ first: seed, last: seed })}): ${reason}`);
      }
    }
    expect(failures).toEqual([]);
  });
});

describe('the parts of the seeds', () => {
  it('have each seed once, whatever their number', () => {
    const seeds = Array.from({ length: PARTS }, (_, part) => partOf(part)).flatMap((part) =>
      Array.from({ length: part.last - part.first + 1 }, (_, place) => part.first + place),
    );
    expect(seeds).toEqual(Array.from({ length: SEEDS }, (_, seed) => seed));
    expect(partOf(PARTS + 3)).toEqual(partOf(3));
  });

  it.each([
    ['4711', { first: 4711, last: 4711 }],
    ['0-49999', { first: 0, last: 49_999 }],
  ])('may be chosen: %s', (text, seeds) => {
    expect(chosenSeeds(text)).toEqual(seeds);
  });

  it.each(['', 'all', '5-', '9-3', '-4'])('may not be chosen by %j', (text) => {
    expect(() => chosenSeeds(text)).toThrow('DASHVOIP_RANDOM_DIALOGS: expected a seed, as 4711');
  });
});
