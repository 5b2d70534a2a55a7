import { type Clock, type Random, randomFraction, type Timer } from '../../platform';
import type { Flow } from '../transport';

/** Seconds; NAT bindings of UDP may be gone after half a minute. */
const OF_DATAGRAMS_S = [15, 30] as const;
/** Those of TCP last for longer: RFC 5626 §4.4.1. */
const OF_CONNECTIONS_S = [95, 120] as const;

/** Keeps the NAT's binding of a flow open while a registration stands. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #random: Random;
  #timer: Timer | undefined;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Over `flow`, as long as the binding stands: `until` on the clock. `mostS`: the server's own Flow-Timer. */
  start(flow: Flow, until: number, mostS?: number): void {
    this.stop();
    const usual = flow.reliable ? OF_CONNECTIONS_S : OF_DATAGRAMS_S;
    // RFC 5626 §4.4: between 80 and 100 percent of it.
    const [shortest, longest] = mostS ? [0.8 * mostS, mostS] : usual;
    const seconds = shortest + randomFraction(this.#random) * (longest - shortest);
    this.#timer = this.#clock.setTimer(seconds * 1000, () => {
      if (this.#clock.now() >= until) return;
      // To open a connection anew is the affair of the next REGISTER.
      flow.keepAlive();
      this.start(flow, until, mostS);
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
