import type { Clock } from '../../../src/platform';
import {
  type Flow,
  PING,
  type Receiver,
  type SocketAddress,
  type Transport,
  TransportException,
} from '../../../src/sip/transport';

export interface Datagram {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly at: number;
}

/** Says whether a datagram is lost. */
export type Loss = (datagram: Datagram) => boolean;

/** Datagrams between addresses written as `host:port`, over a clock, with loss at will. */
export class MemoryNetwork {
  /** Everything that was sent, lost or not. */
  readonly sent: Datagram[] = [];
  lose: Loss = () => false;
  latencyMs = 10;
  /** When each copy of a datagram arrives, ms; as sent, once and after `latencyMs`, without it. */
  copies: ((datagram: Datagram) => readonly number[]) | undefined;
  /** No interface is up: every send fails, and no flow knows a local address. */
  isDown = false;
  /** `host:port`s that are closed: a probe hears of it, a moment later. */
  readonly closed = new Set<string>();
  /** Keeping every datagram of a long run would be all that it measures. */
  keepsTrace = true;
  readonly #clock: Clock;
  readonly #nodes = new Map<string, (bytes: Uint8Array, from: SocketAddress) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  attach(address: SocketAddress, take: (bytes: Uint8Array, from: SocketAddress) => void): void {
    this.#nodes.set(nameOf(address), take);
  }

  detach(address: SocketAddress): void {
    this.#nodes.delete(nameOf(address));
  }

  send(from: SocketAddress, to: SocketAddress, bytes: Uint8Array): void {
    const text = this.keepsTrace ? Buffer.from(bytes).toString('latin1') : '';
    const datagram = { from: nameOf(from), to: nameOf(to), text, at: this.#clock.now() };
    if (this.keepsTrace) this.sent.push(datagram);
    if (this.lose(datagram)) return;
    for (const delayMs of this.copies?.(datagram) ?? [this.latencyMs]) {
      this.#clock.setTimer(delayMs, () => this.#nodes.get(datagram.to)?.(bytes, from));
    }
  }

  transport(local: SocketAddress): MemoryTransport {
    return new MemoryTransport(this, local, this.#clock);
  }
}

export function nameOf({ address, port }: SocketAddress): string {
  return `${address}:${port}`;
}

function networkDown(): TransportException {
  return new TransportException('send-failed', 'network is down');
}

export class MemoryTransport implements Transport {
  readonly protocol = 'UDP';
  readonly port: number;
  readonly counters = { received: 0, sent: 0, sendErrors: 0, refused: 0 };
  readonly #network: MemoryNetwork;
  readonly #clock: Clock;
  #local: SocketAddress;
  #receiver: Receiver = () => undefined;

  constructor(network: MemoryNetwork, local: SocketAddress, clock: Clock) {
    this.port = local.port;
    this.#network = network;
    this.#local = local;
    this.#clock = clock;
  }

  /** The interface has another address from now on; what goes to the old one is lost. */
  moveTo(address: string): void {
    this.#network.detach(this.#local);
    this.#local = { address, port: this.port };
    this.listen(this.#receiver);
  }

  listen(receiver: Receiver): void {
    this.#receiver = receiver;
    this.#network.attach(this.#local, (bytes, from) => {
      this.counters.received++;
      receiver(bytes, this.flowTo(from));
    });
  }

  flowTo(remote: SocketAddress): Flow {
    const [network, local] = [this.#network, this.#local];
    return {
      protocol: 'UDP',
      reliable: false,
      remote,
      get local(): SocketAddress {
        if (network.isDown) throw networkDown();
        return local;
      },
      send: (bytes, onError) => {
        if (network.isDown) {
          this.counters.sendErrors++;
          this.#clock.setTimer(0, () => onError(networkDown()));
          return;
        }
        this.counters.sent++;
        network.send(local, remote, bytes);
      },
      isOpen: true,
      onClosed: () => () => undefined,
      probe: (onRefused) => {
        const refusal = this.#clock.setTimer(network.latencyMs, () => {
          if (network.closed.has(nameOf(remote))) onRefused();
        });
        return () => refusal.cancel();
      },
      abandon: () => undefined,
      keepAlive() {
        this.send(PING, () => undefined);
      },
    };
  }

  close(): Promise<void> {
    this.#network.detach(this.#local);
    return Promise.resolve();
  }
}
