import type { Clock, Logger, Timer } from '../platform';
import type { SipUserAgent } from '../sip';

/** Longest and shortest wait before the SIP port is tried again, ms. */
const RETRY_MS = { first: 1000, longest: 15_000 };

export type OpenedUserAgent = SipUserAgent | { readonly unavailable: string };

/**
 * Opens the SIP user agent, again and again while its address is not there yet: the agent starts
 * before the network.
 */
export class SipPort {
  readonly #open: () => Promise<OpenedUserAgent>;
  readonly #clock: Clock;
  readonly #log: Logger;
  #detail = 'not open yet';
  #userAgent: SipUserAgent | undefined;
  #stopped = false;
  #delay = RETRY_MS.first;
  #waiting: { readonly timer: Timer; readonly retry: () => void } | undefined;

  constructor(open: () => Promise<OpenedUserAgent>, clock: Clock, log: Logger) {
    this.#open = open;
    this.#clock = clock;
    this.#log = log.area('sip');
  }

  get userAgent(): SipUserAgent | undefined {
    return this.#userAgent;
  }

  /** Why it is not open, in words; empty when it is. */
  get detail(): string {
    return this.#userAgent ? '' : this.#detail;
  }

  /** Resolves after the first try, open or not. Rejects when no later try could do better. */
  async start(onOpen: (userAgent: SipUserAgent) => void): Promise<void> {
    const opened = await this.#open();
    if (this.#stopped) {
      if ('close' in opened) await opened.close();
      return;
    }
    if ('close' in opened) {
      this.#userAgent = opened;
      onOpen(opened);
      return;
    }
    if (opened.unavailable !== this.#detail) this.#log.warn(opened.unavailable);
    this.#detail = opened.unavailable;
    this.#retryIn(this.#delay, onOpen);
    this.#delay = Math.min(this.#delay * 2, RETRY_MS.longest);
  }

  /** Ends all sessions and the registration. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#userAgent?.close();
  }

  /** Tries again now if it waits to do so. */
  retryNow(): void {
    this.#waiting?.timer.cancel();
    this.#waiting?.retry();
  }

  #retryIn(delayMs: number, onOpen: (userAgent: SipUserAgent) => void): void {
    const retry = (): void => {
      this.#waiting = undefined;
      this.#retry(onOpen);
    };
    this.#waiting = { timer: this.#clock.setTimer(delayMs, retry), retry };
  }

  #retry(onOpen: (userAgent: SipUserAgent) => void): void {
    if (this.#stopped) return;
    this.start(onOpen).catch((error: unknown) => {
      this.#detail = error instanceof Error ? error.message : String(error);
      this.#log.error(this.#detail);
      if (!this.#stopped) this.#retryIn(RETRY_MS.longest, onOpen);
    });
  }
}
