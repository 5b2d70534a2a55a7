// Shows RFC 5626.

import { describe, expect, it } from 'vitest';
import { Fleet, peakOf } from './fleet';
import { FleetOfMachines } from './fleet-of-machines';

/** What a registrar of ten thousand cameras shall hear at most, cameras a second. */
const CAMERAS = 10_000;
const LIMIT = 200;

describe('ten thousand cameras whose registrar restarts', () => {
  it('come back over TCP at fewer than 200 a second, though it is there again at once', () => {
    // All of a registration with its requests: a quarter of them within any four seconds is as many as all within one.
    const fleet = new Fleet(CAMERAS / 4, 1);
    fleet.start(250_000);
    expect(fleet.registered).toBe(CAMERAS / 4);
    const since = fleet.clock.now();
    fleet.registrar.restart();
    fleet.clock.advance(110_000);
    expect(fleet.registered).toBe(CAMERAS / 4);
    const peak = peakOf(fleet.registrar.heard, since, 4000);
    expect(peak).toBeLessThanOrEqual(LIMIT);
    // So fast that nobody waits for nothing.
    expect(peak).toBeGreaterThan(LIMIT / 2);
  });

  // What decides alone, all ten thousand; decision 13 has the figures of all absences up to a quarter of an hour. By UDP the worst
  // are those of three to four minutes: refreshes still fall due, and what is tried after them comes as often again.
  it.each([
    ['TCP', 0, 110],
    ['UDP', 30, 160],
    ['UDP', 200, 340],
    ['UDP', 240, 340],
  ] as const)(
    'by %s, away for %d s, are back within %d s at that rate',
    (protocol, awayS, backS) => {
      const fleet = new FleetOfMachines(CAMERAS, protocol, 250_000);
      fleet.restart(awayS * 1000);
      const since = fleet.clock.now();
      fleet.clock.advance(backS * 1000);
      expect(fleet.registered.size).toBe(CAMERAS);
      expect(peakOf(fleet.heard, since, 1000)).toBeLessThanOrEqual(LIMIT);
    },
  );
});
