import type { SipRequest } from '../message';

/** What a NOTIFY says of its subscription, RFC 6665 §4.1.3. */
export interface NotifiedState {
  /** States that are not known count as active, as their NOTIFYs do (§4.1.2.1). */
  readonly kind: 'active' | 'pending' | 'terminated';
  /** Seconds left; undefined when it does not say. */
  readonly expiresS: number | undefined;
  readonly reason: string;
  readonly retryAfterS: number | undefined;
}

/** What follows a subscription that the notifier has ended, by its reason (RFC 6665 §4.1.3). */
export type AfterEnd =
  /** `deactivated`, `timeout`: a new one at once. */
  | 'at-once'
  /** `probation`, `giveup`, and reasons that are not known: a new one after a while. */
  | 'later'
  /** `rejected`, `noresource`, `invariant`: none. */
  | 'never';

/** Absent or not to be read, it is one of before RFC 3265: active, without a limit of its own. */
export function notifiedState(notify: SipRequest): NotifiedState {
  const [word = '', ...params] = (notify.get('Subscription-State') ?? '').split(';');
  const values = new Map(
    params.map((param) => {
      const [name = '', value = ''] = param.split('=');
      return [name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '')] as const;
    }),
  );
  const seconds = (name: string): number | undefined => {
    const digits = values.get(name) ?? '';
    return /^\d{1,10}$/.test(digits) ? Number(digits) : undefined;
  };
  return {
    kind: kindOf(word.trim().toLowerCase()),
    expiresS: seconds('expires'),
    reason: values.get('reason')?.toLowerCase() ?? '',
    retryAfterS: seconds('retry-after'),
  };
}

export function afterEnd(reason: string): AfterEnd {
  switch (reason) {
    case 'deactivated':
    case 'timeout':
      return 'at-once';
    case 'rejected':
    case 'noresource':
    case 'invariant':
      return 'never';
    default:
      return 'later';
  }
}

function kindOf(word: string): NotifiedState['kind'] {
  return word === 'pending' || word === 'terminated' ? word : 'active';
}
