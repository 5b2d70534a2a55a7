import type { HeaderList, SipRequest, SipResponse } from '../message';

/** A provisional response as its acknowledgement names it, RFC 3262 §7.2. */
export interface RAck {
  readonly responseNumber: number;
  readonly sequence: number;
  readonly method: string;
}

/** RSeq of a response that wants a PRACK, RFC 3262 §4; undefined for any other. */
export function reliableNumber(response: SipResponse): number | undefined {
  if (response.status === 100 || !asksFor100rel(response)) return undefined;
  const digits = response.get('RSeq')?.trim() ?? '';
  if (!/^\d{1,10}$/.test(digits)) return undefined;
  const number = Number(digits);
  return number > 0 && number < 2 ** 32 ? number : undefined;
}

/** Undefined when there is none that can be read. */
export function rackOf(prack: SipRequest): RAck | undefined {
  const match = /^(\d{1,10})[ \t]+(\d{1,10})[ \t]+(\S+)$/.exec(prack.get('RAck')?.trim() ?? '');
  if (!match) return undefined;
  const [, responseNumber, sequence, method = ''] = match;
  return { responseNumber: Number(responseNumber), sequence: Number(sequence), method };
}

/** Whether a message demands reliable provisional responses, or is one. */
export function asksFor100rel(message: SipRequest | SipResponse): boolean {
  return message.require.some((tag) => tag.toLowerCase() === '100rel');
}

export function reliableFields(responseNumber: number): HeaderList {
  return [
    ['Require', '100rel'],
    ['RSeq', responseNumber],
  ];
}

/** Whether a PRACK's RAck names this response of ours. */
export function isNamedBy(
  response: SipResponse,
  { responseNumber, sequence, method }: RAck,
): boolean {
  const { cseq } = response;
  return (
    String(responseNumber) === response.get('RSeq') &&
    sequence === cseq.sequence &&
    method === cseq.method
  );
}
