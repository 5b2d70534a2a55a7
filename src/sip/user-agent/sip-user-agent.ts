import type { Clock, Emitter, Logger, Random } from '../../platform';
import type { SipAccount } from '../account';
import type { Delivery, IncomingMessage } from '../instant-message';
import type { IncomingSession, InviteSession, OfferAnswerFactory } from '../invite';
import type { Availability, PublicationState, Published } from '../publication';
import type { Registration } from '../registration';
import type { SubscriberListener } from '../subscription';
import type { TracePage, TraceQuery } from '../trace';
import type { OpenSctp, SecurityStatus, TlsIdentityFiles, TlsPolicy } from '../transport';
import type { InviteOptions } from './invite-options';

export interface UserAgentEvents {
  /** A new INVITE that passed validation; 100 has been sent. Unhandled ones are refused with 480. */
  invite: [session: IncomingSession];
  /** A text outside of calls. Unhandled ones are refused with 480. */
  message: [message: IncomingMessage];
}

export interface UserAgentCounters {
  readonly received: number;
  readonly sent: number;
  /** Datagrams that were no message, or one that could not be used. */
  readonly malformed: number;
  /** Messages used although something in them was not as it should be. */
  readonly tolerated: number;
  readonly retransmissions: number;
  readonly activeTransactions: number;
  readonly activeDialogs: number;
  /** Bytes that transactions and sessions take. */
  readonly stateBytes: number;
  /** Messages dropped unread and connections not kept: their source, or all strangers, brought too many. */
  readonly limited: number;
  /** Messages too large to be read; answered 513 within the limits. */
  readonly oversized: number;
  /** Answered transactions that were forgotten before their time, for want of room. */
  readonly forgotten: number;
  /** Responses not sent: more than twice what a source that may be forged had sent. */
  readonly withheld: number;
  /** Responses that could not be sent, and refusals never acknowledged. */
  readonly undelivered: number;
}

/** What a subscription is for (RFC 6665). */
export interface Wanted {
  /** The package, as `message-summary`. */
  readonly event: string;
  /** Media types of its bodies. */
  readonly accept: readonly string[];
  /** Seconds to ask for; 0 fetches the state once. */
  readonly expiresS: number;
}

/** It is refreshed, and made anew where the notifier ends it, until `stop`. */
export interface Subscription {
  /** Has the notifier tell its whole state anew. */
  refresh(): void;
  stop(): void;
}

export type OnPublicationState = (state: PublicationState, detail: string) => void;

/** Transports as they stand in a URI (RFC 3261 §19.1.1). */
export type TransportName = 'udp' | 'tcp' | 'tls' | 'sctp';

export interface UserAgentOptions {
  /** Address to listen on: one of this machine's, or `0.0.0.0` for all of them. */
  readonly host: string;
  /** Of UDP, TCP and SCTP; 0 for any. */
  readonly port: number;
  /** The first one goes out unless a URI says otherwise. */
  readonly transports: readonly TransportName[];
  /** For the transport `tls`. */
  readonly tls?: {
    readonly port: number;
    /** Without it the agent makes itself a certificate. */
    readonly identity?: TlsIdentityFiles;
    /** For servers that no account says anything of. */
    readonly policy: TlsPolicy;
  };
  /** For the transport `sctp`. */
  readonly sctp?: OpenSctp;
  /** This agent, as a URN that stays the same (RFC 5626 §4.1): flows and GRUUs are had with it alone. */
  readonly instance?: string;
  /** User-Agent and Server, as `dashvoip/0.1.0`. */
  readonly product: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Session interval asked for (RFC 4028), in seconds; 1800 unless told. */
  readonly sessionExpires?: number;
  /** Callers may demand reliable provisional responses (RFC 3262) and send UPDATE (RFC 3311). */
  readonly reliableProvisional?: boolean;
  /** Sessions at one time in each direction; further INVITEs are refused with 486. */
  readonly maxSessions: number;
}

/** The SIP user agent: a listening point of each transport, its transactions, dialogs and registrations. */
export interface SipUserAgent {
  readonly events: Emitter<UserAgentEvents>;
  /** Port actually bound by the first transport. */
  readonly port: number;
  readonly counters: UserAgentCounters;
  /**
   * Calls `target`, a `sip:` URI or a service that is called for help (`urn:service:sos`).
   * @throws UriException when it is neither
   */
  invite(
    target: string,
    account: SipAccount,
    offers: OfferAnswerFactory,
    options?: InviteOptions,
  ): InviteSession;
  /** Sends a text to `target`, a `sip:` URI. @throws UriException when it cannot be parsed. */
  message(target: string, account: SipAccount, text: string): Promise<Delivery>;
  /** Watches `target`, a `sip:` URI, until it is stopped. @throws UriException when it cannot be parsed. */
  subscribe(
    target: string,
    account: SipAccount,
    wanted: Wanted,
    listener: SubscriberListener,
  ): Subscription;
  /** Has the account's server say whether it can be called (RFC 3903), until it is stopped. */
  publish(account: SipAccount, availability: Availability, onState: OnPublicationState): Published;
  register(account: SipAccount): Registration;
  /** It is configured no more: what it says of its servers' certificates counts no more. */
  forget(account: SipAccount): void;
  /** SIP over TLS as it stands, where it is spoken. */
  readonly security: SecurityStatus | undefined;
  /** The last messages, sent and received, without their secrets. */
  trace(query: TraceQuery): TracePage;
  /** Ends all sessions and registrations; resolves after at most two seconds. */
  close(): Promise<void>;
}
