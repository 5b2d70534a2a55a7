export type { DiversionReason } from './diversion';
export type { DtmfKey } from './dtmf-info';
export type { Enclosing } from './enclosing';
export type { SessionEnvironment } from './environment';
export type { Diverted } from './history-info';
export { IncomingInvite, type IncomingInviteParts } from './incoming-invite';
export type { InfoParts } from './info';
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

export type EnclosureKit = typeof import('./enclosures');

/** What makes them is in a file of its own, loaded by whoever is to call for help. */
export async function loadEnclosures(): Promise<EnclosureKit> {
  return await import('./enclosures');
}
