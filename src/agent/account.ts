import type { Logger } from '../platform';
import {
  parseSipUri,
  type Registration,
  type RegistrationState,
  type SipAccount,
  type SipUserAgent,
  type SocketAddress,
} from '../sip';
import { CallerList } from './caller-list';
import type { EncryptionSettings } from './encryption';

export interface AgentAccount extends SipAccount, Partial<EncryptionSettings> {
  /** Addresses beside the registrar's own that its calls come from, as `192.0.2.0/24`. */
  readonly callsFrom?: readonly string[];
  /** Whether its server is asked what waits in the mailbox. */
  readonly messageWaiting?: boolean;
}

export interface RegistrationStatus {
  readonly uri: string;
  readonly registrar: string;
  readonly state: RegistrationState;
  /** What the registrar said, or what went wrong last. */
  readonly detail: string;
  /** Seconds left of the binding; 0 when not registered. */
  readonly expiresInS: number;
}

/** Who the camera is, and its registration if it has a registrar. */
export class Account {
  #callsFrom: CallerList;
  #configured: AgentAccount | undefined;
  readonly #localHost: () => string;
  readonly #log: Logger;
  #registration: Registration | undefined;

  /** @param localHost an address of this machine, for a From without an account. */
  constructor(configured: AgentAccount | undefined, localHost: () => string, log: Logger) {
    this.#configured = configured;
    this.#callsFrom = new CallerList(configured?.callsFrom ?? []);
    this.#localHost = localHost;
    this.#log = log.area('account');
  }

  /** Addresses that are the registrar's by configuration. */
  get callsFrom(): CallerList {
    return this.#callsFrom;
  }

  get configured(): AgentAccount | undefined {
    return this.#configured;
  }

  /** Becomes another account: leaves the registrar, and registers anew if a user agent is there. */
  replace(
    configured: AgentAccount | undefined,
    userAgent: SipUserAgent | undefined,
    onChange: (status: RegistrationStatus) => void,
  ): void {
    this.#registration?.unregister().catch((error: unknown) => this.#log.warn(String(error)));
    this.#registration = undefined;
    this.#configured = configured;
    this.#callsFrom = new CallerList(configured?.callsFrom ?? []);
    if (userAgent) this.register(userAgent, onChange);
  }

  /** For a new request: the configured account, or a name at this machine's present address. */
  get identity(): SipAccount {
    const host = this.#localHost();
    return this.#configured ?? { uri: `sip:dashvoip@${host.includes(':') ? `[${host}]` : host}` };
  }

  /** What it says of encryption by itself. */
  get encryption(): Partial<EncryptionSettings> {
    const { srtp, sdesWithoutTls } = this.#configured ?? {};
    return {
      ...(srtp === undefined ? {} : { srtp }),
      ...(sdesWithoutTls === undefined ? {} : { sdesWithoutTls }),
    };
  }

  get hasRegistrar(): boolean {
    return this.#configured?.registrar !== undefined;
  }

  /** Where the registrar's calls come from; undefined while there is no binding. */
  get boundTo(): SocketAddress | undefined {
    return this.#registration?.boundTo;
  }

  /** Whether `user` of a Request-URI is ours: without an account any name at our address is. */
  isCalledBy(user: string | undefined): boolean {
    return !this.#configured || parseSipUri(this.#configured.uri).userText === user;
  }

  /** Begins to register, if there is a registrar. */
  register(userAgent: SipUserAgent, onChange: (status: RegistrationStatus) => void): void {
    if (!this.#configured?.registrar) return;
    const registration = userAgent.register(this.#configured);
    this.#registration = registration;
    registration.events.on('state', (state, detail) => {
      // One that was replaced has nothing to say of this account.
      if (this.#registration !== registration) return;
      this.#log.info(state, { uri: this.#configured?.uri, detail });
      const status = this.status();
      if (status) onChange(status);
    });
  }

  /** Registers now: from whichever address leads to the registrar by now. */
  refresh(): void {
    this.#registration?.refresh();
  }

  status(): RegistrationStatus | undefined {
    const { uri, registrar } = this.#configured ?? {};
    if (!uri || !registrar) return undefined;
    return {
      uri,
      registrar,
      state: this.#registration?.state ?? 'unregistered',
      detail: this.#registration?.detail ?? '',
      expiresInS: Math.round(this.#registration?.expiresIn ?? 0),
    };
  }

  /**
   * The URI a person meant: as it stands with a scheme, `user@host` with `sip:` before it, and a
   * bare name or number at the account's own domain.
   */
  complete(target: string): string {
    if (/^[a-z][a-z\d+.-]*:/i.test(target) && !/^[^:@]+:\d+$/.test(target)) return target;
    const domain = /^sips?:[^@]*@([^;?]+)/i.exec(this.#configured?.uri ?? '')?.[1];
    if (target.includes('@') || !domain || /[.:[]/.test(target)) return `sip:${target}`;
    return `sip:${target}@${domain}`;
  }
}
