import type { TransportProtocol } from '../transport';

/** Why a description is refused, for a Warning header field (RFC 3261 §20.43). */
export interface Warning {
  /** 300..399. */
  readonly code: number;
  readonly text: string;
}

export interface OfferRefusal {
  readonly status: number;
  readonly reason?: string;
  readonly warning?: Warning;
}

/**
 * How a session's owner supplies session descriptions (RFC 3264). Bodies are opaque to `sip/`.
 * Implementations answer at once; a refusal is a value, not an exception.
 */
export interface OfferAnswer {
  /** No offer can be made before; absent: at once. It never rejects. */
  readonly ready?: Promise<void> | undefined;
  /** For an INVITE or re-INVITE that we send, and for one that came without an offer. */
  createOffer(): string;
  /** A refused offer leaves the former description in force (RFC 3261 §14.2). */
  handleOffer(offer: string): { readonly answer: string } | OfferRefusal;
  /**
   * The answer of a provisional response: announcements and ringing tones are heard (RFC 3960). A
   * later one, of this fork or another, takes its place, and `handleAnswer` ends the matter.
   */
  handleEarlyAnswer(answer: string): void;
  /** The call was redirected, or is tried anew: whoever was heard so far is heard no more. */
  endEarlyMedia(): void;
  /**
   * `false` when the answer cannot be used: the session then ends with BYE. Empty when there should
   * have been one.
   */
  handleAnswer(answer: string): boolean;
}

/**
 * Builds the OfferAnswer of a session, bound to the local address that reaches its peer, for
 * descriptions that go by `protocol`.
 */
export type OfferAnswerFactory = (localAddress: string, protocol: TransportProtocol) => OfferAnswer;
