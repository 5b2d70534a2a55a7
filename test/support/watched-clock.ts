import type { Timer } from '../../src/platform';
import { VirtualClock } from './virtual-clock';

/** Remembers what was waited for. */
export class WatchedClock extends VirtualClock {
  /** In ms, in order. */
  readonly waits: number[] = [];

  override setTimer(delayMs: number, fire: () => void): Timer {
    this.waits.push(delayMs);
    return super.setTimer(delayMs, fire);
  }
}
