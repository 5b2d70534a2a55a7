import type { Candidate, Component, LocalCandidate } from './candidate';
import type { SentRequest, SocketAddress } from './stun';

/** RFC 8445 §6.1.2.6. */
export type PairState = 'frozen' | 'waiting' | 'inProgress' | 'succeeded' | 'failed';

/** One of ours and one of theirs, which a check has to show that they reach each other (RFC 8445 §6.1.2). */
export class CandidatePair {
  readonly component: Component;
  readonly local: LocalCandidate;
  readonly remote: Candidate;
  state: PairState = 'frozen';
  /** A check has come back. */
  isValid = false;
  /** As controlling end: its next check says that it shall be the one. */
  isNominating = false;
  /** As controlled end: the peer has said so. */
  isNominatedByPeer = false;
  request: SentRequest | undefined;
  /** What the far end sees us as on it, once it is valid. */
  mapped: SocketAddress | undefined;

  constructor(component: Component, local: LocalCandidate, remote: Candidate) {
    this.component = component;
    this.local = local;
    this.remote = remote;
  }

  /** §6.1.2.6. */
  get foundation(): string {
    return `${this.local.foundation}:${this.remote.foundation}`;
  }

  get isRelayed(): boolean {
    return this.local.kind === 'relay' || this.remote.kind === 'relay';
  }

  get isUnfinished(): boolean {
    return this.state === 'frozen' || this.state === 'waiting' || this.state === 'inProgress';
  }
}

/** Negative where `one` goes first: §6.1.2.3, without the numbers of 64 bits. */
export function byPriority(
  one: CandidatePair,
  other: CandidatePair,
  isControlling: boolean,
): number {
  const [a, b] = [rank(one, isControlling), rank(other, isControlling)];
  return b.least - a.least || b.most - a.most || b.isOurs - a.isOurs;
}

function rank({ local, remote }: CandidatePair, isControlling: boolean) {
  const [controlling, controlled] = isControlling
    ? [local.priority, remote.priority]
    : [remote.priority, local.priority];
  return {
    least: Math.min(controlling, controlled),
    most: Math.max(controlling, controlled),
    isOurs: controlling > controlled ? 1 : 0,
  };
}
