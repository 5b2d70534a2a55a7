import type { Clock, Logger, Random } from '../platform';
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
import type { MailboxStatus } from './mailbox';
import { DoorKeeper, type Policy } from './policy';
import { Presence } from './presence';
import { WatchList } from './watch-list';
import type { WatchedStatus, WatchSettings } from './watched-status';

export interface AgentAccount extends SipAccount, Partial<EncryptionSettings> {
  /** What it is called by; without it its address, as `car@example.org`. */
  readonly name?: string;
  /** Addresses beside the registrar's own that its calls come from, as `192.0.2.0/24`. */
  readonly callsFrom?: readonly string[];
  /** Whether its server is asked what waits in the mailbox. */
  readonly messageWaiting?: boolean;
  /** Whether its server says whether the camera can be called. */
  readonly publishPresence?: boolean;
  /** Whom its server tells of. */
  readonly watch?: WatchSettings;
  /** What of the agent's policy is otherwise for its calls. */
  readonly policy?: Partial<Policy>;
}

export interface RegistrationStatus {
  /** The account, by its name. */
  readonly account: string;
  readonly uri: string;
  readonly registrar: string;
  readonly state: RegistrationState;
  /** What the registrar said, or what went wrong last. */
  readonly detail: string;
  /** Seconds left of the binding; 0 when not registered. */
  readonly expiresInS: number;
  /** What leads to this very camera, as the registrar has named it (GRUU). */
  readonly gruu?: string;
  /** By which servers calls come (RFC 3327), and by which they go (RFC 3608), where the registrar says so. */
  readonly path?: readonly string[];
  readonly serviceRoute?: readonly string[];
  /** By each proxy, where the account has several. */
  readonly flows?: readonly FlowStatus[];
}

/** The registration by one of several proxies. */
export interface FlowStatus {
  readonly proxy: string;
  readonly state: RegistrationState;
  readonly detail: string;
  readonly expiresInS: number;
}

/** An account at one moment. */
export interface AccountStatus {
  readonly account: string;
  readonly uri: string;
  /** Calls go out by it unless another one is chosen. */
  readonly isDefault: boolean;
  /** Absent when it has no registrar. */
  readonly registration?: RegistrationStatus;
  /** Present once the server has told of it. */
  readonly mailbox?: MailboxStatus;
  /** What it watches, in the order of its configuration. */
  readonly watched?: readonly WatchedStatus[];
  /** By its policy, or as they were switched since. */
  readonly doNotDisturb: boolean;
  readonly autoAnswer: boolean;
}

export interface AccountParts {
  /** The agent's: the account's own goes before it. */
  readonly policy: Policy;
  /** An address of this machine, for a From without an account. */
  readonly localHost: () => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly onRegistration: (status: RegistrationStatus) => void;
  readonly onMailbox: (status: MailboxStatus) => void;
  readonly onWatched: (status: WatchedStatus) => void;
}

/** Who the camera is at one server: its registration and mailbox there, whom it watches, and who may call it. */
export class Account {
  readonly doorKeeper: DoorKeeper;
  /** Addresses that are the registrar's by configuration. */
  readonly callsFrom: CallerList;
  readonly configured: AgentAccount | undefined;
  readonly #parts: AccountParts;
  #own: Partial<Policy>;
  readonly #log: Logger;
  readonly #presence: Presence;
  readonly #watchList: WatchList;
  #isOnThePhone = false;
  #registration: Registration | undefined;

