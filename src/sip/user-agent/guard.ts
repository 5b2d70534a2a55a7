import type { Clock } from '../../platform';
import type { Flow, Transport } from '../transport';

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

  transport(transport: Transport): Transport {
    return {
      protocol: transport.protocol,
      port: transport.port,
      counters: transport.counters,
      listen: (receiver) =>
        transport.listen((bytes, flow) => this.run(() => receiver(bytes, this.#flow(flow)))),
      flowTo: (remote) => this.#flow(transport.flowTo(remote)),
      close: () => transport.close(),
    };
  }

  #flow(flow: Flow): Flow {
    return {
      protocol: flow.protocol,
      reliable: flow.reliable,
      remote: flow.remote,
      get local() {
        return flow.local;
      },
      send: (bytes, onError) => flow.send(bytes, (error) => this.run(() => onError(error))),
    };
  }
}
