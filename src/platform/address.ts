import { isIP } from 'node:net';

/** An IPv4 address that came in at an IPv6 socket (RFC 4291 §2.5.5.2) is the IPv4 address. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Whether only a program on this machine can have sent from there: the kernel lets no other in. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
