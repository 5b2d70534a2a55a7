import type { TlsSpoken } from '../tls-spoken';

/** What goes to the broker, at QoS 1. */
export interface Message {
  readonly topic: string;
  /** Empty and retained takes away what is retained there. */
  readonly payload: string | Buffer;
  readonly retain?: boolean;
  /** Of no use to anybody after so many seconds (MQTT 5). */
  readonly expiryS?: number;
  readonly correlationData?: Buffer;
}

/** What comes from the broker. */
export interface Arrival {
  readonly topic: string;
  readonly payload: Buffer;
  /** It lay there before we came. */
  readonly retained: boolean;
  /** DUP: it may have come before. */
  readonly repeated: boolean;
  readonly responseTopic?: string;
  readonly correlationData?: Buffer;
}

/** What is encrypted, and by when that ends. */
export interface ConnectionSecurity extends TlsSpoken {
  /** Of the broker's certificate. */
  readonly expires: Date;
}

/** A connection that is up. */
export interface Connection {
  /** Undefined where it is plain TCP. */
  readonly security?: ConnectionSecurity;
  /** Resolves when the broker has taken it, with its words where it refuses; never once the connection is down. */
  publish(message: Message): Promise<string | undefined>;
  /** The same for subscriptions. */
  subscribe(topics: readonly string[]): Promise<string | undefined>;
  unsubscribe(topics: readonly string[]): void;
  /** Says good-bye, so that the last will is not told. */
  close(): Promise<void>;
}

export interface ConnectionListener {
  onMessage(arrival: Arrival): void;
  /** It is down, and tells nothing any more. */
  onDown(reason: string): void;
}

/** Tries to connect; rejects with an error whose message says why not. */
export type Connect = (listener: ConnectionListener) => Promise<Connection>;
