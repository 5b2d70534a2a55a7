export { createUserAgent } from './create';
export type { InviteOptions } from './invite-options';
export type {
  OnPublicationState,
  SipUserAgent,
  Subscription,
  UserAgentCounters,
  UserAgentEvents,
  UserAgentOptions,
  Wanted,
} from './sip-user-agent';
export { UserAgent, type UserAgentParts } from './user-agent';
