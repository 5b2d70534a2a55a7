import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { BoundedMap, type Clock, type Random } from '../../platform';
import type { SipUri } from '../message';
import {
  type Destination,
  defaultPort,
  isUnspecified,
  type SocketAddress,
  type TransportProtocol,
} from '../transport';
import {
  inOrderOfService,
  isDenied,
  type Service,
  type ServiceLookup,
  serviceName,
} from './services';

/** Where a request can go, best first: at least one (RFC 3263 §4.3). */
export interface Destinations {
  readonly kind: 'destinations';
  readonly list: readonly [Destination, ...Destination[]];
}

export interface ResolveFailure {
  readonly kind: 'failure';
  readonly reason: string;
}

export type AddressFamily = 4 | 6;

/** Addresses of a host name, best first; rejects when there are none. */
export type Lookup = (host: string, family: AddressFamily) => Promise<readonly string[]>;

/** A and AAAA by the system's resolver, /etc/hosts included. */
export const systemLookup: Lookup = async (host, family) => {
  const found = await dns.lookup(host, { all: true, family });
  return found.map(({ address }) => address);
};

export interface ResolverParts {
  readonly lookup: Lookup;
  readonly services: ServiceLookup;
  readonly family: AddressFamily;
  /** Transports that are spoken here, the preferred one first. */
  readonly protocols: readonly TransportProtocol[];
  readonly clock: Clock;
  readonly random: Random;
}

/** Longest wait for SRV records, which most names do not have, ms. */
const SERVICES_MS = 1500;
/** Of one name. */
const MAX_SERVICES = 8;
const MAX_DESTINATIONS = 16;

/** How long an address that did not serve comes behind its siblings. */
const SHUNNED_MS = 300_000;
const MAX_SHUNNED = 16;

/** A host of a URI with what the URI says beside it. */
interface Place {
  readonly host: string;
  readonly port: number | undefined;
  /** Which may be taken, the best first. */
  readonly protocols: readonly [TransportProtocol, ...TransportProtocol[]];
}

/**
 * Finds the next hop of a URI, RFC 3263 §4, for the transports and addresses this agent has. NAPTR is not
 * asked for: the order of transports is ours.
 */
export class Resolver {
  readonly #parts: ResolverParts;
  /** Addresses that did not serve, and until when that counts. */
  readonly #shunned = new BoundedMap<number>(MAX_SHUNNED);

  constructor(parts: ResolverParts) {
    this.#parts = parts;
  }

  /**
   * Calls `done` once: within the call for a numeric host, later for a name. `heardFrom` is where the
   * peer of a dialog last spoke from: the way of last resort, and by the transport that it spoke.
   */
  resolve(
    uri: SipUri,
    done: (result: Destinations | ResolveFailure) => void,
    heardFrom?: Destination,
  ): void {
    // What is to be encrypted goes nowhere in the clear.
    const isSecret = this.#isSpoken('TLS') && (uri.scheme === 'sips' || uri.transport === 'tls');
    const lastResort = isSecret && heardFrom?.protocol !== 'TLS' ? undefined : heardFrom;
    const place = this.#placeOf(uri, lastResort);
    const finish = (found: readonly Destination[] | ResolveFailure): void =>
      done(this.#inOrder(found, lastResort));
    if ('reason' in place) finish(place);
    else if (isIP(place.host) === 0) this.#resolveName(place, finish);
    else finish(this.#numeric(place));
  }

  /** A request found nobody there: for a while its siblings are tried first (RFC 3263 §4.3). */
  shun(destination: Destination): void {
    this.#shunned.set(nameOf(destination), this.#parts.clock.now() + SHUNNED_MS);
  }

  isShunned(destination: Destination): boolean {
    return (this.#shunned.get(nameOf(destination)) ?? 0) > this.#parts.clock.now();
  }

  #isSpoken(protocol: TransportProtocol): boolean {
    return this.#parts.protocols.includes(protocol);
  }

  #placeOf(uri: SipUri, heardFrom: Destination | undefined): Place | ResolveFailure {
    const protocols = this.#protocolsOf(uri, heardFrom);
    const [first, ...others] = protocols;
    // RFC 3263 §4: maddr takes the place of the host.
    const host = uri.params.get('maddr') ?? uri.host;
    if (!first) {
      const spoken = this.#parts.protocols.join(' and ');
      return failure(`cannot reach ${uri}: only ${spoken} is spoken here`);
    }
    if (uri.port === 0) return failure(`cannot reach ${uri}: nobody listens on port 0`);
    if (isUnspecified(host)) return failure(`cannot reach ${host}: that is no address of anybody`);
    return { host, port: uri.port, protocols: [first, ...others] };
  }

  /**
   * RFC 3263 §4.1: the transport that is named, or any. Within a dialog the one that the peer speaks is
   * taken where none is named, as many who speak TCP forget to, and for one that is not spoken here, `sips` included: one that was asked for by us never got so
   * far. RFC 3261 §18.1.1 falls back the same way when a connection is refused.
   */
  #protocolsOf(
    { scheme, transport }: SipUri,
    heardFrom: Destination | undefined,
  ): readonly TransportProtocol[] {
    const { protocols } = this.#parts;
    if (scheme === 'sip' && transport === undefined) {
      return heardFrom ? [heardFrom.protocol] : protocols;
    }
    const wanted = scheme === 'sips' ? securedOf(transport) : transport;
    const named = protocols.filter((protocol) => protocol.toLowerCase() === wanted);
    return named.length === 0 && heardFrom ? [heardFrom.protocol] : named;
  }

