import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { type Clock, expiryOf, type Logger, type Random } from '../../platform';
import type { Connection } from './connection';
import {
  type SecureConnection,
  type SecurityStatus,
  type SocketAddress,
  TransportException,
} from './flow';
import { oneLine } from './server-identity';
import { listenAt, StreamTransport } from './stream';
import { LEAST_VERSION, TlsContexts, type TlsIdentityFiles } from './tls-contexts';
import type { TlsPolicies } from './tls-policy';
import type { TlsSockets } from './tls-sockets';

export interface TlsOptions {
  /** Without it the agent makes itself a certificate. */
  readonly identity?: TlsIdentityFiles;
  readonly policies: TlsPolicies;
  /** The clock has been set, for which a connection had to wait. */
  readonly onTime: () => void;
}

/** SIP over TLS, RFC 3261 §26.3.1, RFC 5922. */
export class TlsTransport extends StreamTransport {
  readonly #sockets: TlsSockets;
  readonly #contexts: TlsContexts;
  readonly #clock: Clock;

  private constructor(
    sockets: TlsSockets,
    contexts: TlsContexts,
    listening: Awaited<ReturnType<typeof listenAt>>,
    clock: Clock,
    log: Logger,
  ) {
    super(sockets, listening, clock, log);
    this.#sockets = sockets;
    this.#contexts = contexts;
    this.#clock = clock;
  }

  /**
   * Listens on `host` and `port` (0: any).
   * @throws TransportException 'address-in-use' or 'cannot-bind', and 'no-certificate' for files that cannot be used
   */
  static override async bind(
    host: string,
    port: number,
    { identity, policies, onTime }: TlsOptions,
    {
      clock,
      log,
      random,
    }: { readonly clock: Clock; readonly log: Logger; readonly random: Random },
  ): Promise<TlsTransport> {
    // Loaded for whom it is configured: it takes a megabyte.
    const tls = await import('node:tls');
    let contexts: TlsContexts;
    try {
      contexts = new TlsContexts(tls, identity ?? (await import('./self-made')).selfMade(random));
      contexts.server();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TransportException('no-certificate', reason);
    }
    const { TlsSockets } = await import('./tls-sockets');
    const sockets = new TlsSockets({ tls, contexts, policies, clock, log, onTime });
    return new TlsTransport(sockets, contexts, await listenAt('TLS', host, port), clock, log);
  }

  override close(): Promise<void> {
    this.#sockets.close();
    return super.close();
  }

  /** Nothing more goes to a server by what was opened when less was asked of its certificate, or something else. */
  override connectionWith(
    remote: SocketAddress,
    serverName: string | undefined,
  ): Connection | undefined {
    const connection = super.connectionWith(remote, serverName);
    if (!connection || this.#sockets.isAsJudged(connection.socket)) return connection;
    this.retire(connection);
    return this.connectionWith(remote, serverName);
  }

  security(): SecurityStatus {
    const own = this.#own;
    const connections = [...this.connections].filter(({ isReady }) => isReady);
    return {
      port: this.port,
      leastVersion: LEAST_VERSION,
      fingerprint: own?.fingerprint256 ?? '',
      ...(own && !this.#contexts.isSelfMade ? { expires: isoOf(own.validTo) } : {}),
      connections: connections.map((one) => this.#statusOf(one)),
      problems: [
        ...(own
          ? this.#expiry('our certificate', new Date(own.validTo))
          : ['our certificate cannot be read']),
        ...connections.flatMap((one) => this.#expiryOf(one)),
        ...(this.#sockets.waitsForTime
          ? ['no certificate can be judged: the clock of this machine has not been set']
          : []),
      ],
    };
  }

  get #own(): X509Certificate | undefined {
    try {
      return new X509Certificate(this.#contexts.certificate);
    } catch {
      // It was there at the start, and the problems say that it is no more.
      return undefined;
    }
  }

  #statusOf({ remote, serverName = '', socket }: Connection): SecureConnection {
    const secured = socket as TLSSocket;
    const peer = this.#sockets.peerOf(socket);
    const address = remote.address.includes(':') ? `[${remote.address}]` : remote.address;
    return {
      remote: `${address}:${remote.port}`,
      serverName,
      version: secured.getProtocol() ?? '',
      cipher: secured.getCipher().standardName,
      verifiedBy: peer?.verifiedBy ?? 'nothing',
      ...(peer?.issuer === undefined ? {} : { issuer: oneLine(peer.issuer) }),
      ...(peer?.expires ? { expires: peer.expires.toISOString() } : {}),
    };
  }

  #expiryOf({ socket, serverName, remote }: Connection): string[] {
    const { verifiedBy, expires } = this.#sockets.peerOf(socket) ?? {};
    if (verifiedBy !== 'authority' || !expires) return [];
    return this.#expiry(`the certificate of ${serverName ?? remote.address}`, expires);
  }

  #expiry(whose: string, expires: Date): string[] {
    return expiryOf(whose, expires, this.#clock.wallTime());
  }
}

function isoOf(date: string): string {
  return new Date(date).toISOString();
}
