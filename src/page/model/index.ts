export { type Contact, recentContacts, shortAddress } from './addresses';
export { Controller } from './controller';
export { clockTime, longTime } from './durations';
export { takenInvitation } from './invitation';
export { type CallSamples, LOWEST_LEVEL, type Sample, withSamples } from './samples';
export {
  FIRST_STATE,
  type GuestState,
  type Happening,
  type InvitationWords,
  type LogLine,
  type Notice,
  next,
  type PageState,
} from './state';
export { dialogsIn, type TracedDialog, type TracedMessage } from './trace';
