export { Dispatcher, wrongParameter } from './dispatcher';
export {
  COMMAND_MESSAGES,
  type CommandMessage,
  messageOf,
  SESSION_MESSAGES,
  type SessionMessage,
} from './messages';
export { RVAL, RVAL_MEANING, type RvalName } from './rval';
export { CommandServer, type CommandServerOptions } from './server';
export { IDLE_MS, MAX_SESSIONS, MAX_SESSIONS_PER_ADDRESS } from './sessions';
export * from './wire';
