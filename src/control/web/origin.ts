import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { plainAddress } from '../../platform';

/** The host that a browser asked for, without its port; undefined for what is none. */
function hostIn(request: IncomingMessage): string | undefined {
  const host = request.headers.host ?? '';
  const { name, bracketed } =
    /^(?:\[(?<bracketed>[\da-f:.]+)\]|(?<name>[a-z\d.-]+))(?::\d{1,5})?$/i.exec(host)?.groups ?? {};
  return (name ?? bracketed)?.toLowerCase().replace(/\.$/, '');
}

/**
 * Whether a browser came by a name that is ours: the address that it reached, localhost, or the one configured.
 * A foreign name that leads here all the same is how a hostile page makes itself ours (DNS rebinding).
 */
export function isOurHost(request: IncomingMessage, ownName: string | undefined): boolean {
  const host = hostIn(request);
  if (host === undefined) return false;
  if (host === 'localhost' || host === ownName?.toLowerCase()) return true;
  const reached = plainAddress(request.socket.localAddress ?? '');
  return isIP(host) !== 0 && canonical(host) === canonical(reached);
}

/** Whether the page that asks, where a browser names it, is ours. */
export function isOurPage(request: IncomingMessage, isEncrypted: boolean): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  // `none`: typed into the address bar.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  const [, scheme, place] = /^(https?):\/\/([^/]+)$/i.exec(origin) ?? [];
  // Whoever is on the way can show a page of http under our name; without TLS here another program may have it.
  if (isEncrypted && scheme?.toLowerCase() !== 'https') return false;
  return place !== undefined && place.toLowerCase() === request.headers.host?.toLowerCase();
}

/** One form of an IPv6 address (RFC 5952). */
function canonical(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
