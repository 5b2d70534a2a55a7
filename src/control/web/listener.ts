import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { BoundedMap, networkOf } from '../../platform';
// Types, as from anywhere outside this folder.
import type { TlsSpoken } from '..';
import type { Credentials } from './credentials';

/** How much time and how many connections there are; ms. */
export const BOUNDS = {
  /** For a request's head, and for the whole of it. */
  headMs: 8000,
  requestMs: 15_000,
  /** A connection on which nothing happens is closed then. Whoever listens is told something each second. */
  silentMs: 20_000,
  keepAliveMs: 5000,
  /** How often slow ones are looked for. */
  lookMs: 2000,
  connections: 64,
  /** Of one network; a browser opens six. */
  ofNetwork: 20,
} as const;
const MAX_HEADER_BYTES = 8192;
const CLOSE_MS = 500;
const NOT_HTTP = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** An HTTP server within bounds, and its connections. */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #ofNetwork = new BoundedMap<number>(BOUNDS.connections);
  #malformed = 0;
  #spoken: TlsSpoken | undefined;

  /** @param times shorter ones than `BOUNDS`, for whoever tries them. */
  constructor(
    credentials: Credentials | undefined,
    onRequest: RequestListener,
    times: Partial<Record<'headMs' | 'requestMs' | 'silentMs' | 'lookMs', number>> = {},
  ) {
    const { headMs, requestMs, silentMs, lookMs } = { ...BOUNDS, ...times };
    const bounds = { maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: lookMs };
    const server = credentials
      ? createSecureServer(
          { ...bounds, ...credentials, minVersion: 'TLSv1.2', handshakeTimeout: headMs },
          onRequest,
        )
      : createServer(bounds, onRequest);
    server.headersTimeout = headMs;
    server.requestTimeout = requestMs;
    server.keepAliveTimeout = BOUNDS.keepAliveMs;
    server.timeout = silentMs;
    server.maxConnections = BOUNDS.connections;
    // Of a handshake that fails, too.
    server.on('clientError', (error, socket) => this.#complain(error, socket));
    server.on('drop', () => {
      this.#malformed += 1;
    });
    server.on('connection', (socket: Socket) => this.#connected(socket));
    server.on('secureConnection', (socket: TLSSocket) => {
      const { standardName: cipher } = socket.getCipher();
      this.#spoken = { version: socket.getProtocol() ?? '', cipher };
    });
    this.#server = server;
  }

  /** What was no HTTP, or too slow, or one connection too many. */
  get malformed(): number {
    return this.#malformed;
  }

  /** TLS with the last browser that came. */
  get spoken(): TlsSpoken | undefined {
    return this.#spoken;
  }

  /** The port that was taken. @throws Error as the system says it */
  open(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  /** What was sent before goes out; within half a second. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroySoon();
    const late = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_MS);
    await closed;
    clearTimeout(late);
  }

  #connected(socket: Socket): void {
    const network = networkOf(socket.remoteAddress ?? '');
    const others = this.#ofNetwork.get(network) ?? 0;
    if (others >= BOUNDS.ofNetwork) {
      this.#malformed += 1;
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    this.#ofNetwork.set(network, others + 1);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      const left = (this.#ofNetwork.get(network) ?? 1) - 1;
      if (left > 0) this.#ofNetwork.set(network, left);
      else this.#ofNetwork.delete(network);
    });
  }

  #complain(error: Error, socket: { end(text: string): void; destroy(): void }): void {
    this.#malformed += 1;
    const isUnreadable = 'code' in error && String(error.code).startsWith('HPE_');
    if (isUnreadable) socket.end(NOT_HTTP);
    else socket.destroy();
  }
}
