export type { AgentAccount, RegistrationStatus } from './account';
export { Agent, type AgentDependencies, type AgentEvents, type AgentOptions } from './agent';
export type { AgreedMedia, CallState, CallStatus, Holder, KeysBy } from './call-state';
export { AgentException, type AgentRefusal } from './exception';
export type { HistoryEntry } from './history';
export { MAX_SESSIONS, type Policy } from './policy';
export type { OpenedUserAgent } from './sip-port';
export type { AgentStatus } from './status';
