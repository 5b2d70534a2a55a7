/** Numeric IP address (IPv6 without brackets) and port. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** Transport names as they stand in Via (RFC 3261 §20.42). */
export type TransportProtocol = 'UDP' | 'TCP' | 'TLS' | 'SCTP';

/** Of a URI or Via that names none: RFC 3261 §19.1.2, §18.2.2. */
export function defaultPort(protocol: TransportProtocol): number {
  return protocol === 'TLS' ? 5061 : 5060;
}

/** Where a message goes, and by which transport. */
export interface Destination {
  readonly protocol: TransportProtocol;
  readonly remote: SocketAddress;
  /** Over TLS: the host of the URI, which the certificate has to be for (RFC 5922 §7). */
  readonly serverName?: string;
}

export type TransportFailure =
  /** Another process holds the address that was asked for. */
  | 'address-in-use'
  /** The address asked for is not one of this machine's, or the port needs a privilege. */
  | 'cannot-bind'
  /** No route, network down, host unreachable, message too long. */
  | 'send-failed'
  /** The bounded send queue was full; the message was dropped (newest first). */
  | 'congested'
  /** A connection could not be opened, or the other end has closed it. */
  | 'closed'
  /** A connection died with nobody closing it: no answer to a keep-alive, no way there any more. */
  | 'lost'
  /** The files of our certificate cannot be used. */
  | 'no-certificate';

/** Something the network or its configuration did; callers handle it. */
export class TransportException extends Error {
  override readonly name = 'TransportException';
  constructor(
    readonly failure: TransportFailure,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The way between this user agent and one remote address: over UDP the socket, over TCP the connection
 * that there is or that sending opens. Via and Contact are built from a flow's `local`, never from a
 * remembered address: after a change of network the next flow tells the truth.
 */
export interface Flow extends Destination {
  /** RFC 3261 §17: reliable transports need no retransmissions, and their sources are not forged. */
  readonly reliable: boolean;
  /**
   * Where the remote end reaches us: this machine's address there and our listening port. Looked up
   * when first asked for.
   * @throws TransportException 'send-failed' when this machine has no route to the remote end.
   */
  readonly local: SocketAddress;
  /** Whether the way is there without being opened first. */
  readonly isOpen: boolean;
  /**
   * Sends one message, opening the way first where need be, which takes time. Failures come later
   * through `onError`, never from within the call.
   */
  send(bytes: Uint8Array, onError: (error: TransportException) => void): void;
  /**
   * Tells, once, that the connection of this moment has closed, which over UDP there is none of.
   * Returns what ends the listening.
   */
  onClosed(listener: (error: TransportException) => void): () => void;
  /**
   * Looks whether the port at the remote end is closed: `onRefused`, once, when the network says so (ICMP),
   * which is a sign and no proof. A connection says it by closing. Returns what ends the look.
   */
  probe(onRefused: () => void): () => void;
  /** Nothing has come back: what is sent next takes a new connection. */
  abandon(): void;
  /**
   * Two line breaks, which keep NAT bindings open (RFC 5626 §3.5.1). A connection whose other end has answered
   * them before and does no more is closed (§4.4.1); none is opened for them. SCTP looks after its own.
   */
  keepAlive(): void;
}

/** What a keep-alive is: whoever receives it ignores it, or answers by one line break. */
export const PING = Buffer.from('\r\n\r\n');

/** Takes what arrives: one datagram, or one framed message of a stream. */
export type Receiver = (bytes: Uint8Array, flow: Flow) => void;

export interface TransportCounters {
  readonly received: number;
  readonly sent: number;
  readonly sendErrors: number;
  /** Connections not taken or closed early, for want of room. */
  readonly refused: number;
}

/** One connection over TLS. */
export interface SecureConnection {
  /** Address and port of the other end. */
  readonly remote: string;
  /** Whom the certificate is for; empty where the other end has opened the connection. */
  readonly serverName: string;
  /** As `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  /** By what the other end has shown who it is. */
  readonly verifiedBy: 'authority' | 'fingerprint' | 'nothing';
  /** Of the other end's certificate. */
  readonly issuer?: string;
  readonly expires?: string;
}

/** SIP over TLS as it stands. */
export interface SecurityStatus {
  readonly port: number;
  /** Oldest version that is spoken. */
  readonly leastVersion: string;
  /** Our own certificate: SHA-256, and when it runs out if it comes from a file. */
  readonly fingerprint: string;
  readonly expires?: string;
  readonly connections: readonly SecureConnection[];
  /** Certificates that run out soon, and a clock that has no time yet, in words. */
  readonly problems: readonly string[];
}

/** A listening point that makes flows. */
export interface Transport {
  readonly protocol: TransportProtocol;
  /** Port actually bound. */
  readonly port: number;
  readonly counters: TransportCounters;
  /** From now on everything received goes to `receiver`. */
  listen(receiver: Receiver): void;
  /** @param serverName of a TLS connection, see `Destination` */
  flowTo(remote: SocketAddress, serverName?: string): Flow;
  /** Of TLS: what it is secured by. */
  security?(): SecurityStatus | undefined;
  close(): Promise<void>;
}

/** Where the remote end of `flow` reaches us; undefined when there is no way between us. */
export function localAddressOf(flow: Flow): string | undefined {
  try {
    return flow.local.address;
  } catch (error) {
    if (error instanceof TransportException) return undefined;
    throw error;
  }
}
