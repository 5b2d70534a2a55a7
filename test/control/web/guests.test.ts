import { beforeEach, describe, expect, it } from 'vitest';
import { Guests } from '../../../src/control/web/guests';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';

const up = new Set<number>();
let clock: VirtualClock;
let record: string;
let guests: Guests;
beforeEach(() => {
  up.clear();
  clock = new VirtualClock();
  record = 'a record';
  const calls = { isUp: (call: number) => up.has(call), end: (call: number) => up.delete(call) };
  guests = new Guests(clock, seededRandom(), () => record, calls);
});

const come = (forMs = 60_000) => {
  const token = guests.open(clock.now() + forMs, record);
  return { token, guest: guests.of(token) ?? expect.fail('no guest') };
};

describe('guests', () => {
  it('end with their calls, each at his own time, though nobody asks', () => {
    const [short, long] = [come(2000), come(5000)];
    for (const call of [1, 2]) up.add(call);
    guests.began(short.guest, 1);
    guests.began(long.guest, 2);
    clock.advance(2000);
    expect([...up]).toEqual([2]);
    clock.advance(3000);
    expect([...up]).toEqual([]);
    expect(guests.count).toBe(0);
    expect(guests.of(long.token)).toBeUndefined();
  });

  it('are looked at only while there is one', () => {
    come(1500);
    clock.advance(10_000);
    expect(clock.pendingTimers).toBe(0);
    come(1500);
    expect(clock.pendingTimers).toBe(1);
    guests.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('whose time ends while their call is being answered have it ended', () => {
    const { guest } = come(1000);
    clock.advance(1000);
    up.add(1);
    guests.began(guest, 1);
    expect([...up]).toEqual([]);
  });

  it('have as many calls as are up, however many there were', () => {
    const { guest } = come();
    up.add(1);
    for (let call = 2; call <= 50; call++) {
      up.add(call);
      guests.began(guest, call);
      up.delete(call);
    }
    guests.began(guest, 1);
    expect([...guest.calls]).toEqual([1]);
    guests.close();
    expect([...up]).toEqual([]);
  });

  it('end when there is another record of the password', () => {
    const { token, guest } = come();
    up.add(1);
    guests.began(guest, 1);
    record = 'another one';
    expect(guests.of(token)).toBeUndefined();
    clock.advance(1000);
    expect([...up]).toEqual([]);
  });
});
