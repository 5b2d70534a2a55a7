export { CHALLENGE_MS, hmac } from './challenge';
export { Dispatcher, type DispatcherOptions, HEARTBEAT_MS } from './dispatcher';
export { COMPLAINTS, SOCKET_RATE } from './gate';
export { ASK_EVERY_MS, ASK_TIMES } from './holder-query';
export {
  COMMAND_MESSAGES,
  type CommandMessage,
  FIRST_ID,
  messageOf,
  messagesFrom,
  SESSION_MESSAGES,
  type SessionMessage,
} from './messages';
export { KEPT_MS } from './pages';
export { REPEATED_ID_MS, REPEATED_MS } from './repetitions';
export { MAX_ID_LENGTH, wrongParameter } from './request';
export { RVAL, RVAL_MEANING, type RvalName } from './rval';
export { CommandServer, type CommandServerOptions } from './server';
export { IDLE_MS, MAX_SESSIONS, MAX_SESSIONS_PER_ADDRESS } from './sessions';
export * from './wire';
