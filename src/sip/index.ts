export { type NameAddr, parseSipUri, type SipUri, UriException } from './message';
export type {
  IncomingSession,
  InviteSession,
  InviteSessionEvents,
  OfferAnswer,
  OfferAnswerFactory,
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
} from './session-api';
export { type SocketAddress, TransportException, type TransportFailure } from './transport';
export { createUserAgent } from './user-agent';
