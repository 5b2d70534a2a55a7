import { type Clock, type Random, randomFraction, type Timer } from '../../platform';
import type { Flow } from '../transport';

/** RFC 5626 §3.5.1: two line breaks, which whoever receives them ignores or answers by one. */
const PING = Buffer.from('\r\n\r\n');

/** Seconds; NAT bindings of UDP may be gone after half a minute. */
const SHORTEST_S = 15;
const LONGEST_S = 30;

/** Keeps the NAT's binding of a flow open while a registration stands. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #random: Random;
  #timer: Timer | undefined;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Over `flow`, as long as the binding stands: `until` on the clock. */
  start(flow: Flow, until: number): void {
    this.stop();
    const seconds = SHORTEST_S + randomFraction(this.#random) * (LONGEST_S - SHORTEST_S);
    this.#timer = this.#clock.setTimer(seconds * 1000, () => {
      if (this.#clock.now() >= until) return;
      // A ping that cannot be sent is no news: the next REGISTER will tell.
      flow.send(PING, () => undefined);
      this.start(flow, until);
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
