import type { SipUserAgent } from '../sip';
import type { MailboxStatus } from './mailbox';
import type { WatchedStatus } from './watched-status';
import type { Watching, WatchingAccount, WatchParts } from './watching';

/** What an account has its server tell: its mailbox, and whom it watches. What reads that is loaded where it is wanted. */
export class WatchList {
  readonly #parts: WatchParts;
  #watching: Watching | undefined;
  #isWanted = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Absent until the server has told. */
  get mailbox(): MailboxStatus | undefined {
    return this.#watching?.mailbox;
  }

  /** Absent where nobody is watched. */
  get watched(): readonly WatchedStatus[] | undefined {
    return this.#watching?.watched;
  }

  get problems(): readonly string[] {
    return this.#watching?.problems ?? [];
  }

  /** From now on, if the account wants it, and once. */
  watch(userAgent: SipUserAgent, account: WatchingAccount, name: string): void {
    if (this.#isWanted || !(account.watch || account.messageWaiting)) return;
    this.#isWanted = true;
    import('./watching')
      .then(({ Watching }) => {
        if (this.#isWanted)
          this.#watching = new Watching({ ...this.#parts, userAgent, account, name });
      })
      .catch((error: unknown) => this.#parts.log.error(String(error)));
  }

  /** For good: an account that is configured otherwise is another one. */
  stop(): void {
    this.#isWanted = false;
    this.#watching?.stop();
    this.#watching = undefined;
  }
}
