/** What its events tell of, from the rooms below. */
export type { CameraState, FloorHolder, Still } from '../media';
export { type DtmfKey, MAX_TEXT_BYTES, type TracedMessage } from '../sip';
export type { AccountStatus, AgentAccount, RegistrationStatus } from './account';
export { Agent } from './agent';
export type {
  AgentDependencies,
  AgentEvents,
  AgentOptions,
  Reconfigurable,
} from './agent-options';
export type { AnnouncementNotice } from './announcements';
export type { AnsweredBrowser } from './browser-call';
export type { DtlsIdentity } from './browser-media';
export type { BrowserCaller } from './browser-session';
export { type AudioQuality, audioQuality } from './call-quality';
export type { AgreedMedia, CallState, CallStatus, Holder, KeysBy } from './call-state';
export type { TonePolicy } from './call-tones';
export type { CallTracedDialog, CallTracePage, CallTraceQuery } from './call-trace';
export type { TransferStatus } from './call-transfer';
export type { DialPlanSettings } from './dial-plan';
export type { Dialled } from './dialling';
export type {
  ECallSettings,
  ECallStatus,
  EmergencySettings,
  EmergencyStatus,
} from './emergency-status';
export { AgentException, type AgentRefusal } from './exception';
export type { Fix, PositionStatus } from './help';
export { HISTORY_LIMIT, type HistoryEntry, type HistoryKeeper, type HistoryQuery } from './history';
export { KeptEchoDelay, type SoundDevices } from './kept-echo-delay';
export { KeptHistory } from './kept-history';
export { KeptMutes } from './kept-mutes';
export type { MailboxStatus } from './mailbox';
export {
  type Contact,
  exportCards,
  type ImportResult,
  importCards,
  KeptPhoneBook,
  MAX_NAME,
  MAX_NUMBER,
  PhoneBook,
  type PhoneBookKeeper,
  SHORT_NUMBER,
} from './phone-book';
export { MAX_SESSIONS, type Policy } from './policy';
export type {
  RecordingNotice,
  RecordingPolicy,
  RecordingStatus,
  StartedRecording,
} from './recordings';
export type { OpenedUserAgent } from './sip-port';
export type { AgentStatus, Switches } from './status';
export {
  type KeptStill,
  STILL_LIMIT,
  STILL_NAME,
  StillFolder,
  type StillKeeper,
} from './still-folder';
export {
  MESSAGE_LIMIT,
  type TextMessage,
  type TextMessageKeeper,
  type TextMessageQuery,
} from './text-messages';
export { TONE_COUNTRIES } from './tones';
export type {
  WatchedLine,
  WatchedPresence,
  WatchedRegistrations,
  WatchedStatus,
  WatchSettings,
} from './watched-status';
