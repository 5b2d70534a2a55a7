import type { Emitter } from '../../platform';
import type { Claim } from '../auth';
import type { IncomingMessage } from '../instant-message';
import type { HeaderList, NameAddr } from '../message';
import type { ReferenceListener, ReferralOffer } from '../refer';
import type { SocketAddress, TransportProtocol } from '../transport';
import type { DiversionReason } from './diversion';
import type { DtmfKey } from './dtmf-info';
import type { Diverted } from './history-info';
import type { InfoParts } from './info';
import type { OfferAnswerFactory, Warning } from './offer-answer';

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
  /** Asked whether it is there, and its port is closed, as the network says (ICMP): once a second. */
  portClosed: [];
  /** The peer wants a key frame (INFO with media control, RFC 5168). */
  pictureRequested: [];
  /** The peer pressed a key, by INFO (application/dtmf-relay or application/dtmf). */
  key: [key: DtmfKey];
  /** An emergency service wants something, or has what it was sent (RFC 8147): a document and its Content-ID. */
  control: [document: string, reference: string];
  /** The peer has sent a text within the dialog (RFC 3428 §8). */
  message: [message: IncomingMessage];
  /** The peer wants us to call somebody (REFER); refused when no listener decides. */
  referred: [referral: ReferralOffer];
  ended: [end: SessionEnd];
}

/** One INVITE session (RFC 3261 §13-15), incoming or outgoing. */
export interface InviteSession {
  readonly id: string;
  readonly callId: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly events: Emitter<InviteSessionEvents>;
  readonly state: SessionState;
  readonly remote: NameAddr;
  /** The URI of the conference that the peer is, as it says now (`isfocus`, RFC 4579 §4). */
  readonly focus: string | undefined;
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
  /** Local address of the flow that would reach the peer now; undefined when no way leads there. */
  findLocalAddress(): Promise<string | undefined>;
  /** An offer of ours may go out: by re-INVITE, or before the answer by UPDATE where the peer serves it. */
  readonly canOffer: boolean;
  /** Sends `createOffer()`. Resolves false when the peer refused and the old state holds. */
  renegotiate(): Promise<boolean>;
  /** A key by INFO (application/dtmf-relay). Resolves false when the peer takes none. */
  sendKey(key: DtmfKey): Promise<boolean>;
  /** An INFO of another kind (RFC 6086). Resolves false when the peer does not take it. */
  inform(info: InfoParts): Promise<boolean>;
  /**
   * Has the peer call somebody (REFER): a SIP URI, or the far end of another session, which its call then takes
   * the place of. False when one of them is not up. @throws UriException
   */
  refer(to: string | InviteSession, listener: ReferenceListener): boolean;
}

export interface IncomingSession extends InviteSession {
  readonly direction: 'incoming';
  /** The user part of the Request-URI: which of our names was called. */
  readonly calledUser: string | undefined;
  /** The host of To: whom the caller meant, where proxies have put an address in place of it. */
  readonly calledDomain: string | undefined;
  /** The socket that the INVITE came from: `remote` can be forged, this only by who sees our answers. */
  readonly source: SocketAddress;
  /** It came over a connection: its source cannot be forged, and its port says nothing. */
  readonly isConnected: boolean;
  /** What the INVITE came by. */
  readonly protocol: TransportProtocol;
  /** Its session description; empty when it wants ours. */
  readonly offer: string;
  /** It asks to be answered by nobody's hand (Answer-Mode, Alert-Info, Call-Info). */
  readonly asksToBeAnswered: boolean;
  /** It says that those who were called for help call back (RFC 7090): worth what the server is that it came by. */
  readonly isHelpCallingBack: boolean;
  /** Who calls, as the server says that it came by (P-Asserted-Identity, RFC 3325): worth what that server is. */
  readonly assertedIdentity: NameAddr | undefined;
  /** By what it can be proved who calls. */
  readonly claim: Claim;
  /** By whom it was sent on to us, as it says: worth what the server is that it came by. */
  readonly diverted: Diverted | undefined;
  /** The session of ours that it is to take the place of (Replaces, RFC 3891). */
  readonly replaced: InviteSession | undefined;
  /** The session of ours, which is up, that it is to talk with (Join, RFC 3911). */
  readonly joined: InviteSession | undefined;
  /**
   * Where `accept` takes its session description from; called then, with `localAddress` and `protocol`. A factory
   * that throws has the call refused with 500.
   */
  answerWith(offers: OfferAnswerFactory): void;
  /** 180 Ringing, while early. */
  ring(): void;
  /** 200 with our answer, while early. False, and the refusal's status sent, if the offer cannot be served. */
  accept(): boolean;
  /** 302, while early: the caller is to call somebody else. False when it has been sent on too often. @throws UriException */
  redirect(target: string, reason: DiversionReason): boolean;
  /** Final refusal with fields that say what to do about it, while early. */
  refuseWith(status: number, fields: HeaderList): void;
  /** Final refusal, 3xx-6xx, while early. */
  reject(status: number, reason?: string, warning?: Warning): void;
}
