// Shows RFC 3263.

import { describe, expect, it } from 'vitest';
import { FailureMemory } from '../../../src/sip/resolve/failure-memory';
import type { Destination } from '../../../src/sip/transport';
import { VirtualClock } from '../../support/virtual-clock';

const at = (last: number): Destination => ({
  protocol: 'UDP',
  remote: { address: `10.0.0.${last}`, port: 5060 },
});
const ALL = [at(1), at(2), at(3)];

describe('what did not serve', () => {
  it('comes last, that which may be asked soonest first, for as long as it said', () => {
    const clock = new VirtualClock();
    const failures = new FailureMemory(clock);
    const order = (): string =>
      failures
        .inOrder(ALL)
        .map(({ remote }) => remote.address.slice(-1))
        .join('');
    failures.add(at(1), 60_000);
    failures.add(at(2), 20_000);
    expect(order()).toBe('321');
    clock.advance(20_000);
    expect(order()).toBe('231');
    clock.advance(40_000);
    expect(order()).toBe('123');
  });

  it('is believed for half an hour at most, and forgotten when it serves', () => {
    const clock = new VirtualClock();
    const failures = new FailureMemory(clock);
    failures.add(at(1), 10 ** 12);
    clock.advance(1_799_999);
    expect(failures.has(at(1))).toBe(true);
    clock.advance(1);
    expect(failures.has(at(1))).toBe(false);
    failures.add(at(2));
    expect(failures.has(at(2))).toBe(true);
    failures.forget(at(2));
    expect(failures.has(at(2))).toBe(false);
  });
});
