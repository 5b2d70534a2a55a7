import type { HeaderList, SipRequest } from '../message';
import { timesMapped } from './history-info';

/** Why a call is sent on, RFC 5806 §4. */
export type DiversionReason = 'unconditional' | 'user-busy' | 'no-answer';

/** Sent on so often, a call goes in circles. */
const MAX_DIVERSIONS = 5;

/** How often a call has been sent on, as far as it says, in one way or the other. */
export function timesDiverted(invite: SipRequest): number {
  const told = invite.diversions.reduce((sum, one) => sum + (one.params.number('counter') ?? 1), 0);
  // Of one that cannot be read there is one at least.
  return Math.max(told, invite.getAll('Diversion').length, timesMapped(invite));
}

/** The field of the 3xx that sends it on; undefined when it has been sent on too often. */
export function diversionField(
  invite: SipRequest,
  reason: DiversionReason,
): HeaderList | undefined {
  if (timesDiverted(invite) >= MAX_DIVERSIONS) return undefined;
  const former = invite.getAll('Diversion').map((value) => ['Diversion', value] as const);
  return [['Diversion', `<${invite.uri}>;reason=${reason};counter=1`], ...former];
}
