import type { Call } from './call';
import type { CallStatus } from './call-state';
import { AgentException } from './exception';

/** The calls that exist, by number; only one of them, or one conference, talks at a time. */
export class CallList {
  /** Held for a browser's call that has not come about yet: they talk on if it never does. */
  readonly displaced = new Set<Call>();
  readonly #calls = new Map<number, Call>();

  get all(): readonly Call[] {
    return [...this.#calls.values()];
  }

  add(call: Call): void {
    this.#calls.set(call.id, call);
  }

  remove(call: Call): void {
    this.displaced.delete(call);
    this.#calls.delete(call.id);
  }

  statuses(): CallStatus[] {
    return this.all.map((call) => call.status());
  }

  /**
   * The call `id`, or without one the call that fits; of several the one with the lowest `rank`.
   * @param words what a fitting call would be, for the refusal.
   * @throws AgentException when there is none.
   */
  find(
    id: number | undefined,
    fits: (call: Call) => boolean,
    words: string,
    rank: (call: Call) => number = () => 0,
  ): Call {
    if (id !== undefined) {
      const call = this.#calls.get(id);
      if (!call) throw new AgentException('wrong-state', `there is no call ${id}`);
      return call;
    }
    const [call] = this.all.filter(fits).sort((one, other) => rank(one) - rank(other));
    if (!call) throw new AgentException('wrong-state', `no call ${words}`);
    return call;
  }

  /** @throws AgentException when one of them cannot be held. */
  async holdAllBut(calls: readonly Call[]): Promise<void> {
    for (const other of this.all) {
      if (!calls.includes(other) && isHoldable(other)) await other.hold();
    }
  }

  /** Those of them that are up and held by us, one after the other. @throws AgentException when one cannot be. */
  async resumeAll(calls: readonly Call[]): Promise<void> {
    for (const call of calls) if (call.isUp && call.heldByUs) await call.resume();
  }
}

/** Up, and not held by us yet. */
export function isHoldable(call: Call): boolean {
  return call.isUp && !call.heldByUs;
}
