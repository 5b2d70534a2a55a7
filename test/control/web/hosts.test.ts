import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hostsFor } from '../../../src/control/web/hosts';

describe('hosts of a link', () => {
  it.each([
    ['127.0.0.1', undefined, ['127.0.0.1']],
    ['::1', undefined, ['[::1]']],
    ['192.0.2.7', undefined, ['192.0.2.7']],
    ['2001:db8::7', undefined, ['[2001:db8::7]']],
    ['192.0.2.7', 'car.example', ['car.example', '192.0.2.7']],
    ['127.0.0.1', 'car.example', ['car.example', '127.0.0.1']],
    ['192.0.2.7', '192.0.2.7', ['192.0.2.7']],
  ])('at %s, named %s, are %j', (address, name, hosts) => {
    expect(hostsFor(address, name)).toEqual(hosts);
  });

  it('at every address are those that other machines reach, IPv4 first, or this one alone', () => {
    const [four, both] = [hostsFor('0.0.0.0', 'car.example'), hostsFor('::', undefined)];
    expect(four[0]).toBe('car.example');
    expect(four.slice(1).every((host) => host === 'localhost' || isIPv4(host))).toBe(true);
    const firstOfSix = both.findIndex((host) => isIPv6(host.slice(1, -1)));
    if (firstOfSix >= 0) expect(both.slice(firstOfSix).some(isIPv4)).toBe(false);
    expect([...four, ...both].some((host) => host.startsWith('127.'))).toBe(false);
    expect(Math.min(four.length, both.length)).toBeGreaterThan(0);
    expect(Math.max(four.length, both.length)).toBeLessThanOrEqual(8);
  });
});
