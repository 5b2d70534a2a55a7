import type { Clock, Logger, Timer } from '../platform';
import {
  DIALOG_INFO,
  type EventTable,
  LineTable,
  PIDF,
  PresenceTable,
  REGISTRATION_INFO,
  RegistrationTable,
  type SipAccount,
  type SipUserAgent,
  type Subscription,
} from '../sip';
import { Mailbox, type MailboxStatus } from './mailbox';
import type { WatchedStatus, WatchSettings } from './watched-status';

export interface WatchParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly onMailbox: (status: MailboxStatus) => void;
  readonly onWatched: (status: WatchedStatus) => void;
}

export interface WatchingAccount extends SipAccount {
  /** Whether its server is asked what waits in the mailbox. */
  readonly messageWaiting?: boolean;
  /** Whom its server tells of. */
  readonly watch?: WatchSettings;
}

export interface WatchingParts extends WatchParts {
  readonly userAgent: SipUserAgent;
  readonly account: WatchingAccount;
  /** The account's. */
  readonly name: string;
}

/** Asked for, s: what a server is likely to grant. */
const EXPIRES_S = 3600;
/** Between the first requests of two subscriptions: a long list is no burst, ms. */
const APART_MS = 100;
/** Between two requests for the whole state: a server that never tells it is not asked without end, ms. */
const REFRESH_MS = 30_000;

/** An event package (RFC 6665), and what it is about here. */
interface Package {
  readonly event: string;
  readonly mediaType: string;
  /** As it stands in what is wrong with it. */
  readonly words: string;
}

const PRESENCE: Package = { event: 'presence', mediaType: PIDF, words: 'presence' };
const LINE: Package = { event: 'dialog', mediaType: DIALOG_INFO, words: 'line' };
const REGISTRATIONS: Package = {
  ...{ event: 'reg', mediaType: REGISTRATION_INFO },
  words: 'registrations',
};

/** Has the account's server tell, each thing by a subscription of its own, from when it is made. */
export class Watching {
  readonly #mailbox: Mailbox;
  readonly #watched: readonly Watched[];
  readonly #parts: WatchingParts;
  #timer: Timer | undefined;

  constructor(parts: WatchingParts) {
    this.#parts = parts;
    const { userAgent, account, name, onMailbox } = parts;
    const { presence = [], lines = [], registrations } = account.watch ?? {};
    this.#mailbox = new Mailbox(name, onMailbox);
    this.#mailbox.watch(userAgent, account);
    this.#watched = [
      ...presence.map((of) => watchedPresence(of, parts)),
      ...lines.map((of) => watchedLine(of, parts)),
      ...(registrations ? [watchedRegistrations(account.uri, parts)] : []),
    ];
    this.#start([...this.#watched]);
  }

  get mailbox(): MailboxStatus | undefined {
    return this.#mailbox.status;
  }

  /** Absent where nobody is watched. */
  get watched(): readonly WatchedStatus[] | undefined {
    return this.#watched.length > 0 ? this.#watched.map(({ status }) => status) : undefined;
  }

  get problems(): readonly string[] {
    const problems = this.#watched.flatMap(({ problem }) => problem ?? []);
    return [...this.#mailbox.problems, ...problems];
  }

  stop(): void {
    this.#timer?.cancel();
    this.#mailbox.stop();
    for (const watched of this.#watched) watched.stop();
  }

  #start([first, ...others]: readonly Watched[]): void {
    first?.start();
    if (others.length === 0) return;
    this.#timer = this.#parts.clock.setTimer(APART_MS, () => this.#start(others));
  }
}

function watchedPresence(of: string, parts: WatchingParts): Watched {
  const table = new PresenceTable();
  const status = (): WatchedStatus => ({
    ...{ account: parts.name, kind: 'presence', of },
    ...table.state,
  });
  return new Watched(PRESENCE, of, { table, status, parts });
}

