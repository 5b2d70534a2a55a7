import { describe, expect, it } from 'vitest';
import { CallerList } from '../../src/agent/caller-list';
import { isLoopback, plainAddress } from '../../src/platform';

describe('who is meant by a list of callers', () => {
  it.each<[pattern: string, meant: string[], others: string[]]>([
    [
      'sip:home@example.org',
      ['sip:home@example.org', 'sip:home@EXAMPLE.org'],
      ['sip:Home@example.org', 'sip:home@example.org.evil', 'sip:xhome@example.org'],
    ],
    [
      'sip:*@Example.org',
      ['sip:a@example.org', 'sip:@example.org'],
      ['sip:a@example.com', 'sip:a@xexample.org'],
    ],
    [
      'sip:car*@example.org',
      ['sip:car@example.org', 'sip:car7@example.org'],
      ['sip:ca@example.org', 'sip:acar@example.org'],
    ],
    [
      'sip:*5*@example.org',
      ['sip:5@example.org', 'sip:1523@example.org'],
      ['sip:123@example.org', 'sip:1@example5.org'],
    ],
    [
      'sip:a*b*c@x',
      ['sip:abc@x', 'sip:a1b2c@x', 'sip:abbc@x'],
      ['sip:ac@x', 'sip:acb@x', 'sip:ab@x'],
    ],
    // Pieces may not overlap.
    ['sip:ab*bc@x', ['sip:abbc@x', 'sip:ab-bc@x'], ['sip:abc@x']],
    ['sip:a*bb*b@x', ['sip:abbb@x'], ['sip:abb@x']],
    ['sip:**@x', ['sip:@x', 'sip:a@x'], ['sip:a@y']],
  ])('%s', (pattern, meant, others) => {
    const list = new CallerList(['sip:nobody@nowhere', pattern]);
    for (const name of meant) expect(list.hasName(name), name).toBe(true);
    for (const name of others) expect(list.hasName(name), name).toBe(false);
    expect(list.hasAddresses).toBe(false);
    expect(list.hasAddress('192.0.2.7')).toBe(false);
  });

  it('is an address, or a net of them, in either family', () => {
    const list = new CallerList([
      ...['192.0.2.7', '198.51.100.0/24', '2001:db8::7', '2001:db8:1::/48', 'sip:a@b'],
    ]);
    expect(list.hasAddresses).toBe(true);
    for (const address of [
      '192.0.2.7',
      '::ffff:192.0.2.7',
      '::FFFF:198.51.100.255',
      '198.51.100.0',
      '2001:db8::7',
      '2001:DB8:1:2::3',
    ]) {
      expect(list.hasAddress(address), address).toBe(true);
    }
    for (const address of [
      '192.0.2.8',
      '198.51.101.0',
      '2001:db8::8',
      '2001:db8:2::',
      '',
      'x',
      'a@b',
    ]) {
      expect(list.hasAddress(address), address).toBe(false);
    }
    expect(list.hasName('192.0.2.7')).toBe(false);
  });

  it('is nobody when it is empty', () => {
    const list = new CallerList([]);
    expect([list.hasAddresses, list.hasAddress('192.0.2.7'), list.hasName('sip:a@b')]).toEqual([
      ...[false, false, false],
    ]);
  });
});

describe('an address', () => {
  it.each([
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '::ffff:c000:207'],
    ['1::ffff:1.2.3.4', '1::ffff:1.2.3.4'],
  ])('%s is plainly %s', (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });

  it('is of this machine alone', () => {
    for (const own of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) {
      expect(isLoopback(own), own).toBe(true);
    }
    for (const other of ['128.0.0.1', '192.0.2.1', '::2', '1127.0.0.1', '127.evil.example', '']) {
      expect(isLoopback(other), other).toBe(false);
    }
  });
});