  #numeric({ host, port, protocols }: Place): Destination[] | ResolveFailure {
    const { family } = this.#parts;
    const [protocol] = protocols;
    if (isIP(host) !== family) {
      return failure(`cannot reach ${host}: this agent listens on IPv${family} only`);
    }
    return [{ protocol, remote: { address: host, port: port ?? defaultPort(protocol) } }];
  }

  #resolveName(
    place: Place,
    finish: (found: readonly Destination[] | ResolveFailure) => void,
  ): void {
    this.#find(place)
      .catch((error: unknown) => failure(`no address for ${place.host}: ${messageOf(error)}`))
      // By way of the clock: what is done with it is no affair of this promise.
      .then((found) => this.#parts.clock.setTimer(0, () => finish(found)));
  }

  async #find(place: Place): Promise<readonly Destination[] | ResolveFailure> {
    const { host, protocols } = place;
    const [protocol] = protocols;
    const { lookup, family } = this.#parts;
    // Both at once: most names have addresses only.
    const addresses = lookup(host, family);
    addresses.catch(() => undefined);
    const services = await this.#servicesOf(place);
    if (services === 'denied') return failure(`${host} offers no SIP by ${protocols.join(' or ')}`);
    if (services.length > 0) return services;
    return destinations(await addresses, place.port ?? defaultPort(protocol), protocol, host);
  }

  /** RFC 3263 §4.2: a port that is named leaves nothing to be looked for. */
  async #servicesOf({ host, port, protocols }: Place): Promise<readonly Destination[] | 'denied'> {
    if (port !== undefined) return [];
    const found = await Promise.all(
      protocols.map(async (protocol) => ({
        protocol,
        services: await this.#lookupServices(serviceName(host, protocol)),
      })),
    );
    if (found.every(({ services }) => isDenied(services))) return 'denied';
    const lists = found.map(({ protocol, services }) => this.#hostsOf(protocol, services, host));
    return (await Promise.all(lists)).flat();
  }

  async #lookupServices(name: string | undefined): Promise<readonly Service[]> {
    if (name === undefined) return [];
    const { services, clock } = this.#parts;
    return new Promise((resolve) => {
      const limit = clock.setTimer(SERVICES_MS, () => resolve([]));
      services(name)
        .catch(() => [])
        .then((found) => {
          limit.cancel();
          resolve(found);
        });
    });
  }

  async #hostsOf(
    protocol: TransportProtocol,
    services: readonly Service[],
    domain: string,
  ): Promise<readonly Destination[]> {
    if (isDenied(services)) return [];
    const { random, lookup, family } = this.#parts;
    const ordered = inOrderOfService(services, random).slice(0, MAX_SERVICES);
    const found = ordered.map(async ({ name, port }) =>
      destinations(await lookup(name, family), port, protocol, domain),
    );
    // A host that cannot be found leaves the others.
    const settled = await Promise.allSettled(found);
    return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  #inOrder(
    found: readonly Destination[] | ResolveFailure,
    heardFrom: Destination | undefined,
  ): Destinations | ResolveFailure {
    if ('reason' in found && !heardFrom) return found;
    const resolved = 'reason' in found ? [] : found.slice(0, MAX_DESTINATIONS);
    const all = heardFrom ? withHeardFrom(resolved, heardFrom) : resolved;
    const [first, ...others] = [
      ...all.filter((one) => !this.isShunned(one)),
      ...all.filter((one) => this.isShunned(one)),
    ];
    return first ? { kind: 'destinations', list: [first, ...others] } : failure('no address');
  }
}

/**
 * A Contact that leads nowhere is what phones behind a NAT write. As most do, it is tried first, and
 * where the peer spoke from comes next; but an address of a private network (RFC 1918, RFC 6598) named
 * by somebody who is not in one is passed over at first.
 */
function withHeardFrom(
  resolved: readonly Destination[],
  heardFrom: Destination,
): readonly Destination[] {
  if (resolved.some((one) => nameOf(one) === nameOf(heardFrom))) return resolved;
  const isBehindNat = resolved.every(({ remote }) => isPrivate(remote.address));
  return isBehindNat && !isPrivate(heardFrom.remote.address)
    ? [heardFrom, ...resolved]
    : [...resolved, heardFrom];
}

/** Loopback and link-local addresses are private to a machine or a cable. */
function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|127\.|169\.254\.|f[cd]|fe[89ab]|::1$)/i.test(
    address,
  );
}

function destinations(
  addresses: readonly string[],
  port: number,
  protocol: TransportProtocol,
  serverName: string,
): Destination[] {
  if (addresses.length === 0) throw new Error('it has none');
  return [...new Set(addresses)].map((address) => ({
    protocol,
    remote: { address, port },
    ...(protocol === 'TLS' ? { serverName } : {}),
  }));
}

/** RFC 3261 §19.1: TLS, whatever it runs over; there is none over UDP here. */
function securedOf(transport: string | undefined): string | undefined {
  return ['tcp', 'tls'].includes(transport ?? 'tls') ? 'tls' : `${transport} over TLS`;
}

function nameOf({ protocol, remote }: Destination): string {
  return `${protocol} ${socketName(remote)}`;
}

function socketName({ address, port }: SocketAddress): string {
  return `${address} ${port}`;
}

function failure(reason: string): ResolveFailure {
  return { kind: 'failure', reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
