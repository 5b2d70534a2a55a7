import type { Clock, Timer } from '../../platform';
import type { Flow } from '../transport';

/** Between two probes, and what each waits for its ICMP error, ms. */
const INTERVAL_MS = 1000;
/** Refusals in a row that are a sign: one may be of a port that is just being opened. */
const REFUSALS = 2;

/** Looks, while a question waits for its answer, whether the port that it went to is closed. */
export class PortWatch {
  readonly #clock: Clock;
  readonly #onClosed: () => void;
  #timer: Timer | undefined;
  #stopProbe: () => void = () => undefined;
  #refusals = 0;

  /** `onClosed`: again with each refusal from the second one on. */
  constructor(clock: Clock, onClosed: () => void) {
    this.#clock = clock;
    this.#onClosed = onClosed;
  }

  /** From now on it is the port at the other end of `flow`. */
  watch(flow: Flow): void {
    this.stop();
    this.#timer = this.#clock.setTimer(INTERVAL_MS, () => this.#probe(flow, false));
  }

  stop(): void {
    this.#timer?.cancel();
    this.#stopProbe();
  }

  #probe(flow: Flow, wasRefusedBefore: boolean): void {
    this.#stopProbe();
    let wasRefused = false;
    if (!wasRefusedBefore) this.#refusals = 0;
    this.#stopProbe = flow.probe(() => {
      wasRefused = true;
      if (++this.#refusals >= REFUSALS) this.#onClosed();
    });
    this.#timer = this.#clock.setTimer(INTERVAL_MS, () => this.#probe(flow, wasRefused));
  }
}
