import type { CallState } from './call-state';

/** Calls that may exist at once: one that talks and one that waits. */
export const MAX_CALLS = 2;

export interface Policy {
  /** Answer at once when no other call is up. */
  readonly autoAnswer: boolean;
}

/** What becomes of an incoming call, given the states of those that exist. */
export function admit(policy: Policy, calls: readonly CallState[]): 'busy' | 'ring' | 'answer' {
  if (calls.length >= MAX_CALLS) return 'busy';
  if (calls.length === 0 && policy.autoAnswer) return 'answer';
  // A call that is still being set up wants all attention; one that talks may be put on hold.
  return calls.every((state) => state === 'active' || state === 'held') ? 'ring' : 'busy';
}

/** Why a call cannot be made now, in words; undefined when it can. */
export function refusalToDial(
  calls: readonly { readonly id: number; readonly state: CallState; readonly heldByUs: boolean }[],
): string | undefined {
  if (calls.length >= MAX_CALLS) return `all ${MAX_CALLS} lines are taken; hang up one call first`;
  const other = calls.find(({ heldByUs }) => !heldByUs);
  return other && `call ${other.id} is ${other.state}; hold it or hang up first`;
}
