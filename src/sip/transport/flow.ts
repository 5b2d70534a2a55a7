/** Numeric IP address (IPv6 without brackets) and port. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** Transport names as they stand in Via (RFC 3261 §20.42). */
export type TransportProtocol = 'UDP' | 'TCP' | 'TLS';

export type TransportFailure =
  /** Another process holds the address that was asked for. */
  | 'address-in-use'
  /** The address asked for is not one of this machine's, or the port needs a privilege. */
  | 'cannot-bind'
  /** No route, network down, host unreachable, message too long. */
  | 'send-failed'
  /** The bounded send queue was full; the datagram was dropped (newest first). */
  | 'congested';

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
 * The way between one local socket and one remote address. Via and Contact are built from a flow's
 * `local`, never from a remembered address: after a change of network the next flow tells the truth.
 */
export interface Flow {
  readonly protocol: TransportProtocol;
  /** RFC 3261 §17: reliable transports need no retransmissions. */
  readonly reliable: boolean;
  readonly remote: SocketAddress;
  /**
   * Where the remote end reaches us. Looked up when first asked for.
   * @throws TransportException 'send-failed' when this machine has no route to the remote end.
   */
  readonly local: SocketAddress;
  /** Sends one message. Failures come later through `onError`, never from within the call. */
  send(bytes: Uint8Array, onError: (error: TransportException) => void): void;
}

/** Takes what arrives: one datagram, or one framed message of a stream. */
export type Receiver = (bytes: Uint8Array, flow: Flow) => void;

export interface TransportCounters {
  readonly received: number;
  readonly sent: number;
  readonly sendErrors: number;
}

/** A listening point that makes flows. */
export interface Transport {
  readonly protocol: TransportProtocol;
  /** Port actually bound. */
  readonly port: number;
  readonly counters: TransportCounters;
  /** From now on everything received goes to `receiver`. */
  listen(receiver: Receiver): void;
  flowTo(remote: SocketAddress): Flow;
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
