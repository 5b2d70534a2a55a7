import type { Call } from './call';
import { AgentException } from './exception';

/** Calls that hear each other, and the cabin with them; each hears all but itself. There is one at most. */
export class Conference {
  #members: readonly Call[] = [];

  /** Their numbers, in the order that they came; empty without a conference. */
  get calls(): readonly number[] {
    return this.#members.map(({ id }) => id);
  }

  /** Those who are active together with a call: of its conference, or it alone. */
  with(call: Call): readonly Call[] {
    return this.#members.includes(call) ? this.#members : [call];
  }

  /** From now on these. @throws AgentException for less than two */
  gather(calls: readonly Call[]): void {
    if (calls.length < 2) {
      throw new AgentException('wrong-state', 'a conference is of two calls at least');
    }
    const former = this.#members;
    this.#members = calls;
    for (const call of former) if (!calls.includes(call)) call.hear([]);
    this.connect();
  }

  /** @throws AgentException when it is in none. */
  leave(call: Call): void {
    if (!this.#members.includes(call)) {
      throw new AgentException('wrong-state', `call ${call.id} is in no conference`);
    }
    this.#drop(call);
    call.hear([]);
  }

  /** Nobody hears anybody but the cabin any more. @throws AgentException when there is none. */
  split(): readonly Call[] {
    const former = this.#members;
    if (former.length === 0) throw new AgentException('wrong-state', 'there is no conference');
    this.#members = [];
    for (const call of former) call.hear([]);
    return former;
  }

  /** A call has ended. */
  forget(call: Call): void {
    if (this.#members.includes(call)) this.#drop(call);
  }

  /** Who hears whom: anew whenever the media of one of them are others. */
  connect(): void {
    for (const call of this.#members) {
      call.hear(this.#members.filter((other) => other !== call));
    }
  }

  /** One who is left is a call as any. */
  #drop(call: Call): void {
    this.#members = this.#members.filter((member) => member !== call);
    const [last, ...others] = this.#members;
    if (last && others.length === 0) {
      this.#members = [];
      last.hear([]);
    }
    this.connect();
  }
}
