import type { SipRequest } from '../message';

/** What a request has for a proof of who sends it, RFC 3261 §22.1. */
export type Claim = Pick<SipRequest, 'method' | 'uri' | 'authorization'>;
