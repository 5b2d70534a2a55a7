import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { type Clock, type Logger, plainAddress } from '../../platform';
import { bindFailure } from './bind-failure';
import { Connection, type ConnectionEnd } from './connection';
import { ConnectionTable } from './connection-table';
import type {
  Flow,
  Receiver,
  SocketAddress,
  Transport,
  TransportException,
  TransportProtocol,
} from './flow';
import { isUnspecified, localTowards } from './local-address';
import type { Opening } from './opening';

/** What TCP, TLS and SCTP differ in: how a socket becomes a connection. */
export interface StreamSockets {
  readonly protocol: TransportProtocol;
  /** @param localAddress none is for the kernel to choose. */
  open(remote: SocketAddress, serverName: string, localAddress: string | undefined): Opening;
  take(socket: Socket): Opening;
}

/** A listening socket for connections of that kind, by `options` where it is there already. @throws TransportException 'address-in-use' or 'cannot-bind' */
export function listenAt(
  protocol: TransportProtocol,
  host: string,
  port: number,
  options: ListenOptions | { readonly fd: number } = { host, port, exclusive: true },
): Promise<{ readonly server: Server; readonly bound: SocketAddress }> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void =>
      reject(bindFailure(error, protocol, host, port));
    server.once('error', onError);
    server.listen(options, () => {
      server.off('error', onError);
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      resolve({ server, bound: { address: host, port: bound } });
    });
  });
}

/** SIP over connections, RFC 3261 §18: a listening socket, and a connection per remote address that serves both ways. */
export class StreamTransport implements Transport {
  readonly counters = { received: 0, sent: 0, sendErrors: 0, refused: 0 };
  readonly #sockets: StreamSockets;
  readonly #server: Server;
  readonly #bound: SocketAddress;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #connections = new ConnectionTable();
  #receiver: Receiver = () => undefined;

  constructor(
    sockets: StreamSockets,
    { server, bound }: { readonly server: Server; readonly bound: SocketAddress },
    clock: Clock,
    log: Logger,
  ) {
    this.#sockets = sockets;
    this.#server = server;
    this.#bound = bound;
    this.#clock = clock;
    this.#log = log;
    server.on('connection', (socket) => this.#onConnection(socket));
    server.on('error', (error) =>
      log.warn(`${this.protocol} socket reports`, { error: error.message }),
    );
  }

  get protocol(): TransportProtocol {
    return this.#sockets.protocol;
  }

  get port(): number {
    return this.#bound.port;
  }

  get connections(): Iterable<Connection> {
    return this.#connections;
  }

  listen(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  flowTo(remote: SocketAddress, serverName?: string): Flow {
    return new StreamFlow(this, remote, serverName, this.#bound);
  }

  close(): Promise<void> {
    this.#receiver = () => undefined;
    for (const connection of this.#connections) connection.close('this user agent has closed');
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** For its flows: the connection that there is. */
  connectionWith(remote: SocketAddress, serverName: string | undefined): Connection | undefined {
    return this.#connections.with(remote, serverName);
  }

  /** For its flows. */
  sendTo(
    bytes: Uint8Array,
    to: SocketAddress,
    serverName: string | undefined,
    onError: (e: TransportException) => void,
  ): void {
    const connection = this.connectionWith(to, serverName) ?? this.#open(to, serverName);
    connection.send(bytes, (error) => {
      if (!error) {
        this.counters.sent++;
        return;
      }
      this.counters.sendErrors++;
      this.#log.debug(error.message);
      onError(error);
    });
  }

  /** Another one is opened in its place; what was asked by it may still be answered. */
  protected retire(connection: Connection): void {
    this.#connections.retire(connection);
    connection.retire();
  }

  #open(remote: SocketAddress, serverName: string | undefined): Connection {
    const name = serverName ?? remote.address;
    const { address } = this.#bound;
    const from = isUnspecified(address) ? undefined : address;
    return this.#add(this.#sockets.open(remote, name, from), {
      ...{ remote, isIncoming: false },
      ...(serverName === undefined ? {} : { serverName }),
    });
  }

  #onConnection(socket: Socket): void {
    const { remoteAddress, remotePort: port } = socket;
    if (remoteAddress === undefined || port === undefined) {
      // Gone already.
      socket.destroy();
      return;
    }
    const address = plainAddress(remoteAddress);
    const room = this.#connections.makeRoomFor(address, this.#clock.now());
    // Either that one or another goes.
    if (room !== 'free') this.counters.refused++;
    if (room === 'none') {
      socket.destroy();
      return;
    }
    this.#add(this.#sockets.take(socket), { remote: { address, port }, isIncoming: true });
  }

  #add(opening: Opening, end: ConnectionEnd): Connection {
    const connection = new Connection(opening, end, this.#clock, {
      onMessage: (bytes) => {
        this.counters.received++;
        this.#receiver(bytes, this.flowTo(end.remote, end.serverName));
      },
      onClosed: (error) => {
        this.#log.debug(error.message);
        this.#connections.delete(connection);
      },
    });
    this.#connections.add(connection);
    return connection;
  }
}

class StreamFlow implements Flow {
  readonly reliable = true;
  readonly remote: SocketAddress;
  readonly serverName?: string;
  readonly #transport: StreamTransport;
  readonly #bound: SocketAddress;
  #local: SocketAddress | undefined;

  constructor(
    transport: StreamTransport,
    remote: SocketAddress,
    serverName: string | undefined,
    bound: SocketAddress,
  ) {
    this.#transport = transport;
    this.remote = remote;
    if (serverName !== undefined) this.serverName = serverName;
    this.#bound = bound;
  }

  get protocol(): TransportProtocol {
    return this.#transport.protocol;
  }

  get local(): SocketAddress {
    if (this.#local) return this.#local;
    this.#local = localTowards(this.remote, this.#bound);
    // What was opened from an address that this machine has no more is dead, and does not know it.
    const from = this.#connection?.localAddress;
    if (from !== undefined && from !== this.#local.address) this.abandon();
    return this.#local;
  }

  get isOpen(): boolean {
    return this.#connection !== undefined;
  }

  send(bytes: Uint8Array, onError: (error: TransportException) => void): void {
    this.#transport.sendTo(bytes, this.remote, this.serverName, onError);
  }

  onClosed(listener: (error: TransportException) => void): () => void {
    return this.#connection?.onClosed(listener) ?? (() => undefined);
  }

  probe(): () => void {
    return () => undefined;
  }

  abandon(): void {
    this.#connection?.close('given up');
  }

  keepAlive(): void {
    this.#connection?.keepAlive();
  }

  get #connection(): Connection | undefined {
    return this.#transport.connectionWith(this.remote, this.serverName);
  }
}
