import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { BoundedMap, type Clock } from '../../platform';
import type { SipUri } from '../message';
import {
  DEFAULT_SIP_PORT,
  isUnspecified,
  type SocketAddress,
  type TransportProtocol,
} from '../transport';

/** Where a request goes next. */
export interface Destination {
  readonly protocol: TransportProtocol;
  readonly remote: SocketAddress;
}

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

/** How long an address that did not serve comes behind its siblings. */
const SHUNNED_MS = 300_000;
const MAX_SHUNNED = 16;

/** Finds the next hop of a URI, RFC 3263 §4, for the transports and addresses this agent has. */
export class Resolver {
  readonly #lookup: Lookup;
  readonly #family: AddressFamily;
  readonly #clock: Clock;
  /** Addresses that did not serve, and until when that counts. */
  readonly #shunned = new BoundedMap<number>(MAX_SHUNNED);

  constructor(lookup: Lookup, family: AddressFamily, clock: Clock) {
    this.#clock = clock;
    this.#lookup = lookup;
    this.#family = family;
  }

  /** Calls `done` once: within the call for a numeric host, later for a name. */
  resolve(uri: SipUri, done: (result: Destinations | ResolveFailure) => void): void {
    const protocol = chooseProtocol(uri);
    if (protocol === undefined) {
      done(failure(`cannot reach ${uri}: only UDP is spoken here`));
      return;
    }
    const port = uri.port ?? DEFAULT_SIP_PORT;
    if (port === 0) {
      done(failure(`cannot reach ${uri}: nobody listens on port 0`));
      return;
    }
    // RFC 3263 §4: maddr takes the place of the host.
    const host = uri.params.get('maddr') ?? uri.host;
    const version = isIP(host);
    if (isUnspecified(host)) {
      done(failure(`cannot reach ${host}: that is no address of anybody`));
    } else if (version === this.#family) {
      done({ kind: 'destinations', list: [{ protocol, remote: { address: host, port } }] });
    } else if (version !== 0) {
      done(failure(`cannot reach ${host}: this agent listens on IPv${this.#family} only`));
    } else {
      this.#resolveName(host, port, protocol, done);
    }
  }

  /** A request found nobody there: for a while its siblings are tried first (RFC 3263 §4.3). */
  shun({ remote }: Destination): void {
    this.#shunned.set(nameOf(remote), this.#clock.now() + SHUNNED_MS);
  }

  #resolveName(
    host: string,
    port: number,
    protocol: TransportProtocol,
    done: (result: Destinations | ResolveFailure) => void,
  ): void {
    // Promise.resolve() first, so that a look-up that throws at once is a rejection too.
    Promise.resolve()
      .then(() => this.#lookup(host, this.#family))
      .then(
        (addresses) => this.#inOrder(host, addresses, port, protocol),
        (error: unknown) => failure(`no address for ${host}: ${messageOf(error)}`),
      )
      // By way of the clock: what `done` does is no affair of this promise.
      .then((result) => this.#clock.setTimer(0, () => done(result)));
  }

  #inOrder(
    host: string,
    addresses: readonly string[],
    port: number,
    protocol: TransportProtocol,
  ): Destinations | ResolveFailure {
    const all = [...new Set(addresses)].map((address) => ({ protocol, remote: { address, port } }));
    const [first, ...others] = [
      ...all.filter(({ remote }) => !this.#isShunned(remote)),
      ...all.filter(({ remote }) => this.#isShunned(remote)),
    ];
    if (!first) return failure(`no address for ${host}`);
    return { kind: 'destinations', list: [first, ...others] };
  }

  #isShunned(remote: SocketAddress): boolean {
    return (this.#shunned.get(nameOf(remote)) ?? 0) > this.#clock.now();
  }
}

function nameOf({ address, port }: SocketAddress): string {
  return `${address} ${port}`;
}

/** RFC 3263 §4.1 without NAPTR: the transport that is named, and UDP for a sip URI otherwise. */
function chooseProtocol(uri: SipUri): TransportProtocol | undefined {
  return uri.scheme === 'sip' && (uri.transport ?? 'udp') === 'udp' ? 'UDP' : undefined;
}

function failure(reason: string): ResolveFailure {
  return { kind: 'failure', reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
