export type { StreamEvent } from './event-stream';
export { Feed } from './feed';
export {
  type Answer,
  carryOut,
  configurationSchema,
  type ListedCommand,
  type LoginResult,
  listedCommands,
  logIn,
  logOut,
  member,
  pictureProblem,
  sessionState,
} from './requests';
