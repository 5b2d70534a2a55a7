import { promises as dns } from 'node:dns';
import type { Lookup, NameServers } from './names';

/** What a name server has not said by then is not waited for, ms. */
const TRY_MS = 700;

/** A and AAAA by the system's resolver, /etc/hosts included. */
export const systemLookup: Lookup = async (host, family) => {
  const found = await dns.lookup(host, { all: true, family });
  return found.map(({ address }) => address);
};

/**
 * Records by the name servers of the system, which are asked for anew each time: they change with the network.
 * @param servers others in their place, as `192.0.2.53` or `127.0.0.1:5353`
 */
export function systemRecords(
  servers?: readonly string[],
  tryMs = TRY_MS,
): Pick<NameServers, 'services' | 'pointers'> {
  const resolver = (): dns.Resolver => {
    const made = new dns.Resolver({ timeout: tryMs, tries: 2 });
    if (servers) made.setServers(servers);
    return made;
  };
  return {
    services: (name) => resolver().resolveSrv(name),
    pointers: (domain) => resolver().resolveNaptr(domain),
  };
}
