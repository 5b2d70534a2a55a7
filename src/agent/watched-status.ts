import type { LineInfo, PresenceInfo, RegistrationInfo } from '../sip';

/** Whom an account watches, by way of its server. */
export interface WatchSettings {
  /** Addresses whose presence is told (RFC 3856). */
  readonly presence?: readonly string[];
  /** Addresses whose calls are told of (RFC 4235). */
  readonly lines?: readonly string[];
  /** The account's own registrations, as the registrar has them (RFC 3680). */
  readonly registrations?: boolean;
}

interface Watched<Kind extends string> {
  /** The account that watches, by its name. */
  readonly account: string;
  readonly kind: Kind;
  /** Who is watched. */
  readonly of: string;
}

export interface WatchedPresence extends Watched<'presence'>, PresenceInfo {}
export interface WatchedLine extends Watched<'line'>, LineInfo {}
export interface WatchedRegistrations extends Watched<'registrations'>, RegistrationInfo {}

/** What is known of somebody who is watched. */
export type WatchedStatus = WatchedPresence | WatchedLine | WatchedRegistrations;
