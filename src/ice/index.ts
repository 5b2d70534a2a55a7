export type {
  Candidate,
  CandidateKind,
  Component,
  ComponentId,
  LocalCandidate,
} from './candidate';
export type { IceServer, IceSocket } from './gatherer';
export { IceAgent, type IceAgentListener, type IceAim } from './ice-agent';
export type { IceSession, RemoteIce, RemoteStream } from './ice-session';
export type { CandidatePair } from './pair';
export { plainNumeric, type SocketAddress } from './stun';
