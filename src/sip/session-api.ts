import type { Clock, Emitter, Logger, Random } from '../platform';
import type { NameAddr } from './message';
import type { SocketAddress } from './transport';

/** Why a description is refused, for a Warning header field (RFC 3261 §20.43). */
export interface Warning {
  /** 300..399. */
  readonly code: number;
  readonly text: string;
}

export interface OfferRefusal {
  readonly status: number;
  readonly reason?: string;
  readonly warning?: Warning;
}

/** A key of a telephone that was pressed. */
export interface DtmfKey {
  /** `0`..`9`, `*`, `#`, `A`..`D`. */
  readonly digit: string;
  readonly durationMs: number;
}

/**
 * How a session's owner supplies session descriptions (RFC 3264). Bodies are opaque to `sip/`.
 * Implementations answer at once; a refusal is a value, not an exception.
 */
export interface OfferAnswer {
  /** For an INVITE or re-INVITE that we send, and for one that came without an offer. */
  createOffer(): string;
  /** A refused offer leaves the former description in force (RFC 3261 §14.2). */
  handleOffer(offer: string): { readonly answer: string } | OfferRefusal;
  /**
   * The answer of a provisional response: announcements and ringing tones are heard (RFC 3960). A
   * later one, of this fork or another, takes its place, and `handleAnswer` ends the matter.
   */
  handleEarlyAnswer(answer: string): void;
  /**
   * `false` when the answer cannot be used: the session then ends with BYE. Empty when there should
   * have been one.
   */
  handleAnswer(answer: string): boolean;
}

/** Builds the OfferAnswer of a session, bound to the local address that reaches its peer. */
export type OfferAnswerFactory = (localAddress: string) => OfferAnswer;

export type SessionState =
  /** INVITE sent or received, no final response yet. */
  | 'early'
  /** 2xx sent, its ACK awaited (UAS). */
  | 'accepted'
  /** Confirmed by ACK. */
  | 'confirmed'
  | 'ended';

/** Why a session ended, for the caller's words and for the history. */
export interface SessionEnd {
  readonly by: 'local' | 'remote' | 'network';
  /** SIP status when a final response ended it; 200 for BYE, 487 after CANCEL, 408 on time-out. */
  readonly status: number;
  readonly reason: string;
}

export interface InviteSessionEvents {
  /** 101 to 199 (UAC). */
  progress: [status: number, reason: string];
  /** A 3xx was followed: `target` is called now (UAC). */
  redirected: [target: string];
  /** The dialog is confirmed: media may flow both ways. */
  confirmed: [];
  /** A re-INVITE in either direction ended in a new description. */
  renegotiated: [];
  /** The peer wants a key frame (INFO with media control, RFC 5168). */
  pictureRequested: [];
  /** The peer pressed a key, by INFO (application/dtmf-relay or application/dtmf). */
  key: [key: DtmfKey];
  ended: [end: SessionEnd];
}

/** One INVITE session (RFC 3261 §13-15), incoming or outgoing. */
export interface InviteSession {
  readonly id: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly events: Emitter<InviteSessionEvents>;
  readonly state: SessionState;
  readonly remote: NameAddr;
  /** Local address of the flow that reaches the peer; empty while its name is looked up (UAC). */
  readonly localAddress: string;
  /**
   * CANCEL, BYE or a refusal (480): whatever the state calls for. The session has ended when this
   * returns; what is still owed to the peer is done behind the scenes. Ended sessions ignore it.
   */
  hangup(): void;
  /** Whether RFC 4028 ends the session when the peer is gone. */
  readonly hasTimer: boolean;
  /**
   * Asks the peer by OPTIONS whether the dialog lives. True when it answers, whatever it says; false
   * when it is gone, by silence, 408 or 481, and then the session has ended.
   */
  ask(): Promise<boolean>;
  /** Ends the session, with BYE, for what was learned otherwise: the peer is gone. */
  drop(status: number, reason: string): void;
  /** re-INVITE with `createOffer()`. Resolves false when the peer refused and the old state holds. */
  renegotiate(): Promise<boolean>;
  /** A key by INFO (application/dtmf-relay). Resolves false when the peer takes none. */
  sendKey(key: DtmfKey): Promise<boolean>;
}

export type RegistrationState = 'trying' | 'registered' | 'failed' | 'unregistered';

export interface RegistrationEvents {
  state: [state: RegistrationState, detail: string];
}

export interface Registration {
  readonly events: Emitter<RegistrationEvents>;
  readonly state: RegistrationState;
  /** In words: what the registrar said or what went wrong last. */
  readonly detail: string;
  /** Seconds left of the binding; 0 when not registered. */
  readonly expiresIn: number;
  /**
   * The other end of the flow over which the registrar (or the proxy before it) granted the binding:
   * calls for the account come from there. Undefined while there is no binding.
   */
  readonly boundTo: SocketAddress | undefined;
  /** Registers now, without awaiting the refresh (after a change of network). */
  refresh(): void;
  /** Expires: 0 and stop; resolves when answered or after two seconds at most. */
  unregister(): Promise<void>;
}

/**
 * Credentials and addresses of one account (address of record). What is learned of its registrar
 * belongs to the object: give the same one for all requests.
 */
export interface SipAccount {
  /** Address of record, as `sip:car@example.org`. */
  readonly uri: string;
  readonly displayName?: string;
  /** `sip:` URI of the registrar; none means that the account does not register. */
  readonly registrar?: string;
  /** `sip:` URI that every request goes through first. */
  readonly outboundProxy?: string;
  readonly username?: string;
  readonly password?: string;
  /** A realm that gets the password beside those that the registrar has asked for. */
  readonly realm?: string;
  /** Seconds asked for, RFC 3261 §10.2.1.1. */
  readonly expires?: number;
}

export interface IncomingSession extends InviteSession {
  readonly direction: 'incoming';
  /** The user part of the Request-URI: which of our names was called. */
  readonly calledUser: string | undefined;
  /** The socket that the INVITE came from: `remote` can be forged, this only by who sees our answers. */
  readonly source: SocketAddress;
  /** Its session description; empty when it wants ours. */
  readonly offer: string;
  /**
   * Where `accept` takes its session description from; called then, with `localAddress`. A factory
   * that throws has the call refused with 500.
   */
  answerWith(offers: OfferAnswerFactory): void;
  /** 180 Ringing, while early. */
  ring(): void;
  /** 200 with our answer, while early. False, and the refusal's status sent, if the offer cannot be served. */
  accept(): boolean;
  /** Final refusal, 3xx-6xx, while early. */
  reject(status: number, reason?: string, warning?: Warning): void;
}

export interface UserAgentEvents {
  /** A new INVITE that passed validation; 100 has been sent. Unhandled ones are refused with 480. */
  invite: [session: IncomingSession];
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
  /** Messages dropped unread: their source, or all strangers together, sent too many. */
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

export interface UserAgentOptions {
  /** Address to listen on: one of this machine's, or `0.0.0.0` for all of them. */
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
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

/** The SIP user agent: one UDP listening point, its transactions, dialogs and registrations. */
export interface SipUserAgent {
  readonly events: Emitter<UserAgentEvents>;
  /** Port actually bound. */
  readonly port: number;
  readonly counters: UserAgentCounters;
  /** Calls `target`, a `sip:` URI. @throws UriException when it cannot be parsed. */
  invite(target: string, account: SipAccount, offers: OfferAnswerFactory): InviteSession;
  register(account: SipAccount): Registration;
  /** Ends all sessions and registrations; resolves after at most two seconds. */
  close(): Promise<void>;
}
