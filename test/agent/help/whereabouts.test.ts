import { describe, expect, it } from 'vitest';
import { Whereabouts } from '../../../src/agent/help/whereabouts';
import { VirtualClock } from '../../support/virtual-clock';

const setUp = () => {
  const clock = new VirtualClock();
  const whereabouts = new Whereabouts(clock);
  return { clock, whereabouts, latitude: () => whereabouts.position?.latitude };
};
const at = (latitude: number, time?: string) => ({
  latitude,
  longitude: 0,
  ...(time === undefined ? {} : { time: `2026-11-27T${time}Z` }),
});

describe('of several that tell where the car is', () => {
  it('the one that was told last counts, whoever told it', () => {
    const { whereabouts, latitude } = setUp();
    for (const fix of [at(1), at(2, '06:30:00'), at(3), at(4, '06:29:00'), at(5, '06:29:00')]) {
      whereabouts.tell(fix);
      expect(latitude()).toBe(fix.latitude);
    }
  });

  it('one that is older than what is known takes no place', () => {
    const { clock, whereabouts, latitude } = setUp();
    whereabouts.tell(at(1, '06:30:00'));
    clock.advance(2000);
    whereabouts.tell(at(2, '06:29:59'));
    expect(whereabouts.position).toEqual({
      ...at(1),
      time: '2026-11-27T06:30:00.000Z',
      ageS: 2,
    });
    whereabouts.tell(at(3, '06:30:00.001'));
    expect(latitude()).toBe(3);
  });

  it('does after ten seconds: then a clock was put right', () => {
    const { clock, whereabouts, latitude } = setUp();
    whereabouts.tell(at(1, '06:30:00'));
    clock.advance(9999);
    whereabouts.tell(at(2, '05:30:00'));
    expect(latitude()).toBe(1);
    clock.advance(1);
    whereabouts.tell(at(3, '05:30:00'));
    expect(latitude()).toBe(3);
  });
});
