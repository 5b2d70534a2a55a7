import { describe, expect, it } from 'vitest';
import { isLoopback, isThisMachine, plainAddress } from '../../src/platform';

describe('an address', () => {
  it.each([
    ...['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::1%lo'],
    ...['::ffff:127.0.0.1', '::FFFF:127.3.2.1', '::ffff:7f00:1'],
  ])('is loopback in any spelling: %s', (address) => {
    expect([isLoopback(address), isThisMachine(address)]).toEqual([true, true]);
  });

  it.each(['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0'])(
    'that is none leads here all the same: %s',
    (address) => expect([isLoopback(address), isThisMachine(address)]).toEqual([false, true]),
  );

  it.each([
    ...['128.0.0.1', '126.127.0.1', '10.0.0.1', '::2', '1::', 'fe80::1', '::127.0.0.1'],
    ...['::ffff:128.0.0.1', '2001:db8::7f00:1', '127.1', 'localhost', '', '[::1]', '127.0.0.1.'],
  ])('is another, or none: %s', (address) => {
    expect([isLoopback(address), isThisMachine(address)]).toEqual([false, false]);
  });

  it('of IPv4 that came in by IPv6 is that of IPv4', () => {
    expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(plainAddress('2001:db8::1')).toBe('2001:db8::1');
  });
});
