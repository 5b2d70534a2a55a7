import type { DiversionReason } from '../sip';

/** When calls are sent on to somebody else. */
export const FORWARD_CASES = ['always', 'busy', 'noAnswer'] as const;
export type ForwardCase = (typeof FORWARD_CASES)[number];

/** Whom to, by the case; what is absent is not sent on. */
export type Forwarding = { readonly [Case in ForwardCase]?: string | undefined };

/** In the words of SIP (RFC 5806). */
export const DIVERSION_REASONS: Readonly<Record<ForwardCase, DiversionReason>> = {
  always: 'unconditional',
  busy: 'user-busy',
  noAnswer: 'no-answer',
};

/** A phone that nobody answers rings so long before the call is sent on, unless the policy says, s. */
export const FORWARD_AFTER_S = 25;
