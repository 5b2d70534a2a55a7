import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import type { Clock } from '../../platform';
import type { SipUri } from '../message';
import { DEFAULT_SIP_PORT, type SocketAddress, type TransportProtocol } from '../transport';

/** Where a request goes next. */
export interface Destination {
  readonly kind: 'destination';
  readonly protocol: TransportProtocol;
  readonly remote: SocketAddress;
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

/** Finds the next hop of a URI, RFC 3263 §4, for the transports and addresses this agent has. */
export class Resolver {
  readonly #lookup: Lookup;
  readonly #family: AddressFamily;
  readonly #clock: Clock;

  constructor(lookup: Lookup, family: AddressFamily, clock: Clock) {
    this.#clock = clock;
    this.#lookup = lookup;
    this.#family = family;
  }

  /** Calls `done` once: within the call for a numeric host, later for a name. */
  resolve(uri: SipUri, done: (result: Destination | ResolveFailure) => void): void {
    const protocol = chooseProtocol(uri);
    if (protocol === undefined) {
      done(failure(`cannot reach ${uri}: only UDP is spoken here`));
      return;
    }
    const port = uri.port ?? DEFAULT_SIP_PORT;
    // RFC 3263 §4: maddr takes the place of the host.
    const host = uri.params.get('maddr') ?? uri.host;
    const version = isIP(host);
    if (version === this.#family) {
      done({ kind: 'destination', protocol, remote: { address: host, port } });
    } else if (version !== 0) {
      done(failure(`cannot reach ${host}: this agent listens on IPv${this.#family} only`));
    } else {
      this.#resolveName(host, port, protocol, done);
    }
  }

  #resolveName(
    host: string,
    port: number,
    protocol: TransportProtocol,
    done: (result: Destination | ResolveFailure) => void,
  ): void {
    // Promise.resolve() first, so that a look-up that throws at once is a rejection too.
    Promise.resolve()
      .then(() => this.#lookup(host, this.#family))
      .then(
        ([address]): Destination | ResolveFailure =>
          address === undefined
            ? failure(`no address for ${host}`)
            : { kind: 'destination', protocol, remote: { address, port } },
        (error: unknown) => failure(`no address for ${host}: ${messageOf(error)}`),
      )
      // By way of the clock: what `done` does is no affair of this promise.
      .then((result) => this.#clock.setTimer(0, () => done(result)));
  }
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
