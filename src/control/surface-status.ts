import type { MqttStatus } from './mqtt-status';
import type { TlsSpoken } from './tls-spoken';

/** What the status says of the web page. */
export interface WebStatus {
  readonly address: string;
  readonly port: number;
  /** Why it is not open, in words; empty when it is. */
  readonly detail: string;
  readonly encrypted: boolean;
  /** Of its certificate (SHA-256), to compare with what a browser shows. */
  readonly fingerprint?: string;
  /** When it runs out, where it comes from a file. */
  readonly expires?: string;
  /** That it does soon, in words. */
  readonly expiry?: readonly string[];
  /** TLS as the last browser spoke it. */
  readonly tls?: TlsSpoken;
  readonly needsPassword: boolean;
  readonly sessions: number;
  /** Handed out, and not used yet. */
  readonly invitations: number;
  /** Who came by one. */
  readonly guests: number;
  /** Browsers that listen. */
  readonly streams: number;
  /** Browsers that took too little of what they were told. */
  readonly droppedStreams: number;
  readonly requests: number;
  readonly logins: number;
  /** Wrong passwords, links that let nobody in (any more), and attempts that came too soon. */
  readonly refusedLogins: number;
  /** From another page or under a name that is not ours. */
  readonly foreign: number;
  /** No HTTP, or too slow, or one connection too many. */
  readonly malformed: number;
}

/** Ways in that are open, each by what it says of itself. */
export interface SurfaceStatuses {
  readonly mqtt?: MqttStatus;
  readonly web?: WebStatus;
}
