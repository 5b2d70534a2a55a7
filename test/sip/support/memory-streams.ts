import type { Clock } from '../../../src/platform';
import {
  type Flow,
  PING,
  type Receiver,
  type SocketAddress,
  type Transport,
  TransportException,
} from '../../../src/sip/transport';
import { type MemoryNetwork, nameOf } from './memory-network';

/** One end of a connection, by the transport that holds it. */
interface End {
  readonly transport: MemoryStreamTransport;
  readonly remote: SocketAddress;
  readonly peer: () => End | undefined;
}

/** Connections between the phones of a memory network: nothing is lost, but they can be cut and refused. */
export class MemoryStreams {
  readonly #network: MemoryNetwork;
  readonly #clock: Clock;
  readonly #listening = new Map<string, MemoryStreamTransport>();
  /** Opened so far, as `from to`. */
  readonly opened: string[] = [];
  #ports = 40_000;

  constructor(network: MemoryNetwork, clock: Clock) {
    this.#network = network;
    this.#clock = clock;
  }

  transport(local: SocketAddress): MemoryStreamTransport {
    const transport = new MemoryStreamTransport(this, local);
    this.#listening.set(nameOf(local), transport);
    return transport;
  }

  forget(local: SocketAddress): void {
    this.#listening.delete(nameOf(local));
  }

  /** Undefined when nobody listens there. */
  open(from: MemoryStreamTransport, to: SocketAddress): End | undefined {
    const other = this.#listening.get(nameOf(to));
    if (!other) return undefined;
    const source = { address: from.local.address, port: this.#ports++ };
    this.opened.push(`${from.local.address} ${nameOf(to)}`);
    const near: End = { transport: from, remote: to, peer: () => far };
    const far: End = { transport: other, remote: source, peer: () => near };
    other.add(far);
    return near;
  }

  carry(near: End, bytes: Uint8Array): void {
    const far = near.peer();
    if (!far) return;
    const text = Buffer.from(bytes).toString('latin1');
    const [from, to] = [nameOf(far.remote), nameOf(near.remote)];
    this.#network.sent.push({ from, to, text, at: this.#clock.now() });
    this.#clock.setTimer(this.#network.latencyMs, () => far.transport.take(far, bytes));
  }

  later(task: () => void): void {
    this.#clock.setTimer(this.#network.latencyMs, task);
  }
}

export class MemoryStreamTransport implements Transport {
  readonly protocol = 'TCP';
  readonly counters = { received: 0, sent: 0, sendErrors: 0, refused: 0 };
  readonly local: SocketAddress;
  readonly #streams: MemoryStreams;
  readonly #ends = new Map<string, End>();
  readonly #listeners = new Map<string, Set<(error: TransportException) => void>>();
  #receiver: Receiver = () => undefined;

  constructor(streams: MemoryStreams, local: SocketAddress) {
    this.#streams = streams;
    this.local = local;
  }

  get port(): number {
    return this.local.port;
  }

  listen(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  flowTo(remote: SocketAddress): Flow {
    const transport = this;
    const key = nameOf(remote);
    return {
      protocol: 'TCP',
      reliable: true,
      remote,
      local: this.local,
      get isOpen() {
        return transport.#ends.has(key);
      },
      send: (bytes, onError) => this.#send(remote, bytes, onError),
      onClosed: (listener) => {
        const listeners = this.#listeners.get(key);
        listeners?.add(listener);
        return () => listeners?.delete(listener);
      },
      probe: () => () => undefined,
      abandon: () => this.#close(key, 'lost'),
      keepAlive() {
        if (this.isOpen) this.send(PING, () => undefined);
      },
    };
  }

  /** Every connection breaks, as when the machine loses its power: nobody says goodbye. */
  cut(): void {
    for (const key of [...this.#ends.keys()]) this.#close(key, 'closed');
  }

  /** The network has lost every connection, or the one with that address: this end learns of it by itself. */
  lose(remote?: SocketAddress): void {
    const keys = remote ? [nameOf(remote)] : [...this.#ends.keys()];
    for (const key of keys) this.#close(key, 'lost');
  }

  close(): Promise<void> {
    this.#streams.forget(this.local);
    this.cut();
    return Promise.resolve();
  }

  add(end: End): void {
    const key = nameOf(end.remote);
    this.#ends.set(key, end);
    this.#listeners.set(key, new Set());
  }

  /** The machine is gone without a word: what comes is not heard. */
  silence(): void {
    this.#receiver = () => undefined;
  }

  take(end: End, bytes: Uint8Array): void {
    if (!this.#ends.has(nameOf(end.remote))) return;
    this.counters.received++;
    this.#receiver(bytes, this.flowTo(end.remote));
  }

  #send(
    remote: SocketAddress,
    bytes: Uint8Array,
    onError: (error: TransportException) => void,
  ): void {
    const key = nameOf(remote);
    let end = this.#ends.get(key);
    if (!end) {
      end = this.#streams.open(this, remote);
      if (!end) {
        this.counters.sendErrors++;
        this.#streams.later(() => onError(new TransportException('closed', 'connection refused')));
        return;
      }
      this.add(end);
    }
    this.counters.sent++;
    this.#streams.carry(end, bytes);
  }

  #close(key: string, failure: 'closed' | 'lost', tellsPeer = true): void {
    const end = this.#ends.get(key);
    const listeners = this.#listeners.get(key);
    this.#ends.delete(key);
    this.#listeners.delete(key);
    const error = new TransportException(failure, 'connection reset');
    for (const listener of listeners ?? []) listener(error);
    const peer = tellsPeer ? end?.peer() : undefined;
    if (peer) {
      this.#streams.later(() => peer.transport.#close(nameOf(peer.remote), 'closed', false));
    }
  }
}
