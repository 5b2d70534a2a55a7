export { createUserAgent } from './create';
export { UserAgent, type UserAgentParts } from './user-agent';
