import { isIP } from 'node:net';
import type { Component, IceServer } from '../../ice';
import type { Logger } from '../../platform';
import type { AddressFamily, Finding, HostNames } from '../host-names';
import type { IceServerSettings, IceSettings } from './ice-settings';
import { type ServerAddress, serverAddress } from './server-address';
import { StreamRelay } from './stream-relay';

/** Of candidates at relays, by what leads there: UDP is in nobody's way but that of who forbids it. */
const PREFERENCES = { udp: 1000, tcp: 100, tls: 50 } as const;

export interface ServersListener {
  onServer(component: Component, server: IceServer): void;
  onFailed(name: string, reason: string): void;
  /** No more servers come. */
  onAll(): void;
}

/** The servers of one call: their names are looked up, and streams opened to those that are reached by one. */
export class Servers {
  readonly #settings: IceSettings;
  readonly #names: HostNames;
  readonly #log: Logger;
  readonly #relays = new Set<StreamRelay>();
  #isClosed = false;

  constructor(settings: IceSettings, names: HostNames, log: Logger) {
    this.#settings = settings;
    this.#names = names;
    this.#log = log;
  }

  /** @param localAddress of the sockets */
  open(
    components: readonly { readonly component: Component; readonly port: number }[],
    localAddress: string,
    family: AddressFamily,
    listener: ServersListener,
  ): void {
    let left = this.#settings.servers.length;
    const settle = (): void => {
      left -= 1;
      if (left === 0) listener.onAll();
    };
    for (const settings of this.#settings.servers) {
      const server = serverAddress(settings.uri);
      const fault = faultOf(settings, server);
      if (!server || fault !== undefined) {
        listener.onFailed(settings.uri, fault ?? '');
        settle();
        continue;
      }
      this.#find(server.host, family, (finding) => {
        if (this.#isClosed) return;
        if ('failure' in finding) listener.onFailed(settings.uri, finding.failure);
        else {
          const found = { settings, server, address: finding.address, localAddress };
          for (const { component, port } of components)
            this.#reach({ ...found, component, port }, listener);
        }
        settle();
      });
    }
    if (left === 0) listener.onAll();
  }

  #find(host: string, family: AddressFamily, done: (finding: Finding) => void): void {
    const version = isIP(host);
    if (version === 0) this.#names.find(host, family, done);
    else if (version === family) done({ address: host });
    else done({ failure: `expected a server with an address of IPv${family}, found ${host}` });
  }

  close(): void {
    this.#isClosed = true;
    for (const relay of this.#relays) relay.close();
    this.#relays.clear();
  }

  #reach(
    { settings, server, address, localAddress, component, port }: Found,
    listener: ServersListener,
  ): void {
    const { username = '', password = '' } = settings;
    const known = {
      name: settings.uri,
      preference: PREFERENCES[server.transport],
      ...(server.isRelay ? { user: { username, password } } : {}),
    };
    if (server.transport === 'udp') {
      listener.onServer(component, { ...known, at: { address, port: server.port } });
      return;
    }
    const relay: StreamRelay = new StreamRelay({
      server: { host: server.host, address, port: server.port },
      isSecure: server.transport === 'tls',
      caFile: this.#settings.caFile,
      near: { address: localAddress, port },
      log: this.#log,
      onOpen: (at) => listener.onServer(component, { ...known, at }),
      onClosed: (reason) => {
        this.#relays.delete(relay);
        listener.onFailed(settings.uri, reason);
      },
    });
    this.#relays.add(relay);
  }
}

function faultOf(
  { username, password }: IceServerSettings,
  server: ServerAddress | undefined,
): string | undefined {
  if (!server) return 'expected "stun:", "turn:" or "turns:" with a host, and a port up to 65535';
  const isKnown = username !== undefined && password !== undefined;
  return server.isRelay && !isKnown ? 'expected a username and a password beside it' : undefined;
}

interface Found {
  readonly settings: IceServerSettings;
  readonly server: ServerAddress;
  readonly address: string;
  readonly localAddress: string;
  readonly component: Component;
  readonly port: number;
}
