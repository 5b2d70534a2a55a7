import { isIPv6 } from 'node:net';

/** Whoever has one IPv6 address has the 2^64 of its network. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  if (tail === undefined) return groups.slice(0, 4).join(':');
  const zeros = 8 - groups.length - tail.split(':').length;
  const filled = [...groups, ...Array<string>(Math.max(zeros, 1)).fill('0'), ...tail.split(':')];
  return filled.slice(0, 4).join(':');
}
