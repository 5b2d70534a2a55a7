import type { MuteSettings } from '../media';
import type { Logger } from '../platform';

/** What nobody outside gets, by the owner's word. */
export interface Mutes {
  readonly microphoneMuted: boolean;
  readonly pictureMuted: boolean;
}

/** Keeps that word beyond a restart: a car that is switched on again does not listen by itself. */
export interface MuteKeeper {
  /** As it was kept. */
  readonly mutes: Mutes;
  keep(mutes: Mutes): void;
}

/** Microphone and picture, muted or not: over whatever calls agree on, except that a call for help is heard. */
export class Muting {
  #mutes: Mutes;
  readonly #keeper: MuteKeeper | undefined;
  readonly #log: Logger;
  #apply: (settings: MuteSettings) => void = () => undefined;
  #helpIsCalled = false;

  constructor(keeper: MuteKeeper | undefined, log: Logger) {
    this.#keeper = keeper;
    this.#log = log;
    this.#mutes = keeper?.mutes ?? { microphoneMuted: false, pictureMuted: false };
  }

  get mutes(): Mutes {
    return this.#mutes;
  }

  /** The media plane is there: nothing is heard or seen of it before. */
  begin(apply: (settings: MuteSettings) => void): void {
    this.#apply = apply;
    this.#tell();
  }

  /** Whether anything gets out. @param hasPicture where there is a camera */
  letsOut(hasPicture: boolean): boolean {
    const { microphone, picture } = this.#settings;
    return !microphone || (hasPicture && !picture);
  }

  set(name: keyof Mutes, on: boolean): void {
    this.#mutes = { ...this.#mutes, [name]: on };
    this.#tell();
    this.#keeper?.keep(this.#mutes);
  }

  /** A call for help needs to hear the cabin. */
  set helpIsCalled(isCalled: boolean) {
    if (this.#helpIsCalled === isCalled) return;
    this.#helpIsCalled = isCalled;
    if (!this.#mutes.microphoneMuted) return;
    this.#log.warn(isCalled ? 'unmuted for a call for help' : 'muted again');
    this.#tell();
  }

  get #settings(): MuteSettings {
    const { microphoneMuted, pictureMuted } = this.#mutes;
    return { microphone: microphoneMuted && !this.#helpIsCalled, picture: pictureMuted };
  }

  #tell(): void {
    this.#apply(this.#settings);
  }
}
