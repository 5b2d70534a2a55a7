import type { Clock, Timer } from '../../platform';
import type { HeaderList, SipRequest, SipResponse } from '../message';
import {
  MAX_INTERVAL_S,
  MIN_SE_S,
  minSeOf,
  type RefresherRole,
  sessionExpiresField,
  sessionExpiresOf,
  supportsTimer,
} from './session-expires';

/** The session that is kept alive, or ends. */
export interface SessionTimerHost {
  /** The refresh is ours and due. */
  refresh(): void;
  /** Nobody has refreshed in time. */
  expire(): void;
}

type Refresher = 'us' | 'them';

/** Intervals raised at a 422 before we do without a timer: two proxies and the peer may each ask. */
const MAX_RAISES = 3;

/** Wait before a refresh that was refused for the moment is sent again, ms. */
const REFRESH_AGAIN_MS = 10_000;

/** No peer is bothered more often, whatever interval it names, ms. */
const SOONEST_REFRESH_MS = 10_000;

/** The session timer of RFC 4028 in both roles: what requests and answers say, and what is due when. */
export class SessionTimer {
  readonly #clock: Clock;
  readonly #host: SessionTimerHost;
  /** What we ask for; undefined when the way there does without. */
  #wantedS: number | undefined;
  /** Largest Min-SE that a 422 named, §7.3. */
  #minSeS = MIN_SE_S;
  #raises = 0;
  #refresher: Refresher | undefined;
  #refreshTimer: Timer | undefined;
  #expiryTimer: Timer | undefined;
  #isClosed = false;

  constructor(clock: Clock, wantedS: number, host: SessionTimerHost) {
    this.#clock = clock;
    this.#wantedS = wantedS;
    this.#host = host;
  }

  /** Whether the session ends by itself when nobody refreshes it. */
  get isRunning(): boolean {
    return this.#refresher !== undefined;
  }

  /**
   * Fields of a request of ours. The first leaves it to the peer who refreshes; later ones keep who it
   * is (§7.1, §7.4).
   */
  get requestFields(): HeaderList {
    if (this.#wantedS === undefined) return [];
    const role = this.#refresher && (this.#refresher === 'us' ? 'uac' : 'uas');
    const minSe: HeaderList = this.#minSeS > MIN_SE_S ? [['Min-SE', this.#minSeS]] : [];
    return [...sessionExpiresField(this.#wantedS, role), ...minSe];
  }

  /** A 2xx to a request of ours, §7.2: without the field there is no timer. */
  onSuccess(response: SipResponse): void {
    const expires = sessionExpiresOf(response);
    // One that forgot to say who: whoever refreshes needlessly does no harm.
    if (expires) this.#start(expires.intervalS, expires.refresher === 'uas' ? 'them' : 'us');
    else this.stop();
  }

  /** A 422 to a request of ours, §7.3. Whether to send it again, longer or without the field. */
  onTooSmall(response: SipResponse): boolean {
    if (this.#wantedS === undefined) return false;
    const minSeS = minSeOf(response) ?? 0;
    this.#raises++;
    const isRaised =
      minSeS > this.#wantedS && minSeS <= MAX_INTERVAL_S && this.#raises <= MAX_RAISES;
    if (isRaised) this.#minSeS = minSeS;
    this.#wantedS = isRaised ? minSeS : undefined;
    return true;
  }

  /** Fields of the 2xx to a request of the peer, §9; the timer begins anew. */
  accept(request: SipRequest): HeaderList {
    const isSupported = supportsTimer(request);
    const asked = sessionExpiresOf(request);
    const usable = asked && asked.intervalS >= MIN_SE_S ? asked : undefined;
    // §9: of one who knows no timers and did not have the field put in by a proxy, none is asked.
    if (!usable && !isSupported) {
      this.stop();
      return [];
    }
    const leastS = Math.max(minSeOf(request) ?? 0, MIN_SE_S);
    const longestS = Math.min(usable?.intervalS ?? MAX_INTERVAL_S, MAX_INTERVAL_S);
    const intervalS = Math.min(Math.max(this.#wantedS ?? longestS, leastS), longestS);
    // §9, table 2: who knows no timers does not refresh.
    const role = isSupported ? (usable?.refresher ?? this.#roleOfPeersRequest) : 'uas';
    this.#start(intervalS, role === 'uas' ? 'us' : 'them');
    const fields = sessionExpiresField(intervalS, role);
    return role === 'uac' ? [...fields, ['Require', 'timer']] : fields;
  }

  /** What was to refresh has failed: unless it did so all the same, once more. */
  refreshLater(): void {
    if (this.#refresher === 'us' && !this.#refreshTimer) this.#refreshAfter(REFRESH_AGAIN_MS);
  }

  /** The session has ended: answers that still come start nothing. */
  close(): void {
    this.#isClosed = true;
    this.stop();
  }

  stop(): void {
    this.#refresher = undefined;
    this.#refreshTimer?.cancel();
    this.#refreshTimer = undefined;
    this.#expiryTimer?.cancel();
  }

  /** Nobody named: it stays who it is, and from the start it is us, who learn of it when the peer is gone. */
  get #roleOfPeersRequest(): RefresherRole {
    return this.#refresher === 'them' ? 'uac' : 'uas';
  }

  #start(intervalS: number, refresher: Refresher): void {
    this.stop();
    if (this.#isClosed) return;
    this.#refresher = refresher;
    const intervalMs = Math.min(intervalS, MAX_INTERVAL_S) * 1000;
    // §7.2: half of the interval is RECOMMENDED.
    if (refresher === 'us') this.#refreshAfter(Math.max(intervalMs / 2, SOONEST_REFRESH_MS));
    // §10: BYE somewhat before it runs out; an interval below the least allowed one is not held to.
    const lifeMs = Math.max(intervalMs, MIN_SE_S * 1000);
    const delayMs = lifeMs - Math.min(32_000, lifeMs / 3);
    this.#expiryTimer = this.#clock.setTimer(delayMs, () => {
      this.stop();
      this.#host.expire();
    });
  }

  #refreshAfter(delayMs: number): void {
    this.#refreshTimer?.cancel();
    this.#refreshTimer = this.#clock.setTimer(delayMs, () => {
      this.#refreshTimer = undefined;
      this.#host.refresh();
    });
  }
}
