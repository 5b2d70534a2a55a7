import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { SocketAddress } from '../../ice';
import type { Logger } from '../../platform';
import { StreamFramer } from './stream-framer';

export interface StreamRelayParts {
  readonly server: SocketAddress & { readonly host: string };
  readonly isSecure: boolean;
  readonly caFile: string | undefined;
  /** The media socket that it serves; nobody else is. */
  readonly near: SocketAddress;
  readonly log: Logger;
  /** @param at where packets to the server go. */
  readonly onOpen: (at: SocketAddress) => void;
  /** Once; also when it never opened. */
  readonly onClosed: (reason: string) => void;
}

/** Whoever has not connected by then is not there, ms. */
const CONNECT_MS = 5000;
/** What waits for a stream that stands still; more is dropped, as a network drops it. */
const MAX_WAITING_BYTES = 64 * 1024;

/**
 * Where UDP is blocked: datagrams of one media socket to and from a TURN server by TCP or TLS (RFC 8656 §3.1). It is
 * a socket of this machine that stands for the server; docs/decisions/0014 says what that costs.
 */
export class StreamRelay {
  readonly #parts: StreamRelayParts;
  readonly #datagrams: Datagrams;
  readonly #stream: Socket;
  readonly #framer = new StreamFramer();
  #isClosed = false;

  constructor(parts: StreamRelayParts) {
    this.#parts = parts;
    const { near } = parts;
    this.#datagrams = createSocket(isIP(near.address) === 6 ? 'udp6' : 'udp4');
    this.#stream = this.#connect();
    this.#stream.setNoDelay(true);
    this.#stream.setTimeout(CONNECT_MS, () => this.#end('no connection within 5 s'));
    this.#stream.on('error', (error) => this.#end(error.message));
    this.#stream.on('close', () => this.#end('the server has closed the connection'));
    this.#stream.on('data', (bytes) => this.#onStream(bytes));
    this.#datagrams.on('error', (error) => this.#end(error.message));
    this.#datagrams.on('message', (bytes, from) => {
      if (from.port === near.port && from.address === near.address) this.#onDatagram(bytes);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#stream.destroy();
    try {
      this.#datagrams.close();
    } catch {
      // It is closed already.
    }
  }

  #connect(): Socket {
    const { server, isSecure, caFile, near } = this.#parts;
    const at = { host: server.address, port: server.port, localAddress: near.address };
    if (!isSecure) return connectPlain(at, () => this.#onConnected());
    // A name that is none is not sent, and the certificate is for the address then (RFC 6066 §3).
    const named = isIP(server.host) === 0 ? { servername: server.host } : {};
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
    return connectSecure({ ...at, ...named, ...ca }, () => this.#onConnected());
  }

  #onConnected(): void {
    const { near, onOpen } = this.#parts;
    this.#stream.setTimeout(0);
    if (this.#isClosed) return;
    this.#datagrams.bind(0, near.address, () => {
      if (!this.#isClosed) onOpen({ address: near.address, port: this.#datagrams.address().port });
    });
  }

  #onDatagram(bytes: Uint8Array): void {
    if (this.#isClosed || this.#stream.writableLength > MAX_WAITING_BYTES) return;
    this.#stream.write(padded(bytes));
  }

  #onStream(bytes: Uint8Array): void {
    const { near } = this.#parts;
    const packets = this.#framer.take(bytes);
    if (!packets) {
      this.#end('the server sends what is neither STUN nor ChannelData');
      return;
    }
    for (const packet of packets) this.#datagrams.send(packet, near.port, near.address);
  }

  #end(reason: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#parts.log.info('the way to a TURN server is closed', { reason });
    this.#parts.onClosed(reason);
  }
}

/** RFC 8656 §12.5: in a stream ChannelData takes a multiple of four octets; STUN does anyway. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}