  /** @param configured without one it is whoever lives at this machine's address. */
  constructor(configured: AgentAccount | undefined, parts: AccountParts) {
    this.configured = configured;
    this.callsFrom = new CallerList(configured?.callsFrom ?? []);
    this.#parts = parts;
    this.#log = parts.log.area('account');
    this.#own = configured?.policy ?? {};
    this.doorKeeper = new DoorKeeper({ ...parts.policy, ...this.#own }, this);
    this.#presence = new Presence(this.name);
    this.#watchList = new WatchList(parts);
  }

  /** Undefined where no account is configured. */
  get name(): string | undefined {
    return this.configured && nameOfAccount(this.configured);
  }

  /** The agent's policy is another one, or what is otherwise for this account. */
  judgeBy(policy: Policy, own: Partial<Policy> = this.#own): void {
    this.#own = own;
    this.doorKeeper.policy = { ...policy, ...own };
  }

  /** For a new request: the configured account, or a name at this machine's present address. */
  get identity(): SipAccount {
    const host = this.#parts.localHost();
    return this.configured ?? { uri: `sip:dashvoip@${host.includes(':') ? `[${host}]` : host}` };
  }

  /** What it says of encryption by itself. */
  get encryption(): Partial<EncryptionSettings> {
    const { srtp, sdesWithoutTls } = this.configured ?? {};
    return {
      ...(srtp === undefined ? {} : { srtp }),
      ...(sdesWithoutTls === undefined ? {} : { sdesWithoutTls }),
    };
  }

  get hasRegistrar(): boolean {
    return this.configured?.registrar !== undefined;
  }

  /** Where the registrar's calls come from; empty while there is no binding. */
  get boundTo(): readonly SocketAddress[] {
    return this.#registration?.boundTo ?? [];
  }

  /** Why no call should go out by it, in words; undefined when one may. */
  get absence(): string | undefined {
    const status = this.#registrationStatus;
    if (!status || status.state === 'registered') return undefined;
    return `${status.state}${status.detail ? `: ${status.detail}` : ''}`;
  }

  /** Whether `user` of a Request-URI is ours: without an account any name at our address is. */
  isCalledBy(user: string | undefined): boolean {
    return !this.configured || parseSipUri(this.configured.uri).userText === user;
  }

  /** Whether what comes from there has come by this account's server. */
  isServedFrom({ address, port }: SocketAddress, isConnected: boolean): boolean {
    const { boundTo, callsFrom } = this;
    // A registrar that opens a connection to us does so from any port of its own.
    const isBinding = boundTo.some(
      (one) => one.address === address && (isConnected || one.port === port),
    );
    return isBinding || callsFrom.hasAddress(address);
  }

  /** Whether `host` is the domain of its address. */
  isAt(host: string | undefined): boolean {
    const own = this.configured && parseSipUri(this.configured.uri).host;
    return own !== undefined && own.toLowerCase() === host?.toLowerCase();
  }

  /** Begins to register, if there is a registrar, and to watch the mailbox. */
  start(userAgent: SipUserAgent): void {
    if (!this.configured?.registrar) {
      this.#atServer(userAgent);
      return;
    }
    const registration = userAgent.register(this.configured);
    this.#registration = registration;
    registration.events.on('state', (state, detail) => {
      // One that is left has nothing to say of this account.
      if (this.#registration !== registration) return;
      this.#log.info(state, { account: this.name, detail });
      const status = this.#registrationStatus;
      if (status) this.#parts.onRegistration(status);
      // A server knows the mailbox of whom it knows.
      if (state === 'registered') this.#atServer(userAgent);
    });
  }

  #atServer(userAgent: SipUserAgent): void {
    this.tellPresence(this.#isOnThePhone);
    this.#presence.publish(userAgent, this.configured);
    if (this.configured) this.#watchList.watch(userAgent, this.configured, this.name ?? '');
  }

  /** Whether calls are let in may have changed, too. */
  tellPresence(isOnThePhone: boolean): void {
    this.#isOnThePhone = isOnThePhone;
    const { doNotDisturb = false } = this.doorKeeper.policy;
    this.#presence.availability = { isOpen: !doNotDisturb, isOnThePhone };
  }

  /** Leaves the registrar; calls by it go on. */
  leave(): void {
    this.#registration?.unregister().catch((error: unknown) => this.#log.warn(String(error)));
    this.#registration = undefined;
    this.stop();
  }

  /** Asks no more what waits, watches nobody, and tells no more. */
  stop(): void {
    this.#presence.stop();
    this.#watchList.stop();
  }

  /** Registers now: from whichever address leads to the registrar by now. */
  refresh(): void {
    this.#registration?.refresh();
  }

  /** Undefined where no account is configured. */
  status(isDefault: boolean): AccountStatus | undefined {
    if (!this.configured || this.name === undefined) return undefined;
    const { doNotDisturb = false, autoAnswer } = this.doorKeeper.policy;
    const registration = this.#registrationStatus;
    const { mailbox, watched } = this.#watchList;
    return {
      account: this.name,
      uri: this.configured.uri,
      isDefault,
      ...(registration ? { registration } : {}),
      ...(mailbox ? { mailbox } : {}),
      ...(watched ? { watched } : {}),
      ...{ doNotDisturb, autoAnswer },
    };
  }

  /** What is wrong with it, its registration aside. */
  problems(listensOn: string): string[] {
    return [
      ...this.doorKeeper.problems(listensOn),
      ...this.#presence.problems,
      ...this.#watchList.problems,
    ];
  }

  /**
   * The URI a person meant: as it stands with a scheme, `user@host` with `sip:` before it, and a
   * bare name or number at the account's own domain.
   */
  complete(target: string): string {
    if (/^[a-z][a-z\d+.-]*:/i.test(target) && !/^[^:@]+:\d+$/.test(target)) return target;
    const domain = /^sips?:[^@]*@([^;?]+)/i.exec(this.configured?.uri ?? '')?.[1];
    if (target.includes('@') || !domain || /[.:[]/.test(target)) return `sip:${target}`;
    return `sip:${target}@${domain}`;
  }

  get #registrationStatus(): RegistrationStatus | undefined {
    const { uri, registrar } = this.configured ?? {};
    if (!uri || !registrar || this.name === undefined) return undefined;
    return {
      account: this.name,
      uri,
      registrar,
      state: this.#registration?.state ?? 'unregistered',
      detail: this.#registration?.detail ?? '',
      expiresInS: Math.round(this.#registration?.expiresIn ?? 0),
      ...flowsOf(this.#registration?.flows ?? []),
    };
  }
}

/** Of the flows, and of the first that is up what the registrar said. */
function flowsOf(
  flows: Registration['flows'],
): Pick<RegistrationStatus, 'gruu' | 'path' | 'serviceRoute' | 'flows'> {
  const { publicGruu, path = [], serviceRoute = [] } = flows.find(({ isUp }) => isUp)?.grant ?? {};
  return {
    ...(publicGruu ? { gruu: String(publicGruu) } : {}),
    ...(path.length > 0 ? { path: path.map(String) } : {}),
    ...(serviceRoute.length > 0 ? { serviceRoute: serviceRoute.map(String) } : {}),
    ...(flows.length > 1
      ? {
          flows: flows.map(({ edge, state, detail, expiresIn }) => {
            return { proxy: String(edge), state, detail, expiresInS: Math.round(expiresIn) };
          }),
        }
      : {}),
  };
}

function nameOfAccount({ name, uri }: AgentAccount): string {
  return name ?? uri.replace(/^sips?:/i, '').replace(/[;?].*$/, '');
}
