import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import { type Logger, plainAddress } from '../../platform';
import { bindFailure } from './bind-failure';
import {
  type Flow,
  PING,
  type Receiver,
  type SocketAddress,
  type Transport,
  TransportException,
} from './flow';
import { answerAtOnce, localTowards } from './local-address';
import { probeUdp } from './udp-probe';

/** Datagrams handed to the kernel and not yet confirmed; beyond it the newest is dropped. */
const MAX_PENDING_SENDS = 512;

/**
 * Room for what comes while the loop is busy: of 20 000 small datagrams a second 50 ms, if the system
 * grants it (net.core.rmem_max); the kernel drops the newest beyond it.
 */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

/** RFC 3261 §18.1.1: larger requests belong on a congestion-controlled transport. */
const LARGE_REQUEST_BYTES = 1300;

/** SIP over UDP, RFC 3261 §18: one bound socket, a flow per remote address. */
export class UdpTransport implements Transport {
  readonly protocol = 'UDP';
  readonly counters = { received: 0, sent: 0, sendErrors: 0, refused: 0 };
  readonly #socket: Socket;
  readonly #bound: SocketAddress;
  readonly #log: Logger;
  #pendingSends = 0;
  #receiver: Receiver = () => undefined;

  private constructor(socket: Socket, log: Logger) {
    this.#socket = socket;
    this.#log = log;
    const { address, port } = socket.address();
    this.#bound = { address, port };
    socket.on('message', (bytes, from) => this.#onMessage(bytes, from));
    socket.on('error', (error) => log.warn('UDP socket reports', { error: error.message }));
  }

  /**
   * Binds `host` (an address of this machine, `0.0.0.0` or `::`) and `port` (0: any).
   * @throws TransportException 'address-in-use' or 'cannot-bind'.
   */
  static bind(host: string, port: number, log: Logger): Promise<UdpTransport> {
    const socket = createSocket({
      type: isIPv6(host) ? 'udp6' : 'udp4',
      lookup: answerAtOnce,
      recvBufferSize: RECEIVE_BUFFER_BYTES,
    });
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => {
        socket.close();
        reject(bindFailure(error, 'UDP', host, port));
      };
      socket.once('error', onError);
      socket.bind({ address: host, port, exclusive: true }, () => {
        socket.off('error', onError);
        resolve(new UdpTransport(socket, log));
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
    return new UdpFlow(this, remote, this.#bound);
  }

  close(): Promise<void> {
    this.#receiver = () => undefined;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #onMessage(bytes: Uint8Array, from: RemoteInfo): void {
    this.counters.received++;
    this.#receiver(bytes, this.flowTo({ address: plainAddress(from.address), port: from.port }));
  }

  /** The socket at `::` reaches IPv4 addresses as mapped ones (RFC 4291 §2.5.5.2). */
  #asSeenFromHere(address: string): string {
    return this.#bound.address === '::' && isIPv4(address) ? `::ffff:${address}` : address;
  }

  /** For its flows. */
  sendTo(bytes: Uint8Array, to: SocketAddress, onError: (e: TransportException) => void): void {
    const fail = (failure: 'send-failed' | 'congested', detail: string): void => {
      this.counters.sendErrors++;
      const message = `cannot send to ${to.address}:${to.port}: ${detail}`;
      this.#log.debug(message);
      onError(new TransportException(failure, message));
    };
    if (this.#pendingSends >= MAX_PENDING_SENDS) {
      queueMicrotask(() => fail('congested', 'send queue full'));
      return;
    }
    if (bytes.length > LARGE_REQUEST_BYTES) {
      this.#log.info('large message over UDP', { bytes: bytes.length, to: to.address });
    }
    this.#pendingSends++;
    try {
      this.#socket.send(bytes, to.port, this.#asSeenFromHere(to.address), (error) => {
        this.#pendingSends--;
        if (error) fail('send-failed', error.message);
        else this.counters.sent++;
      });
    } catch (error) {
      // dgram throws at once for port 0, a foreign address family and a closed socket.
      this.#pendingSends--;
      queueMicrotask(() => fail('send-failed', error instanceof Error ? error.message : 'refused'));
    }
  }
}

class UdpFlow implements Flow {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly isOpen = true;
  readonly remote: SocketAddress;
  readonly #transport: UdpTransport;
  readonly #bound: SocketAddress;
  #local: SocketAddress | undefined;

  constructor(transport: UdpTransport, remote: SocketAddress, bound: SocketAddress) {
    this.#transport = transport;
    this.remote = remote;
    this.#bound = bound;
  }

  get local(): SocketAddress {
    this.#local ??= localTowards(this.remote, this.#bound);
    return this.#local;
  }

  send(bytes: Uint8Array, onError: (error: TransportException) => void): void {
    this.#transport.sendTo(bytes, this.remote, onError);
  }

  onClosed(): () => void {
    return () => undefined;
  }

  probe(onRefused: () => void): () => void {
    return probeUdp(this.remote, onRefused);
  }

  abandon(): void {
    // There is no connection to be given up.
  }

  keepAlive(): void {
    // That it cannot be sent is no news: the next REGISTER will tell.
    this.send(PING, () => undefined);
  }
}
