import type { SocketAddress } from './stun';

/** RFC 8445 §5.1: where it was learned. */
export type CandidateKind = 'host' | 'srflx' | 'prflx' | 'relay';

/** Of a stream: 1 is RTP, 2 is RTCP where that has a port of its own (RFC 8839 §4.1). */
export type ComponentId = 1 | 2;

/** A transport address that may lead to an end; over UDP. */
export interface Candidate extends SocketAddress {
  /** The same for all that are likely to share a fate (§5.1.1.3). */
  readonly foundation: string;
  readonly component: ComponentId;
  readonly priority: number;
  readonly kind: CandidateKind;
  /** What it was learned from, for people. */
  readonly related?: SocketAddress;
}

/** A way that packets take from and to a component: its socket itself, or a relay behind it. */
export interface Way {
  readonly kind: 'direct' | 'relayed';
  send(to: SocketAddress, bytes: Uint8Array): void;
  /** Checks will come from there: a relay has to let them in. */
  expect(from: SocketAddress): void;
}

/** One of ours. */
export interface LocalCandidate extends Candidate {
  readonly way: Way;
  readonly localPreference: number;
}

/** One of the streams of a call, and which of its two ports. */
export interface Component {
  readonly stream: string;
  readonly id: ComponentId;
}

/** §5.1.2.2. */
const TYPE_PREFERENCE: Readonly<Record<CandidateKind, number>> = {
  host: 126,
  prflx: 110,
  srflx: 100,
  relay: 0,
};

/** §5.1.2.1. @param localPreference 0..65535 */
export function priorityOf(
  kind: CandidateKind,
  localPreference: number,
  component: ComponentId,
): number {
  return 2 ** 24 * TYPE_PREFERENCE[kind] + 2 ** 8 * localPreference + (256 - component);
}

export function isSameComponent(one: Component, other: Component): boolean {
  return one.stream === other.stream && one.id === other.id;
}
