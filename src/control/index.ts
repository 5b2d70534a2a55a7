/** What a status is made of, for those who show it. */
export type {
  AgreedMedia,
  CallStatus,
  DtlsIdentity,
  HistoryEntry,
  RegistrationStatus,
  Switches,
  WatchedStatus,
} from '../agent';
export { carryOut, type Outcome, type Refusal } from './carry-out';
export type { Command, Prepared } from './command';
export {
  type CommandRequest,
  commandRequestReader,
  commandRequestSchema,
  type ReadRequest,
} from './command-request';
export {
  COMMANDS,
  type InviteReply,
  inviteReplySchema,
  type TraceReply,
  traceReplySchema,
} from './commands';
export {
  CommandRefusal,
  type Configuration,
  type ConfigurationChange,
  type Control,
  type Invited,
} from './control';
export { type CommandExample, exampleOf, exampleOfNotification } from './examples';
export {
  JOURNAL_LIMIT,
  Journal,
  type JournalEntry,
  type JournalPage,
  type KeptEntry,
} from './journal';
export type { MqttStatus } from './mqtt-status';
export {
  type CallNotice,
  type CameraNotice,
  type DeviceNotice,
  type DtmfNotice,
  NOTIFICATION_TYPES,
  NOTIFICATIONS,
  type Notification,
  type NotificationType,
  type ReadyNotice,
  type SilenceNotice,
} from './notifications';
export { type CallQuality, qualityOf } from './quality';
export { STATUS_EXAMPLE } from './status-example';
export {
  type CommandCounters,
  NO_COMMANDS,
  type StatusReply,
  statusReplySchema,
} from './status-reply';
export type { Surface, SurfaceOptions } from './surface';
export type { SurfaceStatuses, WebStatus } from './surface-status';
export type { TlsSpoken } from './tls-spoken';
export * from './udp';
