export type { Command } from './command';
export { CommandClient, CommandException, NoAgentException } from './command-client';
export { CommandServer, type CommandServerOptions } from './command-server';
export { COMMANDS } from './commands';
export { Dispatcher, type DispatcherCounters } from './dispatcher';
export { NOTIFICATIONS, type NotificationType, notify } from './notifications';
export { type CallQuality, qualityOf } from './quality';
export { IDLE_MS, MAX_SESSIONS } from './sessions';
export * from './wire';
