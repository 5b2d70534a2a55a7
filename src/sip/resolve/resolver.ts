import { isIP } from 'node:net';
import type { Clock, Random } from '../../platform';
import type { SipUri } from '../message';
import { type Destination, defaultPort, isUnspecified, type TransportProtocol } from '../transport';
import { FailureMemory, nameOf } from './failure-memory';
import { type AddressFamily, type NameServers, Names } from './names';
import { inOrderOfPreference } from './naptr';
import { domainOf, inOrderOfService, isDenied, type Service, serviceName } from './services';

/** Where a request can go, best first: at least one (RFC 3263 §4.3). */
export interface Destinations {
  readonly kind: 'destinations';
  readonly list: readonly [Destination, ...Destination[]];
}

export interface ResolveFailure {
  readonly kind: 'failure';
  readonly reason: string;
}

export interface ResolverParts extends NameServers {
  /** Of addresses that can be reached from here, the preferred one first. */
  readonly families: readonly [AddressFamily, ...AddressFamily[]];
  /** Transports that are spoken here, the preferred one first. */
  readonly protocols: readonly TransportProtocol[];
  readonly clock: Clock;
  readonly random: Random;
}

/** Of one name. */
const MAX_SERVICES = 8;
const MAX_DESTINATIONS = 16;

/** A host of a URI with what the URI says beside it. */
interface Place {
  readonly host: string;
  readonly port: number | undefined;
  /** Which may be taken, the best first. */
  readonly protocols: readonly [TransportProtocol, ...TransportProtocol[]];
  /** The URI leaves it to its domain which transport that is. */
  readonly isOpen: boolean;
}

/** Finds the next hop of a URI, RFC 3263 §4, for the transports and addresses this agent has. */
export class Resolver {
  /** Destinations that did not serve. */
  readonly failures: FailureMemory;
  readonly #parts: ResolverParts;
  readonly #names: Names;

  constructor(parts: ResolverParts) {
    this.#parts = parts;
    this.#names = new Names(parts, parts.families, parts.clock);
    this.failures = new FailureMemory(parts.clock);
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
    const isOpen = uri.transport === undefined && !heardFrom;
    return { host, port: uri.port, protocols: [first, ...others], isOpen };
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
    const { families } = this.#parts;
    const [protocol] = protocols;
    if (!families.some((family) => family === isIP(host))) {
      const spoken = families.map((family) => `IPv${family}`).join(' and ');
      return failure(`cannot reach ${host}: this agent listens on ${spoken} only`);
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
    const { host, port, protocols } = place;
    // All at once: most names have addresses only.
    const addresses = this.#names.addresses(host);
    addresses.catch(() => undefined);
    const { services, protocol = protocols[0] } = await this.#servicesOf(place);
    if (services === 'denied') return failure(`${host} offers no SIP by ${protocols.join(' or ')}`);
    if (services.length > 0) return services;
    return destinations(await addresses, port ?? defaultPort(protocol), protocol, host);
  }

  /** RFC 3263 §4.1, §4.2: a port that is named leaves nothing to be looked for. `protocol`: the domain's own choice. */
  async #servicesOf(place: Place): Promise<{
    readonly services: readonly Destination[] | 'denied';
    readonly protocol?: TransportProtocol;
  }> {
    const { host, port, protocols, isOpen } = place;
    const domain = domainOf(host);
    if (port !== undefined || domain === undefined) return { services: [] };
    const usual = protocols.map((protocol) => ({ protocol, name: serviceName(domain, protocol) }));
    const asked = new Map(usual.map(({ name }) => [name, this.#names.services(name)]));
    const pointers = isOpen ? await this.#names.pointers(domain) : [];
    const preferred = inOrderOfPreference(pointers, protocols);
    const [chosen] = preferred;
    const found = await Promise.all(
      (chosen ? preferred : usual).map(async ({ protocol, name }) => ({
        protocol,
        services: await (asked.get(name) ?? this.#names.services(name)),
      })),
    );
    if (found.every(({ services }) => isDenied(services))) return { services: 'denied' };
    const lists = found.map(({ protocol, services }) => this.#hostsOf(protocol, services, host));
    const services = (await Promise.all(lists)).flat();
    return { services, ...(chosen ? { protocol: chosen.protocol } : {}) };
  }

  async #hostsOf(
    protocol: TransportProtocol,
    services: readonly Service[],
    domain: string,
  ): Promise<readonly Destination[]> {
    if (isDenied(services)) return [];
    const usable = services.filter(({ port, name }) => port > 0 && name !== '' && name !== '.');
    const ordered = inOrderOfService(usable, this.#parts.random).slice(0, MAX_SERVICES);
    const found = ordered.map(async ({ name, port }) =>
      destinations(await this.#names.addresses(name), port, protocol, domain),
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
    const [first, ...others] = this.failures.inOrder(all);
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
  return addresses.map((address) => ({
    protocol,
    remote: { address, port },
    ...(protocol === 'TLS' ? { serverName } : {}),
  }));
}

/** RFC 3261 §19.1: TLS, whatever it runs over; there is none over UDP here. */
function securedOf(transport: string | undefined): string | undefined {
  return ['tcp', 'tls'].includes(transport ?? 'tls') ? 'tls' : `${transport} over TLS`;
}

function failure(reason: string): ResolveFailure {
  return { kind: 'failure', reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
