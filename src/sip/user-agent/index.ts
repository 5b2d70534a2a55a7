export { createUserAgent } from './create';
export type { InviteOptions } from './invite-options';
export type {
  SipUserAgent,
  UserAgentCounters,
  UserAgentEvents,
  UserAgentOptions,
} from './sip-user-agent';
export { UserAgent, type UserAgentParts } from './user-agent';
