/** A SIP message as the command `trace` tells of it. */
export interface TracedMessage {
  readonly number: number;
  readonly at: Date;
  readonly direction: 'in' | 'out';
  readonly from: string;
  readonly to: string;
  readonly transport: string;
  readonly summary: string;
  readonly octets: number;
  readonly text: string | undefined;
}

export interface TracedDialog {
  readonly callId: string;
  readonly call: number | undefined;
  readonly kind: string;
  readonly messages: readonly TracedMessage[];
}

type Loose = Readonly<Record<string, unknown>>;

/** The dialogs of a reply, the newest first; what is not understood is left out. */
export function dialogsIn(reply: unknown): readonly TracedDialog[] {
  return listIn(looseOf(reply).dialogs)
    .map(looseOf)
    .map((dialog) => ({
      callId: textIn(dialog.callId),
      call: typeof dialog.call === 'number' ? dialog.call : undefined,
      kind: textIn(dialog.kind),
      messages: listIn(dialog.messages).map(looseOf).map(messageOf),
    }))
    .filter(({ messages }) => messages.length > 0)
    .reverse();
}

function messageOf(message: Loose): TracedMessage {
  return {
    number: numberIn(message.number),
    at: new Date(textIn(message.at)),
    direction: message.direction === 'out' ? 'out' : 'in',
    from: textIn(message.from),
    to: textIn(message.to),
    transport: textIn(message.transport),
    summary: textIn(message.summary),
    octets: numberIn(message.octets),
    text: typeof message.text === 'string' ? message.text : undefined,
  };
}

function looseOf(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberIn(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
