import type { HeaderList, SipRequest, SipResponse } from '../message';

/** Who refreshes, told by the roles in the transaction that carries the field (RFC 4028 §4). */
export type RefresherRole = 'uac' | 'uas';

export interface SessionExpires {
  readonly intervalS: number;
  readonly refresher: RefresherRole | undefined;
}

/** RFC 4028 §4: no interval is shorter, unless a proxy on the way says so. */
export const MIN_SE_S = 90;

/** Longer intervals are as good as none, and beyond what timers can count. */
export const MAX_INTERVAL_S = 86_400;

/** Session-Expires of a message; undefined when absent or unreadable, which RFC 4028 takes for no timer. */
export function sessionExpiresOf(message: SipRequest | SipResponse): SessionExpires | undefined {
  const [delta, ...params] = (message.get('Session-Expires') ?? '').split(';');
  const intervalS = secondsOf(delta);
  if (intervalS === undefined) return undefined;
  for (const param of params) {
    const [name, role] = param.split('=').map((part) => part.trim().toLowerCase());
    if (name === 'refresher' && (role === 'uac' || role === 'uas')) {
      return { intervalS, refresher: role };
    }
  }
  return { intervalS, refresher: undefined };
}

/** Min-SE of a message; undefined when absent or unreadable. */
export function minSeOf(message: SipRequest | SipResponse): number | undefined {
  return secondsOf((message.get('Min-SE') ?? '').split(';')[0]);
}

export function sessionExpiresField(intervalS: number, refresher?: RefresherRole): HeaderList {
  const value = refresher ? `${intervalS};refresher=${refresher}` : String(intervalS);
  return [['Session-Expires', value]];
}

export function supportsTimer(message: SipRequest | SipResponse): boolean {
  return [...message.supported, ...message.require].some((tag) => tag.toLowerCase() === 'timer');
}

/** Fields of the 422 that a request of the peer gets, if it does, §9: only who knows timers gets one. */
export function tooSmallFields(request: SipRequest): HeaderList | undefined {
  const asked = sessionExpiresOf(request);
  const isTooSmall = asked && asked.intervalS < MIN_SE_S && supportsTimer(request);
  return isTooSmall ? [['Min-SE', MIN_SE_S]] : undefined;
}

/** What is too long for a number of 32 bits is long enough. */
function secondsOf(text: string | undefined): number | undefined {
  const digits = text?.trim() ?? '';
  return /^\d{1,40}$/.test(digits) ? Math.min(Number(digits), 2 ** 32 - 1) : undefined;
}
