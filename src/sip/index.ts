export { isHelpService, type SipAccount } from './account';
export {
  ASKED_ALGORITHMS,
  type AskedAlgorithm,
  type Claim,
  type DigestRealm,
  DigestServer,
} from './auth';
export {
  CONFERENCE_INFO,
  type ConferenceEndpoint,
  type ConferenceInfo,
  type ConferenceUser,
  DIALOG_INFO,
  type EventTable,
  type LineCall,
  type LineInfo,
  LineTable,
  MESSAGE_SUMMARY,
  type MessageSummary,
  PIDF,
  type PresenceInfo,
  PresenceTable,
  REGISTRATION_INFO,
  type RegisteredContact,
  type RegistrationInfo,
  RegistrationTable,
  readConferenceInfo,
  readMessageSummary,
} from './event-packages';
export { type Delivery, type IncomingMessage, MAX_TEXT_BYTES } from './instant-message';
export type {
  DiversionReason,
  Diverted,
  DtmfKey,
  IncomingSession,
  InviteSession,
  InviteSessionEvents,
  OfferAnswer,
  OfferAnswerFactory,
  OfferRefusal,
  SessionEnd,
  SessionState,
  Warning,
} from './invite';
export {
  type Enclosing,
  type EnclosureKit,
  type InfoParts,
  loadEnclosures,
} from './invite';
export { type HeaderList, NameAddr, parseSipUri, type SipUri, UriException } from './message';
export type { Availability, PublicationState, Published } from './publication';
export type { Progress, ReferenceEnd, ReferenceListener, ReferralOffer, Replaces } from './refer';
export type {
  Registration,
  RegistrationEvents,
  RegistrationFlow,
  RegistrationState,
} from './registration';
export { type Lookup, systemLookup } from './resolve';
export type { SubscriberListener } from './subscription';
export {
  TRACE_ROOMS,
  type TracedDialog,
  type TracedMessage,
  type TracePage,
  type TraceQuery,
  type TraceRoom,
} from './trace';
export {
  keepsSecrets,
  type SecurityStatus,
  type SocketAddress,
  type TlsPolicy,
  TransportException,
  type TransportFailure,
  type TransportProtocol,
} from './transport';
export {
  createUserAgent,
  type InviteOptions,
  type OnPublicationState,
  type SipUserAgent,
  type Subscription,
  type UserAgentCounters,
  type UserAgentEvents,
  type UserAgentOptions,
  type Wanted,
} from './user-agent';
