import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock, Logger } from '../../platform';
import { bindFailure } from './bind-failure';
import { Connection } from './connection';
import { ConnectionTable } from './connection-table';
import type { Flow, Receiver, SocketAddress, Transport, TransportException } from './flow';
import { answerAtOnce, isUnspecified, localTowards } from './local-address';

/** SIP over TCP, RFC 3261 §18: a listening socket, and a connection per remote address that serves both ways. */
export class TcpTransport implements Transport {
  readonly protocol = 'TCP';
  readonly counters = { received: 0, sent: 0, sendErrors: 0, refused: 0 };
  readonly #server: Server;
  readonly #bound: SocketAddress;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #connections = new ConnectionTable();
  #receiver: Receiver = () => undefined;

  private constructor(server: Server, bound: SocketAddress, clock: Clock, log: Logger) {
    this.#server = server;
    this.#bound = bound;
    this.#clock = clock;
    this.#log = log;
    server.on('connection', (socket) => this.#onConnection(socket));
    server.on('error', (error) => log.warn('TCP socket reports', { error: error.message }));
  }

  /**
   * Listens on `host` (an address of this machine, `0.0.0.0` or `::`) and `port` (0: any).
   * @throws TransportException 'address-in-use' or 'cannot-bind'.
   */
  static bind(host: string, port: number, clock: Clock, log: Logger): Promise<TcpTransport> {
    const server = createServer();
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void =>
        reject(bindFailure(error, 'TCP', host, port));
      server.once('error', onError);
      server.listen({ host, port, exclusive: true }, () => {
        server.off('error', onError);
        const address = server.address();
        const bound = typeof address === 'object' && address ? address.port : port;
        resolve(new TcpTransport(server, { address: host, port: bound }, clock, log));
      });
    });
  }

  get port(): number {
    return this.#bound.port;
  }

  listen(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  flowTo(remote: SocketAddress): Flow {
    return new TcpFlow(this, remote, this.#bound);
  }

  close(): Promise<void> {
    this.#receiver = () => undefined;
    for (const connection of this.#connections) connection.close('this user agent has closed');
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** For its flows: the connection that there is. */
  connectionWith(remote: SocketAddress): Connection | undefined {
    return this.#connections.with(remote);
  }

  /** For its flows. */
  sendTo(bytes: Uint8Array, to: SocketAddress, onError: (e: TransportException) => void): void {
    const connection = this.connectionWith(to) ?? this.#open(to);
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

  #open(remote: SocketAddress): Connection {
    const { address } = this.#bound;
    const socket = connect({
      host: remote.address,
      port: remote.port,
      lookup: answerAtOnce,
      ...(isUnspecified(address) ? {} : { localAddress: address }),
    });
    return this.#add(socket, remote, false);
  }

  #onConnection(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    if (address === undefined || port === undefined) {
      // Gone already.
      socket.destroy();
      return;
    }
    const room = this.#connections.makeRoomFor(address, this.#clock.now());
    // Either that one or another goes.
    if (room !== 'free') this.counters.refused++;
    if (room === 'none') {
      socket.destroy();
      return;
    }
    this.#add(socket, { address, port }, true);
  }

  #add(socket: Socket, remote: SocketAddress, isIncoming: boolean): Connection {
    const connection = new Connection(socket, remote, isIncoming, this.#clock, {
      onMessage: (bytes) => {
        this.counters.received++;
        this.#receiver(bytes, this.flowTo(remote));
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

class TcpFlow implements Flow {
  readonly protocol = 'TCP';
  readonly reliable = true;
  readonly remote: SocketAddress;
  readonly #transport: TcpTransport;
  readonly #bound: SocketAddress;
  #local: SocketAddress | undefined;

  constructor(transport: TcpTransport, remote: SocketAddress, bound: SocketAddress) {
    this.#transport = transport;
    this.remote = remote;
    this.#bound = bound;
  }

  get local(): SocketAddress {
    if (this.#local) return this.#local;
    this.#local = localTowards(this.remote, this.#bound);
    // What was opened from an address that this machine has no more is dead, and does not know it.
    const from = this.#transport.connectionWith(this.remote)?.localAddress;
    if (from !== undefined && from !== this.#local.address) this.abandon();
    return this.#local;
  }

  get isOpen(): boolean {
    return this.#transport.connectionWith(this.remote) !== undefined;
  }

  send(bytes: Uint8Array, onError: (error: TransportException) => void): void {
    this.#transport.sendTo(bytes, this.remote, onError);
  }

  onClosed(listener: (error: TransportException) => void): () => void {
    const connection = this.#transport.connectionWith(this.remote);
    return connection?.onClosed(listener) ?? (() => undefined);
  }

  probe(): () => void {
    return () => undefined;
  }

  abandon(): void {
    this.#transport.connectionWith(this.remote)?.close('given up');
  }
}
