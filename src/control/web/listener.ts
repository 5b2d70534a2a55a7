import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import { BoundedMap, networkOf } from '../../platform';
import type { Credentials } from './credentials';

const MAX_HEADER_BYTES = 8192;
/** A request's head, and the whole of it, take no longer, ms. */
const HEAD_MS = 8000;
const REQUEST_MS = 15_000;
/** A connection on which nothing happens is closed, ms. Whoever listens is told something each second. */
const SILENT_MS = 20_000;
const KEEP_ALIVE_MS = 5000;
const MAX_CONNECTIONS = 64;
/** Of one network; a browser opens six. */
const MAX_OF_NETWORK = 20;
const CLOSE_MS = 500;
const NOT_HTTP = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** An HTTP server within bounds, and its connections. */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #ofNetwork = new BoundedMap<number>(MAX_CONNECTIONS);
  #malformed = 0;

  constructor(credentials: Credentials | undefined, onRequest: RequestListener) {
    const bounds = { maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: 2000 };
    const server = credentials
      ? createSecureServer(
          { ...bounds, ...credentials, minVersion: 'TLSv1.2', handshakeTimeout: HEAD_MS },
          onRequest,
        )
      : createServer(bounds, onRequest);
    server.headersTimeout = HEAD_MS;
    server.requestTimeout = REQUEST_MS;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.timeout = SILENT_MS;
    server.maxConnections = MAX_CONNECTIONS;
    // Of a handshake that fails, too.
    server.on('clientError', (error, socket) => this.#complain(error, socket));
    server.on('drop', () => {
      this.#malformed += 1;
    });
    server.on('connection', (socket: Socket) => this.#connected(socket));
    this.#server = server;
  }

  /** What was no HTTP, or too slow, or one connection too many. */
  get malformed(): number {
    return this.#malformed;
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
    if (others >= MAX_OF_NETWORK) {
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
