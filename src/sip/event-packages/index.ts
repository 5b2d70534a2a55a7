export {
  type ConferenceEndpoint,
  type ConferenceInfo,
  type ConferenceUser,
  readConferenceInfo,
} from './conference-info';
export { type LineCall, type LineInfo, LineTable } from './dialog-info';
export type { EventTable, Taken } from './event-table';
export {
  CONFERENCE_INFO,
  DIALOG_INFO,
  EVENT_TYPES,
  MESSAGE_SUMMARY,
  PIDF,
  REGISTRATION_INFO,
} from './media-types';
export { type MessageSummary, readMessageSummary } from './message-summary';
export { type PresenceInfo, PresenceTable } from './presence-info';
export {
  type RegisteredContact,
  type RegistrationInfo,
  RegistrationTable,
} from './registration-info';
