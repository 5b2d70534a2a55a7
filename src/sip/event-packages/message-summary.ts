/** What waits in a mailbox, RFC 3842. */
export interface MessageSummary {
  readonly waiting: boolean;
  /** Voice messages not heard yet, and those that were. */
  readonly newMessages: number;
  readonly oldMessages: number;
}

/** Undefined for a body that does not say whether something waits (§5.2). */
export function readMessageSummary(text: string): MessageSummary | undefined {
  const fields = new Map(
    text.split(/\r?\n/).map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim().toLowerCase(), value.join(':').trim()] as const;
    }),
  );
  const status = fields.get('messages-waiting')?.toLowerCase();
  if (status !== 'yes' && status !== 'no') return undefined;
  const [, fresh = '', old = ''] =
    /^(\d{1,9})\s*\/\s*(\d{1,9})/.exec(fields.get('voice-message') ?? '') ?? [];
  return { waiting: status === 'yes', newMessages: Number(fresh), oldMessages: Number(old) };
}
