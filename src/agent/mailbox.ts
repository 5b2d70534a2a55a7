import {
  MESSAGE_SUMMARY,
  type MessageSummary,
  readMessageSummary,
  type SipAccount,
  type SipUserAgent,
  type Subscription,
} from '../sip';

/** What waits in the mailbox at the account's server, as that tells it (RFC 3842). */
export interface MailboxStatus {
  /** The account, by its name. */
  readonly account: string;
  readonly waiting: boolean;
  /** Voice messages that were not heard yet, and those that were. */
  readonly newMessages: number;
  readonly oldMessages: number;
}

/** A server that takes no subscription at all is asked this long, s; it grants what it likes. */
const EXPIRES_S = 3600;

/** Watches the mailbox of an account, where that is wanted. */
export class Mailbox {
  readonly #account: string;
  readonly #onChange: (status: MailboxStatus) => void;
  #subscription: Subscription | undefined;
  #status: MailboxStatus | undefined;
  #problem: string | undefined;

  constructor(account: string, onChange: (status: MailboxStatus) => void) {
    this.#account = account;
    this.#onChange = onChange;
  }

  /** Absent until the server has told. */
  get status(): MailboxStatus | undefined {
    return this.#status;
  }

  get problems(): string[] {
    return this.#problem === undefined
      ? []
      : [`mailbox of ${this.#account}: not watched: ${this.#problem}`];
  }

  /** From now on, if the account wants it; at most one is watched. */
  watch(
    userAgent: SipUserAgent,
    account: (SipAccount & { readonly messageWaiting?: boolean }) | undefined,
  ): void {
    if (!account?.messageWaiting || this.#subscription) return;
    const wanted = { event: 'message-summary', accept: [MESSAGE_SUMMARY], expiresS: EXPIRES_S };
    this.#subscription = userAgent.subscribe(account.uri, account, wanted, {
      onState: (state, detail) => {
        this.#problem = state === 'refused' || state === 'waiting' ? detail : undefined;
      },
      onNotice: (contentType, body) => {
        if (contentType === MESSAGE_SUMMARY) this.#note(readMessageSummary(body));
      },
    });
  }

  stop(): void {
    this.#subscription?.stop();
    this.#subscription = undefined;
    this.#status = undefined;
    this.#problem = undefined;
  }

  #note(summary: MessageSummary | undefined): void {
    if (!summary) return;
    const status = { account: this.#account, ...summary };
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#onChange(status);
  }
}
