import type { Socket } from 'node:net';
import { type Clock, plainAddress, type Timer } from '../../platform';
import { PING, type SocketAddress, TransportException } from './flow';
import { Framer } from './framer';
import type { Opening } from './opening';

/** As long as a datagram may be; what SIP reads of it is for admission to say. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** Octets that the kernel has not taken yet; beyond it the newest message is dropped. */
const MAX_PENDING_BYTES = 64 * 1024;

/** Two SYNs and some, and over TLS its handshake: who has not answered by then is not there, ms. */
const CONNECT_MS = 5000;

/** For the answer to a keep-alive, RFC 5626 §4.4.1, ms. */
const PONG_MS = 10_000;

/** For a first message, and for the rest of one that has begun, ms. */
const MESSAGE_MS = 10_000;

/** Without a word in either direction; clients keep theirs open by pings (RFC 5626 §4.4.1), ms. */
const IDLE_MS = 600_000;

/** What the network says of a connection that the far end has not closed. */
const NO_WAY: readonly unknown[] = ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'];

/** Without a message more to send: as long as an INVITE may ring (timer C, RFC 3261 §16.6), ms. */
const RETIRED_MS = 180_000;

const PONG = Buffer.from('\r\n');

export interface ConnectionEnd {
  readonly remote: SocketAddress;
  /** Opened by the other end. */
  readonly isIncoming: boolean;
  readonly serverName?: string;
}

export interface ConnectionUser {
  onMessage(bytes: Uint8Array): void;
  onClosed(error: TransportException): void;
}

type Done = (error: TransportException | undefined) => void;

/** One connection with its framing and time limits, RFC 3261 §18. */
export class Connection {
  readonly remote: SocketAddress;
  /** Over TLS: whom the far end has to be; undefined where it came to us. */
  readonly serverName: string | undefined;
  /** Opened by the other end. */
  readonly isIncoming: boolean;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #user: ConnectionUser;
  readonly #hasHeartbeats: boolean | undefined;
  readonly #framer = new Framer(MAX_MESSAGE_BYTES);
  readonly #listeners = new Set<(error: TransportException) => void>();
  #timer: Timer | undefined;
  #deadline: number;
  #usedAt: number;
  /** What may come next has been waited for since then. */
  #messageSince: number;
  /** The way is there, and the far end is who it should be. */
  #isReady = false;
  /** What waits for that. */
  #held: { readonly bytes: Uint8Array; readonly done: Done }[] = [];
  #heldBytes = 0;
  /** It answers keep-alives. */
  #pongs = false;
  #pongTimer: Timer | undefined;
  #hasSpoken = false;
  /** It goes by then, whatever comes. */
  #endsAt = Number.POSITIVE_INFINITY;
  #reason = 'closed by the other end';
  #failure: 'closed' | 'lost' = 'closed';
  #isClosed = false;

  constructor(opening: Opening, end: ConnectionEnd, clock: Clock, user: ConnectionUser) {
    const { socket } = opening;
    this.#socket = socket;
    this.remote = end.remote;
    this.isIncoming = end.isIncoming;
    this.serverName = end.serverName;
    this.#clock = clock;
    this.#user = user;
    this.#hasHeartbeats = opening.hasHeartbeats;
    const { isIncoming } = end;
    this.#messageSince = clock.now();
    this.#usedAt = this.#messageSince;
    this.#deadline = this.#messageSince + (isIncoming ? MESSAGE_MS : CONNECT_MS);
    this.#watch();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Uint8Array) => this.#onData(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#reason = opening.explain(error);
      if (this.#isReady && NO_WAY.includes(error.code)) this.#failure = 'lost';
    });
    socket.on('close', () => this.#onClosed());
    opening.whenReady((refusal) => this.#onReady(refusal));
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Whether messages pass: it is open, and its far end is who it should be. */
  get isReady(): boolean {
    return this.#isReady && !this.#socket.destroyed;
  }

  /** This machine's address on it; undefined while it opens. */
  get localAddress(): string | undefined {
    const { localAddress } = this.#socket;
    return localAddress === undefined ? undefined : plainAddress(localAddress);
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
  send(bytes: Uint8Array, done: Done): void {
    if (this.#socket.writableLength + this.#heldBytes > MAX_PENDING_BYTES) {
      queueMicrotask(() => done(this.#exception('congested', 'send queue full')));
    } else if (this.#isReady) this.#write(bytes, done);
    else {
      // Nothing goes to whom it may not be for.
      this.#held.push({ bytes, done });
      this.#heldBytes += bytes.length;
    }
  }

  /** RFC 5626 §4.4.1: who has answered before has so much time to answer again. */
  keepAlive(): void {
    if (!this.#isReady || this.#socket.writableLength > MAX_PENDING_BYTES) return;
    if (this.#hasHeartbeats) {
      this.#prolong();
      return;
    }
    this.#socket.write(PING);
    this.#pongTimer ??= this.#clock.setTimer(PONG_MS, () => {
      this.#pongTimer = undefined;
      // Who has never answered may know nothing of it.
      if (this.#pongs) this.close('no answer to a keep-alive');
    });
  }

  #write(bytes: Uint8Array, done: Done): void {
    this.#socket.write(bytes, (error) =>
      done(
        error
          ? this.#exception('closed', this.#isClosed ? this.#reason : error.message)
          : undefined,
      ),
    );
    this.#prolong();
  }

  /** Another one has taken its place: it is there for what is still to come, and not for long. */
  retire(): void {
    this.#endsAt = this.#clock.now() + RETIRED_MS;
    this.#watch();
  }

  close(reason: string): void {
    if (!this.#socket.destroyed) {
      this.#reason = reason;
      if (this.#isReady) this.#failure = 'lost';
    }
    this.#socket.destroy();
  }

  #onReady(refusal: string | undefined): void {
    if (refusal !== undefined) {
      this.close(refusal);
      return;
    }
    this.#isReady = true;
    if (!this.isIncoming) this.#prolong();
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const { bytes, done } of held) this.#write(bytes, done);
  }

  #onData(chunk: Uint8Array): void {
    // Whatever comes shows that it is alive; a line break while one is awaited, that it answers.
    if (this.#pongTimer) {
      if (!this.#framer.isWithinMessage && beginsWithPong(chunk)) this.#pongs = true;
      this.#pongTimer.cancel();
      this.#pongTimer = undefined;
    }
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
    const left = Math.min(this.#deadline, this.#endsAt) - this.#clock.now();
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(Math.max(left, 0), () => {
      const reason = this.#isReady ? 'nothing came in time' : 'no answer to opening it';
      this.close(reason);
    });
  }

  #onClosed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#pongTimer?.cancel();
    const error = this.#exception(this.#failure, this.#reason);
    this.#user.onClosed(error);
    for (const { done } of this.#held.splice(0)) done(error);
    for (const listener of [...this.#listeners]) listener(error);
    this.#listeners.clear();
  }

  #exception(failure: 'closed' | 'lost' | 'congested', detail: string): TransportException {
    const { address, port } = this.remote;
    return new TransportException(failure, `connection with ${address}:${port}: ${detail}`);
  }
}

/** All of it, or the half that was left; a message may follow at once. */
function beginsWithPong(chunk: Uint8Array): boolean {
  return [PONG, PONG.subarray(1)].some((pong) => pong.equals(chunk.subarray(0, pong.length)));
}
