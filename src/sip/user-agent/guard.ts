import type { Clock } from '../../platform';
import type {
  Flow,
  SocketAddress,
  Transport,
  TransportException,
  TransportProtocol,
} from '../transport';

export type OnSent = (bytes: Uint8Array, flow: Flow) => void;

/**
 * The last line of defence: what is thrown in a timer, on a datagram or on a send error is a bug of
 * ours, and it is reported instead of taking the agent down with it.
 */
export class Guard {
  readonly #report: (error: unknown) => void;
  #caught = 0;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Bugs that showed so far. */
  get caught(): number {
    return this.#caught;
  }

  run(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#caught++;
      this.#report(error);
    }
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, () => this.run(fire)),
    };
  }

  /** @param onSent hears what leaves by it. */
  transport(transport: Transport, onSent: OnSent): Transport {
    const guarded = (flow: Flow): Flow => new GuardedFlow(this, flow, onSent);
    return {
      protocol: transport.protocol,
      port: transport.port,
      counters: transport.counters,
      listen: (receiver) =>
        transport.listen((bytes, flow) => this.run(() => receiver(bytes, guarded(flow)))),
      flowTo: (remote, serverName) => guarded(transport.flowTo(remote, serverName)),
      security: () => transport.security?.(),
      close: () => transport.close(),
    };
  }
}

/** A class and no literal: there is one for every transaction that lingers. */
class GuardedFlow implements Flow {
  readonly #guard: Guard;
  readonly #flow: Flow;
  readonly #onSent: OnSent;

  constructor(guard: Guard, flow: Flow, onSent: OnSent) {
    this.#guard = guard;
    this.#flow = flow;
    this.#onSent = onSent;
  }

  get protocol(): TransportProtocol {
    return this.#flow.protocol;
  }

  get reliable(): boolean {
    return this.#flow.reliable;
  }

  get remote(): SocketAddress {
    return this.#flow.remote;
  }

  get local(): SocketAddress {
    return this.#flow.local;
  }

  get isOpen(): boolean {
    return this.#flow.isOpen;
  }

  send(bytes: Uint8Array, onError: (error: TransportException) => void): void {
    this.#guard.run(() => this.#onSent(bytes, this.#flow));
    this.#flow.send(bytes, (error) => this.#guard.run(() => onError(error)));
  }

  onClosed(listener: (error: TransportException) => void): () => void {
    return this.#flow.onClosed((error) => this.#guard.run(() => listener(error)));
  }

  probe(onRefused: () => void): () => void {
    return this.#flow.probe(() => this.#guard.run(onRefused));
  }

  abandon(): void {
    this.#flow.abandon();
  }

  keepAlive(): void {
    this.#flow.keepAlive();
  }
}
