import type { Clock, Timer } from '../platform';
import type { CallStatus } from './call-state';
import { isSilent } from './status';

const TICK_MS = 1000;
/** Quality is told every so many ticks. */
const QUALITY_TICKS = 5;

export interface MonitorListener {
  /** Every second while there are calls. */
  onTick(): void;
  onQuality(call: CallStatus): void;
  /** The far end fell silent, or is heard again. */
  onSilence(call: CallStatus, silent: boolean): void;
}

/** Looks at the calls every second while there are any. */
export class Monitor {
  readonly #calls: () => readonly CallStatus[];
  readonly #clock: Clock;
  readonly #listener: MonitorListener;
  readonly #silent = new Set<number>();
  #timer: Timer | undefined;
  #ticks = 0;

  constructor(calls: () => readonly CallStatus[], clock: Clock, listener: MonitorListener) {
    this.#calls = calls;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** To be called when a call begins; it ends by itself after the last one. */
  wake(): void {
    this.#timer ??= this.#clock.setTimer(TICK_MS, () => this.#tick());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #tick(): void {
    this.#timer = undefined;
    const calls = this.#calls();
    for (const id of this.#silent) {
      if (!calls.some(({ call }) => call === id)) this.#silent.delete(id);
    }
    if (calls.length === 0) return;
    this.#ticks += 1;
    for (const call of calls) this.#look(call);
    this.#listener.onTick();
    this.wake();
  }

  #look(call: CallStatus): void {
    const silent = isSilent(call);
    if (silent !== this.#silent.has(call.call)) {
      if (silent) this.#silent.add(call.call);
      else this.#silent.delete(call.call);
      this.#listener.onSilence(call, silent);
    }
    if (call.state === 'active' && this.#ticks % QUALITY_TICKS === 0) {
      this.#listener.onQuality(call);
    }
  }
}
