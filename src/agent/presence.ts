import type { Availability, Published, SipAccount, SipUserAgent } from '../sip';

/** Has the account's server say whether the camera can be called (RFC 3903), where that is wanted. */
export class Presence {
  readonly #account: string | undefined;
  #availability: Availability = { isOpen: true, isOnThePhone: false };
  #published: Published | undefined;
  #problem: string | undefined;

  constructor(account: string | undefined) {
    this.#account = account;
  }

  get problems(): string[] {
    if (this.#problem === undefined) return [];
    return [`presence of ${this.#account}: not published: ${this.#problem}`];
  }

  /** From now on, if the account wants it. */
  publish(
    userAgent: SipUserAgent,
    account: (SipAccount & { readonly publishPresence?: boolean }) | undefined,
  ): void {
    if (!account?.publishPresence || this.#published) return;
    this.#published = userAgent.publish(account, this.#availability, (state, detail) => {
      this.#problem = state === 'refused' || state === 'waiting' ? detail : undefined;
    });
  }

  set availability(availability: Availability) {
    this.#availability = availability;
    if (this.#published) this.#published.availability = availability;
  }

  stop(): void {
    this.#published?.stop();
    this.#published = undefined;
    this.#problem = undefined;
  }
}
