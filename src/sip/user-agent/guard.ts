import type { Clock } from '../../platform';
import { type Flow, PassingFlow, type Transport, type TransportException } from '../transport';

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
class GuardedFlow extends PassingFlow {
  readonly #guard: Guard;
  readonly #onSent: OnSent;

  constructor(guard: Guard, flow: Flow, onSent: OnSent) {
    super(flow);
    this.#guard = guard;
    this.#onSent = onSent;
  }

  send(bytes: Uint8Array, onError: (error: TransportException) => void): void {
    this.#guard.run(() => this.#onSent(bytes, this.flow));
    this.flow.send(bytes, (error) => this.#guard.run(() => onError(error)));
  }

  override onClosed(listener: (error: TransportException) => void): () => void {
    return super.onClosed((error) => this.#guard.run(() => listener(error)));
  }

  override probe(onRefused: () => void): () => void {
    return super.probe(() => this.#guard.run(onRefused));
  }
}
