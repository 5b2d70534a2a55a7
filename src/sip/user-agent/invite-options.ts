import type { HeaderList } from '../message';
import { type Replaces, replacesField } from '../refer';

/** What else an INVITE of ours says. */
export interface InviteOptions {
  /** The call at the target that it takes the place of (RFC 3891). */
  readonly replaces?: Replaces;
  /** Who has sent us there, as he said it (RFC 3892). */
  readonly referredBy?: string;
}

export function fieldsOf({ replaces, referredBy }: InviteOptions): HeaderList {
  return [
    ...(replaces ? ([['Replaces', replacesField(replaces)]] as const) : []),
    ...(referredBy === undefined ? [] : ([['Referred-By', referredBy]] as const)),
  ];
}
