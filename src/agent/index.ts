export type { AgentAccount, RegistrationStatus } from './account';
export { Agent, type AgentDependencies, type AgentEvents, type AgentOptions } from './agent';
export type { CallState, CallStatus, Holder } from './call-state';
export { AgentException, type AgentRefusal } from './exception';
export type { HistoryEntry } from './history';
export type { Policy } from './policy';
export type { OpenedUserAgent } from './sip-port';
export type { AgentStatus } from './status';
