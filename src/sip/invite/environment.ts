import type { SubscriptionEnvironment } from '../subscription';

/** What sessions share. */
export interface SessionEnvironment extends SubscriptionEnvironment {
  /** Session interval that we ask for (RFC 4028), seconds. */
  readonly sessionExpires: number;
}
