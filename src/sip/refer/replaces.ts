/**
 * A dialog as Replaces names it (RFC 3891 §3), and Join (RFC 3911 §7.1), seen by who gets the field: `toTag` is the tag of its
 * own, `fromTag` that of its peer.
 */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only before it is answered; of Replaces. */
  readonly isEarlyOnly: boolean;
}

/** Undefined when it cannot be read. */
export function readReplaces(text: string): Replaces | undefined {
  const [callId = '', ...params] = text.split(';').map((part) => part.trim());
  const values = new Map(
    params.map((param) => {
      const [name = '', ...value] = param.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()] as const;
    }),
  );
  const toTag = values.get('to-tag');
  const fromTag = values.get('from-tag');
  if (!/^\S+$/.test(callId) || !toTag || !fromTag) return undefined;
  return { callId, toTag, fromTag, isEarlyOnly: values.has('early-only') };
}

export function replacesField({ callId, toTag, fromTag, isEarlyOnly }: Replaces): string {
  return `${callId};to-tag=${toTag};from-tag=${fromTag}${isEarlyOnly ? ';early-only' : ''}`;
}