function watchedLine(of: string, parts: WatchingParts): Watched {
  const table = new LineTable();
  const status = (): WatchedStatus => ({
    ...{ account: parts.name, kind: 'line', of },
    ...table.state,
  });
  return new Watched(LINE, of, { table, status, parts });
}

function watchedRegistrations(of: string, parts: WatchingParts): Watched {
  const table = new RegistrationTable();
  const status = (): WatchedStatus => ({
    ...{ account: parts.name, kind: 'registrations', of },
    ...table.state,
  });
  return new Watched(REGISTRATIONS, of, { table, status, parts });
}

interface Knowledge {
  readonly table: EventTable<unknown>;
  readonly status: () => WatchedStatus;
  readonly parts: WatchingParts;
}

/** Somebody who is watched, and what is known of him. */
class Watched {
  readonly #package: Package;
  readonly #of: string;
  readonly #knowledge: Knowledge;
  #subscription: Subscription | undefined;
  #told: string;
  /** Why nothing is told, and what is wrong with what was told last. */
  #refusal: string | undefined;
  #fault: string | undefined;
  #refreshedAt = -REFRESH_MS;
  #refresh: Timer | undefined;

  constructor(kind: Package, of: string, knowledge: Knowledge) {
    this.#package = kind;
    this.#of = of;
    this.#knowledge = knowledge;
    this.#told = JSON.stringify(this.status);
  }

  get status(): WatchedStatus {
    return this.#knowledge.status();
  }

  /** Why nothing is known, or not what it is by now, in words. */
  get problem(): string | undefined {
    const why = this.#refusal ?? this.#fault;
    return why && `${this.#package.words} of ${this.#of}: ${why}`;
  }

  /** Nothing of a list stands in the way of the rest. */
  start(): void {
    try {
      this.#subscription = this.#subscribe();
    } catch (error) {
      this.#refusal = `not watched: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #subscribe(): Subscription {
    const { userAgent, account } = this.#knowledge.parts;
    const { event, mediaType } = this.#package;
    const wanted = { event, accept: [mediaType], expiresS: EXPIRES_S };
    return userAgent.subscribe(this.#of, account, wanted, {
      onBegin: () => this.#knowledge.table.restart(),
      onState: (state, detail) => {
        const isLost = state === 'refused' || state === 'waiting';
        this.#refusal = isLost ? `not watched: ${detail}` : undefined;
        if (isLost) this.#forget();
      },
      onNotice: (contentType, body) => {
        if (contentType === mediaType) this.#take(body);
        else if (contentType === '' && body === '') this.#takeNothing();
      },
    });
  }

  stop(): void {
    this.#refresh?.cancel();
    this.#subscription?.stop();
  }

  /** Nobody tells of it any more: what was known may have changed since. */
  #forget(): void {
    this.#refresh?.cancel();
    this.#refresh = undefined;
    this.#fault = undefined;
    this.#knowledge.table.forget();
    this.#tellChange();
  }

  #take(body: string): void {
    const taken = this.#knowledge.table.take(body);
    const fault = typeof taken === 'object' ? taken.fault : undefined;
    this.#fault = fault && `what its server tells cannot be read: ${fault}`;
    if (taken === 'incomplete') this.#askForAll();
    this.#tellChange();
  }

  #takeNothing(): void {
    this.#fault = undefined;
    this.#knowledge.table.takeNothing();
    this.#tellChange();
  }

  #askForAll(): void {
    if (this.#refresh) return;
    const { clock } = this.#knowledge.parts;
    const wait = Math.max(0, this.#refreshedAt + REFRESH_MS - clock.now());
    this.#refresh = clock.setTimer(wait, () => {
      this.#refresh = undefined;
      this.#refreshedAt = clock.now();
      this.#subscription?.refresh();
    });
  }

  #tellChange(): void {
    const { status } = this;
    const told = JSON.stringify(status);
    if (told === this.#told) return;
    this.#told = told;
    this.#knowledge.parts.onWatched(status);
  }
}
