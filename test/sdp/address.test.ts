import { describe, expect, it } from 'vitest';
import { ipVersion, isUnspecified, readAddress } from '../../src/sdp/address';

describe('an address of c= or a=rtcp', () => {
  it.each([
    ['192.0.2.9', 4],
    ['0.0.0.0', 4],
    ['255.255.255.255', 4],
    ['256.0.0.1', undefined],
    ['1.2.3', undefined],
    ['1.2.3.4.5', undefined],
    ['1.2.3.0004', undefined],
    ['::', 6],
    ['::1', 6],
    ['1::', 6],
    ['2001:db8::1', 6],
    ['2001:DB8:0:0:0:0:0:1', 6],
    ['1:2:3:4:5:6:7::', 6],
    ['1:2:3:4:5:6:7:8', 6],
    ['::ffff:192.0.2.9', 6],
    ['1:2:3:4:5:6:192.0.2.9', 6],
    ['1:2:3:4:5:6:7', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['1:2:3:4:5:6:7:8::', undefined],
    ['1::2::3', undefined],
    ['12345::', undefined],
    ['g::', undefined],
    ['::192.0.2.256', undefined],
    ['1:2:3:4:5:6:7:192.0.2.9', undefined],
    ['abcd', undefined],
    ['', undefined],
  ])('%s is of version %s', (text, version) => {
    expect(ipVersion(text)).toBe(version);
  });

  it.each([
    ['0.0.0.0', true],
    ['::', true],
    ['0:0:0:0:0:0:0:0', true],
    ['::1', false],
    ['1::', false],
    ['0.0.0.1', false],
    ['0:0', false],
  ])('%s is nobody: %s', (text, isNobody) => {
    expect(isUnspecified(text)).toBe(isNobody);
  });

  it.each([
    ['224.2.1.1/127', '224.2.1.1'],
    ['phone-1.example.org.', 'phone-1.example.org.'],
    ['under_score', 'under_score'],
    ['10.0.0', ''],
    ['a..b', ''],
    ['a b', ''],
    [`${'a'.repeat(64)}.example`, ''],
    [`${'abc.'.repeat(62)}abcde`, `${'abc.'.repeat(62)}abcde`],
    [`${'abc.'.repeat(62)}abcdef`, ''],
    [undefined, ''],
  ])('%s is read as "%s"', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });
});
