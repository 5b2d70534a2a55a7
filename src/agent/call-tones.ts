import { type MediaEngine, MediaException } from '../media';
import type { Clock, Logger, Timer } from '../platform';
import type { CallStatus } from './call-state';
import type { HoldSound } from './hold-music';
import { type ToneCountry, type ToneName, toneOf } from './tones';

export interface TonePolicy {
  readonly country: ToneCountry;
  /** Ring-back, busy and congestion in the cabin, when we call. */
  readonly progress: boolean;
  /** The cabin rings when somebody calls. */
  readonly ring: boolean;
  /** What far ends hear that we hold: "tone", or a WAV file; silence without. */
  readonly hold?: string;
}

/** How long it is heard why a call did not come about, ms. */
const FAILED_MS = 3000;

/** A call as far as tones mind. */
export interface TonedCall {
  readonly state: CallStatus['state'];
  readonly direction: CallStatus['direction'];
  readonly isWaiting: boolean;
  /** The far end sends the tone itself. */
  readonly hasEarlyMedia: boolean;
}

/** Tones in the cabin: of the calls that we make, and of those that come. */
export class CallTones {
  policy: TonePolicy;
  readonly #engine: MediaEngine;
  readonly #clock: Clock;
  readonly #log: Logger;
  #present: { readonly name: ToneName; readonly playback: Promise<number | undefined> } | undefined;
  #stopped = false;
  #failed: { readonly name: 'busy' | 'congestion'; readonly timer: Timer } | undefined;

  constructor(policy: TonePolicy, engine: MediaEngine, clock: Clock, log: Logger) {
    this.policy = policy;
    this.#engine = engine;
    this.#clock = clock;
    this.#log = log.area('tones');
  }

  /** What a far end hears from now on that we hold. */
  get holdSound(): HoldSound | undefined {
    const { hold, country } = this.policy;
    if (hold === undefined) return undefined;
    return hold === 'tone' ? { tone: toneOf('hold', country) } : { file: hold };
  }

  /** To be called at each change of a call; `ended` is the one that has just ended. */
  follow(calls: readonly TonedCall[], ended?: CallStatus): void {
    if (ended) this.#onEnded(ended, calls);
    if (calls.length > 0) this.#forgetFailure();
    this.#want(this.#toneFor(calls));
  }

  /** For good. */
  stop(): void {
    this.#stopped = true;
    this.#forgetFailure();
    this.#want(undefined);
  }

  #toneFor(calls: readonly TonedCall[]): ToneName | undefined {
    const { progress, ring } = this.policy;
    const rings = calls.some(
      ({ state, direction, hasEarlyMedia }) =>
        state === 'ringing' && direction === 'outgoing' && !hasEarlyMedia,
    );
    if (progress && rings) return 'ringback';
    const isUp = calls.some(({ state }) => state === 'active' || state === 'held');
    if (ring && calls.some(({ isWaiting }) => isWaiting)) return isUp ? 'waiting' : 'ring';
    return this.#failed?.name;
  }

  #onEnded({ direction, durationS, ended = '' }: CallStatus, others: readonly TonedCall[]): void {
    const isOurs = ended === 'given up here' || ended.startsWith('hung up');
    if (!this.policy.progress || direction === 'incoming' || durationS > 0 || isOurs) return;
    if (others.length > 0) return;
    this.#forgetFailure();
    const timer = this.#clock.setTimer(FAILED_MS, () => {
      this.#failed = undefined;
      this.#want(undefined);
    });
    this.#failed = { name: ended === 'busy' ? 'busy' : 'congestion', timer };
  }

  #forgetFailure(): void {
    this.#failed?.timer.cancel();
    this.#failed = undefined;
  }

  #want(name: ToneName | undefined): void {
    if (this.#present?.name === name || (this.#stopped && name)) return;
    const former = this.#present;
    this.#present = name === undefined ? undefined : { name, playback: this.#begin(name) };
    void former?.playback.then((id) => {
      if (id !== undefined) this.#engine.stopPlaying(id);
    });
  }

  async #begin(name: ToneName): Promise<number | undefined> {
    try {
      return await this.#engine.play({ tone: toneOf(name, this.policy.country), repeats: true });
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      this.#log.warn('no tone', { name, reason: error.message });
      return undefined;
    }
  }
}
