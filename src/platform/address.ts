import { isIP } from 'node:net';

/** An IPv4 address that came in at an IPv6 socket (RFC 4291 §2.5.5.2) is the IPv4 address. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Whether only a program on this machine can have sent from there: the kernel lets no other in. */
export function isLoopback(address: string): boolean {
  return isIP(address) === 4 ? address.startsWith('127.') : LOOPBACK.test(canonical(address));
}

/** Whether what is sent there stays on this machine: the unspecified address leads here, too. */
export function isThisMachine(address: string): boolean {
  return isLoopback(address) || address === '0.0.0.0' || UNSPECIFIED.test(canonical(address));
}

/** Of an IPv6 address in its one canonical spelling: `::1` and 127/8 within `::ffff:0:0/96`. */
const LOOPBACK = /^::(1|ffff:7f[\da-f]{2}:[\da-f]{1,4})$/;
const UNSPECIFIED = /^::(ffff:0:0)?$/;

/** RFC 5952 §4; what is no IPv6 address stays what it is. */
function canonical(address: string): string {
  if (isIP(address) !== 6) return address;
  return new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1);
}
