import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback } from '../../platform';

const MAX_HOSTS = 8;

/** Names and addresses that a browser may come by, for a certificate. */
export function namesFor(address: string, name: string | undefined): string[] {
  return [
    ...new Set([
      ...(name === undefined ? [] : [name]),
      ...['localhost', '127.0.0.1'],
      ...outsideOf(address),
    ]),
  ];
}

/** Hosts of URLs that lead here by now, as they stand in one; the best one first. */
export function hostsFor(address: string, name: string | undefined): string[] {
  // A socket of IPv4 is not reached by IPv6.
  const outside = outsideOf(address).filter((own) => address !== '0.0.0.0' || isIPv4(own));
  // The shorter ones first: they make the smaller code.
  const sorted = [...outside.filter(isIPv4), ...outside.filter(isIPv6)];
  const fromHere = isEvery(address) ? 'localhost' : address;
  const hosts = [
    ...(name === undefined ? [] : [name]),
    ...(sorted.length > 0 ? sorted : [fromHere]),
  ];
  return [...new Set(hosts)].slice(0, MAX_HOSTS).map((host) => (isIPv6(host) ? `[${host}]` : host));
}

const isEvery = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** Addresses at which other machines reach what listens at `address`. */
function outsideOf(address: string): string[] {
  if (!isEvery(address)) return isLoopback(address) ? [] : [address];
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map((each) => each.address);
}
