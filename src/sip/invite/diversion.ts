import type { HeaderList, SipRequest } from '../message';

/** Why a call is sent on, RFC 5806 §4. */
export type DiversionReason = 'unconditional' | 'user-busy' | 'no-answer';

/** Sent on so often, a call goes in circles. */
const MAX_DIVERSIONS = 5;

/** How often a call has been sent on, as far as it says. */
export function timesDiverted(invite: SipRequest): number {
  return invite
    .getAll('Diversion')
    .flatMap((value) => value.split(/,(?=[^>]*(?:<|$))/))
    .reduce((sum, value) => sum + Number(/;\s*counter\s*=\s*(\d{1,3})/i.exec(value)?.[1] ?? 1), 0);
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
