import type { Datagram } from './pcap';

/** A SIP message as an onlooker sees it: enough to follow a call, not a parser. */
export interface SipOnWire {
  readonly at: bigint;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** First line. */
  readonly start: string;
  /** Method of a request; empty for a response. */
  readonly method: string;
  /** Status of a response; 0 for a request. */
  readonly status: number;
  readonly callId: string;
  /** As `1 INVITE`. */
  readonly cseq: string;
  readonly text: string;
}

export function sipMessages(datagrams: readonly Datagram[]): SipOnWire[] {
  const messages: SipOnWire[] = [];
  for (const { at, sourcePort, destinationPort, payload } of datagrams) {
    const text = payload.toString('latin1');
    const start = text.slice(0, text.indexOf('\r\n'));
    const request = start.match(/^([A-Z]{3,12}) (?:sips?|urn):\S+ SIP\/2\.0$/);
    const response = start.match(/^SIP\/2\.0 (\d{3}) /);
    if (!request && !response) continue;
    messages.push({
      at,
      sourcePort,
      destinationPort,
      start,
      method: request?.[1] ?? '',
      status: Number(response?.[1] ?? 0),
      callId: headerOf(text, 'Call-ID', 'i'),
      cseq: headerOf(text, 'CSeq'),
      text,
    });
  }
  return messages;
}

/** Value of a header field by its long or compact name; empty when absent. */
export function headerOf(text: string, name: string, compact = name): string {
  const head = text.split('\r\n\r\n', 1)[0] ?? '';
  return (
    head.match(new RegExp(`^(?:${name}|${compact})[ \\t]*:[ \\t]*(.*?)\\r?$`, 'im'))?.[1] ?? ''
  );
}

/** Milliseconds from the first INVITE of a call to its first 200. */
export function inviteTo200Ms(messages: readonly SipOnWire[], callId: string): number | undefined {
  const call = messages.filter((message) => message.callId === callId);
  const invite = call.find((message) => message.method === 'INVITE');
  const answer = call.find((message) => message.status === 200 && /INVITE$/.test(message.cseq));
  return invite && answer ? Number(answer.at - invite.at) / 1e6 : undefined;
}

/** The messages as lines `12.3 ms 5060>5070 INVITE sip:... | 1 INVITE`, for logs and failures. */
export function traceLines(messages: readonly SipOnWire[]): string {
  const origin = messages[0]?.at ?? 0n;
  return messages
    .map(({ at, sourcePort, destinationPort, start, cseq }) => {
      const ms = (Number(at - origin) / 1e6).toFixed(1).padStart(9);
      return `${ms} ms ${sourcePort}>${destinationPort} ${start} | ${cseq}`;
    })
    .join('\n');
}
