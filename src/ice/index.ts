export type { Component } from './candidate';
export type { IceServer, IceSocket } from './gatherer';
export { IceAgent, type IceAim } from './ice-agent';
export type { RemoteIce } from './ice-session';
export type { CandidatePair } from './pair';
export { plainNumeric, type SocketAddress } from './stun';
