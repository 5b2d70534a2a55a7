import { describe, expect, it } from 'vitest';
import { type NetworkState, NetworkWatch, systemNetwork } from '../../src/platform';
import { VirtualClock } from '../support/virtual-clock';

const HOME: NetworkState = { addresses: ['wlan0 192.0.2.7'], routes: ['wlan0 0 192.0.2.1'] };
const NONE: NetworkState = { addresses: [], routes: [] };

const watched = (first: NetworkState) => {
  const clock = new VirtualClock();
  const set = { clock, state: first, changes: 0 };
  const watch = new NetworkWatch(
    () => set.state,
    clock,
    () => set.changes++,
  );
  watch.start();
  /** What follows within a quarter of a second when the kernel says that something has changed. */
  const become = (state: NetworkState): number => {
    const before = set.changes;
    set.state = state;
    watch.told();
    clock.advance(249);
    return set.changes - before;
  };
  return { ...set, watch, become };
};

describe('a network that is watched', () => {
  it('says nothing while it stays as it is, in whatever order it is listed', () => {
    const two = { ...HOME, addresses: ['a 192.0.2.1', 'b 192.0.2.2'] };
    const { become } = watched(two);
    expect(become(two)).toBe(0);
    expect(become({ ...two, addresses: ['b 192.0.2.2', 'a 192.0.2.1'] })).toBe(0);
  });

  it.each([
    ['has another address', { ...HOME, addresses: ['wlan0 192.0.2.8'] }],
    ['has the same address at another interface', { ...HOME, addresses: ['eth0 192.0.2.7'] }],
    ['loses its route', { ...HOME, routes: [] }],
    ['leads elsewhere', { ...HOME, routes: ['wwan0 0 198.51.100.1'] }],
    ['has a second interface', { ...HOME, addresses: [...HOME.addresses, 'wwan0 198.51.100.9'] }],
  ])('that %s tells it once, a moment after the kernel', (_, state) => {
    const { become } = watched(HOME);
    expect(become(state)).toBe(1);
    expect(become(state)).toBe(0);
  });

  it('is looked at once for all that the kernel says in a moment', () => {
    const clock = new VirtualClock();
    let looks = 0;
    const look = () => ({ addresses: [`a ${looks++}`], routes: [] });
    const watch = new NetworkWatch(look, clock, () => undefined);
    watch.start();
    for (let i = 0; i < 20; i += 1) {
      watch.told();
      clock.advance(9);
    }
    expect(looks).toBe(1);
    clock.advance(20);
    expect(looks).toBe(2);
    watch.told();
    clock.advance(200);
    expect(looks).toBe(3);
  });

  it('is looked at twice a minute where the kernel says nothing', () => {
    const silent = { clock: new VirtualClock(), changes: 0, state: HOME };
    const other = new NetworkWatch(
      () => silent.state,
      silent.clock,
      () => silent.changes++,
    );
    other.start();
    silent.state = { ...HOME, routes: [] };
    silent.clock.advance(29_999);
    expect(silent.changes).toBe(0);
    silent.clock.advance(1);
    expect(silent.changes).toBe(1);
  });

  it('that goes is told when it is back', () => {
    const { become } = watched(HOME);
    expect(become(NONE)).toBe(0);
    expect(become(HOME)).toBe(1);
  });

  it('that was not there at the start is told when it comes', () => {
    expect(watched(NONE).become(HOME)).toBe(1);
  });

  it('is not looked at any more once nobody wants to know', () => {
    const { watch, clock, become } = watched(HOME);
    watch.stop();
    expect(become(NONE) + become(HOME)).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('of one address alone is whether that is there', () => {
    expect(systemNetwork('127.0.0.1')).toEqual({ addresses: ['127.0.0.1'], routes: [] });
    expect(systemNetwork('198.51.100.77')).toEqual({ addresses: [], routes: [] });
    for (const address of systemNetwork('0.0.0.0').addresses) {
      expect(address).not.toContain(' 127.');
    }
  });
});
