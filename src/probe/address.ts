/** Networks that say nothing about where a camera is: RFC 6890. */
const NOT_PUBLIC =
  /^(0\.|10\.|127\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|192\.0\.2\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

/** An IPv4 address as it may be passed on: one of the Internet is no more than `public`. */
export function sharedAddress(address: string): string {
  if (address.includes(':')) return 'IPv6';
  return NOT_PUBLIC.test(address) ? address : 'public';
}
