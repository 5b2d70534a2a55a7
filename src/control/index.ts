/** What a status is made of, for those who show it. */
export type { AgreedMedia, CallStatus } from '../agent';
export type { Command, CommandContext } from './command';
export { COMMANDS } from './commands';
export { NOTIFICATIONS, type Notification, type NotificationType, notify } from './notifications';
export { type CallQuality, qualityOf } from './quality';
export {
  type CommandCounters,
  STATUS_EXAMPLE,
  type StatusReply,
  statusReplySchema,
} from './status-reply';
export * from './udp';
