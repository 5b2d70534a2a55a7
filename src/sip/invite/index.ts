export type { DiversionReason } from './diversion';
export type { DtmfKey } from './dtmf-info';
export type { SessionEnvironment } from './environment';
export type { Diverted } from './history-info';
export { IncomingInvite } from './incoming-invite';
export type {
  IncomingSession,
  InviteSession,
  InviteSessionEvents,
  SessionEnd,
  SessionState,
} from './invite-session';
export type { InviteUsage } from './invite-usage';
export type { OfferAnswer, OfferAnswerFactory, OfferRefusal, Warning } from './offer-answer';
export { OutgoingInvite } from './outgoing-invite';
export { tooSmallFields } from './session-expires';
export { INVITE_USAGE, RELIABLE_USAGE } from './usage-kinds';
