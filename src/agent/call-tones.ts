import type { MediaEngine } from '../media';
import type { Clock, Logger, Timer } from '../platform';
import type { CallStatus } from './call-state';
import { Playback, type Sound } from './playback';
import { soundOf, type ToneCountry, type ToneName, toneOf } from './tones';

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
  readonly #clock: Clock;
  readonly #playback: Playback;
  #present: ToneName | undefined;
  #stopped = false;
  #failed: { readonly name: 'busy' | 'congestion'; readonly timer: Timer } | undefined;

  constructor(policy: TonePolicy, engine: MediaEngine, clock: Clock, log: Logger) {
    this.policy = policy;
    this.#clock = clock;
    this.#playback = new Playback(engine, log.area('tones'));
  }

  /** What a far end hears from now on that we hold. */
  get holdSound(): Sound | undefined {
    return soundOf(this.policy.hold, 'hold');
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
    if (this.#present === name || (this.#stopped && name)) return;
    this.#present = name;
    if (name === undefined) this.#playback.end();
    else this.#playback.begin({ tone: toneOf(name, this.policy.country), repeats: true });
  }
}
