// Shows RFC 5626.

import { describe, expect, it } from 'vitest';
import { Fleet, peakOf } from './fleet';
import { FleetOfMachines } from './fleet-of-machines';

const CAMERAS = 10_000;
/** What their registrar shall hear at most, cameras a second. */
const LIMIT = 200;

describe('ten thousand cameras whose registrar restarts', () => {
  it('come back over TCP at fewer than 200 a second, though it is there again at once', () => {
    const fleet = new Fleet(CAMERAS, 1);
    fleet.start(250_000);
    expect(fleet.registered).toBe(CAMERAS);
    const since = fleet.clock.now();
    fleet.registrar.restart();
    fleet.clock.advance(110_000);
    expect(fleet.registered).toBe(CAMERAS);
    const peak = peakOf(fleet.registrar.heard, since);
    expect(peak).toBeLessThanOrEqual(LIMIT);
    // So fast that nobody waits for nothing.
    expect(peak).toBeGreaterThan(LIMIT / 2);
  });

  it.each([
    ['TCP', 20, 225],
    ['UDP', 30, 160],
    ['UDP', 900, 340],
  ] as const)(
    'by %s, away for %d s, are back within %d s at that rate',
    (protocol, awayS, backS) => {
      const fleet = new FleetOfMachines(CAMERAS, protocol, 250_000);
      fleet.restart(awayS * 1000);
      const since = fleet.clock.now();
      fleet.clock.advance(backS * 1000);
      expect(fleet.registered.size).toBe(CAMERAS);
      expect(peakOf(fleet.heard, since)).toBeLessThanOrEqual(LIMIT);
    },
  );
});
