import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../platform';
import { type SocketAddress, TransportException } from './flow';
import { Framer } from './framer';

/** As long as a datagram may be; what SIP reads of it is for admission to say. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** Octets that the kernel has not taken yet; beyond it the newest message is dropped. */
const MAX_PENDING_BYTES = 64 * 1024;

/** Two SYNs and some: who has not answered by then is not there, ms. */
const CONNECT_MS = 5000;

/** For a first message, and for the rest of one that has begun, ms. */
const MESSAGE_MS = 10_000;

/** Without a word in either direction; clients keep theirs open by pings (RFC 5626 §4.4.1), ms. */
const IDLE_MS = 600_000;

const PONG = Buffer.from('\r\n');

export interface ConnectionUser {
  onMessage(bytes: Uint8Array): void;
  onClosed(error: TransportException): void;
}

/** One TCP connection with its framing and time limits, RFC 3261 §18. */
export class Connection {
  readonly remote: SocketAddress;
  /** Opened by the other end. */
  readonly isIncoming: boolean;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #user: ConnectionUser;
  readonly #framer = new Framer(MAX_MESSAGE_BYTES);
  readonly #listeners = new Set<(error: TransportException) => void>();
  #timer: Timer | undefined;
  #deadline: number;
  #usedAt: number;
  /** What may come next has been waited for since then. */
  #messageSince: number;
  #isConnected: boolean;
  #hasSpoken = false;
  #reason = 'closed by the other end';
  #isClosed = false;

  constructor(
    socket: Socket,
    remote: SocketAddress,
    isIncoming: boolean,
    clock: Clock,
    user: ConnectionUser,
  ) {
    this.#socket = socket;
    this.remote = remote;
    this.isIncoming = isIncoming;
    this.#clock = clock;
    this.#user = user;
    this.#isConnected = isIncoming;
    this.#messageSince = clock.now();
    this.#usedAt = this.#messageSince;
    this.#deadline = this.#messageSince + (isIncoming ? MESSAGE_MS : CONNECT_MS);
    this.#watch();
    socket.setNoDelay(true);
    socket.on('connect', () => this.#onConnected());
    socket.on('data', (chunk: Uint8Array) => this.#onData(chunk));
    socket.on('error', (error) => {
      this.#reason = error.message;
    });
    socket.on('close', () => this.#onClosed());
  }

  /** This machine's address on it; undefined while it opens. */
  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  /** A message has come, or a ping. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** When something was last sent or received, on the clock. */
  get usedAt(): number {
    return this.#usedAt;
  }

  onClosed(listener: (error: TransportException) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** `done`: it is the kernel's now, or never will be. */
  send(bytes: Uint8Array, done: (error: TransportException | undefined) => void): void {
    if (this.#socket.writableLength > MAX_PENDING_BYTES) {
      queueMicrotask(() => done(this.#exception('congested', 'send queue full')));
      return;
    }
    this.#socket.write(bytes, (error) =>
      done(
        error
          ? this.#exception('closed', this.#isClosed ? this.#reason : error.message)
          : undefined,
      ),
    );
    if (this.#isConnected) this.#prolong();
  }

  close(reason: string): void {
    if (!this.#socket.destroyed) this.#reason = reason;
    this.#socket.destroy();
  }

  #onConnected(): void {
    this.#isConnected = true;
    this.#prolong();
  }

  #onData(chunk: Uint8Array): void {
    const wasWithin = this.#framer.isWithinMessage;
    for (const frame of this.#framer.push(chunk)) {
      if (this.#socket.destroyed) return;
      switch (frame.kind) {
        case 'message':
          this.#hasSpoken = true;
          this.#user.onMessage(frame.bytes);
          break;
        case 'ping':
          // RFC 5626 §4.4.1: who opened the connection asks, and the other one answers.
          if (this.isIncoming) this.#pong();
          break;
        case 'broken':
          this.#reason = frame.problem;
          // What is owed for it goes out first.
          this.#socket.destroySoon();
          return;
      }
    }
    if (!wasWithin && this.#framer.isWithinMessage) this.#messageSince = this.#clock.now();
    this.#prolong();
  }

  #pong(): void {
    this.#hasSpoken = true;
    if (this.#socket.writableLength <= MAX_PENDING_BYTES) this.#socket.write(PONG);
  }

  /** Whoever dribbles a message, or says nothing at all, gets no more time by it. */
  #prolong(): void {
    this.#usedAt = this.#clock.now();
    const waits = this.#framer.isWithinMessage || (this.isIncoming && !this.#hasSpoken);
    this.#deadline = waits ? this.#messageSince + MESSAGE_MS : this.#usedAt + IDLE_MS;
    this.#watch();
  }

  #watch(): void {
    const left = this.#deadline - this.#clock.now();
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(Math.max(left, 0), () => {
      const reason = this.#isConnected ? 'nothing came in time' : 'no answer to opening it';
      this.close(reason);
    });
  }

  #onClosed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    const error = this.#exception('closed', this.#reason);
    this.#user.onClosed(error);
    for (const listener of [...this.#listeners]) listener(error);
    this.#listeners.clear();
  }

  #exception(failure: 'closed' | 'congested', detail: string): TransportException {
    const { address, port } = this.remote;
    return new TransportException(failure, `connection with ${address}:${port}: ${detail}`);
  }
}
