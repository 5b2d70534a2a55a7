import { Emitter } from '../../platform';

/** An emitter that knows whether anybody listens. */
export class CountingEmitter<
  Events extends { [Name in keyof Events]: readonly unknown[] },
> extends Emitter<Events> {
  #listeners = 0;

  get hasListeners(): boolean {
    return this.#listeners > 0;
  }

  override on<Name extends keyof Events>(
    name: Name,
    listener: (...args: Events[Name]) => void,
  ): () => void {
    const unsubscribe = super.on(name, listener);
    this.#listeners++;
    let isSubscribed = true;
    return () => {
      if (isSubscribed) this.#listeners--;
      isSubscribed = false;
      unsubscribe();
    };
  }
}
