export type { StreamEvent } from './event-stream';
export { Feed } from './feed';
export {
  type Answer,
  type CallAnswer,
  carryOut,
  configurationSchema,
  type GuestCall,
  guestCalls,
  hangUpOnLeaving,
  type ListedCommand,
  type LoginResult,
  listedCommands,
  logIn,
  logOut,
  member,
  offerCall,
  pictureProblem,
  redeem,
  sessionState,
} from './requests';
export { hasMicrophone, Telephone, type TelephoneState } from './telephone';
