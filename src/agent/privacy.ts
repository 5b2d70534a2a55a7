import type { MediaEngine } from '../media';
import type { Logger } from '../platform';
import type { LiveSign } from './live-sign';
import { type MuteKeeper, type Mutes, Muting } from './muting';
import type { LivePolicy } from './policy';

/** A call as far as it lets anything out. */
export interface LiveCall {
  readonly isUp: boolean;
  readonly heldByUs: boolean;
}

/** Whether the cabin is heard and seen outside, by the owner's word, and how the cabin learns of it. */
export class Privacy {
  readonly #muting: Muting;
  readonly #log: Logger;
  readonly #hasPicture: boolean;
  #policy: LivePolicy;
  #engine: MediaEngine | undefined;
  #talks = false;
  #isLive = false;
  #sign: Promise<LiveSign> | undefined;
  #told: Promise<void> = Promise.resolve();

  constructor(
    policy: LivePolicy,
    hasPicture: boolean,
    keeper: MuteKeeper | undefined,
    log: Logger,
  ) {
    this.#policy = policy;
    this.#hasPicture = hasPicture;
    this.#log = log;
    this.#muting = new Muting(keeper, log);
  }

  get mutes(): Mutes {
    return this.#muting.mutes;
  }

  /** The media plane is there, and no call yet. */
  begin(engine: MediaEngine): void {
    this.#engine = engine;
    this.#muting.begin((settings) => engine.mute(settings));
    this.#tell();
  }

  set policy(policy: LivePolicy) {
    this.#policy = policy;
    this.#tell();
  }

  mute(name: keyof Mutes, on: boolean): void {
    this.#muting.set(name, on);
    this.#look();
  }

  /** To be called at each change of a call. */
  follow(calls: readonly LiveCall[], helpIsCalled: boolean): void {
    this.#muting.helpIsCalled = helpIsCalled;
    this.#talks = calls.some(({ isUp, heldByUs }) => isUp && !heldByUs);
    this.#look();
  }

  /** Resolves when the cabin has been told all. */
  settled(): Promise<void> {
    return this.#told;
  }

  #look(): void {
    const isLive = this.#talks && this.#muting.letsOut(this.#hasPicture);
    if (isLive === this.#isLive) return;
    this.#isLive = isLive;
    this.#tell();
  }

  #tell(): void {
    const engine = this.#engine;
    const policy = this.#policy;
    const isLive = this.#isLive;
    if (!engine || (policy.liveNotice ?? policy.liveIndicator) === undefined) return;
    this.#sign ??= import('./live-sign').then(({ LiveSign }) => new LiveSign(engine, this.#log));
    this.#told = this.#sign.then(
      (sign) => sign.tell(isLive, policy),
      (error: unknown) => this.#log.error(String(error)),
    );
  }
}
