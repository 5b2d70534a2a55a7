import type {
  Destination,
  Flow,
  Receiver,
  SecurityStatus,
  Transport,
  TransportCounters,
  TransportProtocol,
} from './flow';

/** The transports of one user agent side by side; the first is the one taken unless something else is said. */
export class Transports {
  readonly #list: readonly [Transport, ...Transport[]];

  constructor(list: readonly [Transport, ...Transport[]]) {
    this.#list = list;
  }

  get protocols(): readonly TransportProtocol[] {
    return this.#list.map(({ protocol }) => protocol);
  }

  /** Of the first. */
  get port(): number {
    return this.#list[0].port;
  }

  get counters(): TransportCounters {
    const sum = { received: 0, sent: 0, sendErrors: 0, refused: 0 };
    for (const { counters } of this.#list) {
      sum.received += counters.received;
      sum.sent += counters.sent;
      sum.sendErrors += counters.sendErrors;
      sum.refused += counters.refused;
    }
    return sum;
  }

  has(protocol: TransportProtocol): boolean {
    return this.#list.some((one) => one.protocol === protocol);
  }

  listen(receiver: Receiver): void {
    for (const transport of this.#list) transport.listen(receiver);
  }

  /** Of TLS, where it is spoken. */
  get security(): SecurityStatus | undefined {
    return this.#list.find(({ protocol }) => protocol === 'TLS')?.security?.();
  }

  flowTo({ protocol, remote, serverName }: Destination): Flow {
    const transport = this.#list.find((one) => one.protocol === protocol);
    if (!transport) throw new Error(`no transport for ${protocol}`);
    return transport.flowTo(remote, serverName);
  }

  async close(): Promise<void> {
    await Promise.all(this.#list.map((transport) => transport.close()));
  }
}
