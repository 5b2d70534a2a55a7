export { type NameAddr, parseSipUri, type SipUri, UriException } from './message';
export { type Lookup, systemLookup } from './resolve';
export type {
  DtmfKey,
  IncomingSession,
  InviteSession,
  InviteSessionEvents,
  OfferAnswer,
  OfferAnswerFactory,
  OfferRefusal,
  Registration,
  RegistrationEvents,
  RegistrationState,
  SessionEnd,
  SessionState,
  SipAccount,
  SipUserAgent,
  UserAgentCounters,
  UserAgentEvents,
  UserAgentOptions,
  Warning,
} from './session-api';
export { type SocketAddress, TransportException, type TransportFailure } from './transport';
export { createUserAgent } from './user-agent';
