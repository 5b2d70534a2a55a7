export type {
  Candidate,
  CandidateKind,
  Component,
  ComponentId,
  LocalCandidate,
} from './candidate';
export type { IceServer, IceSocket } from './gatherer';
export { IceAgent, type IceAgentListener, type IceAim } from './ice-agent';
export type { RemoteIce, RemoteStream } from './ice-session';
export type { CandidatePair } from './pair';
export type { SocketAddress } from './stun';
