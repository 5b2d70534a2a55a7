import type { SipRequest, SipResponse } from '../message';

export const CONTROL_TYPE = 'application/EmergencyCallData.Control+xml';

/** What an emergency service wants, or has (RFC 8147 §9), and the Content-ID of that. */
export type ControlDocument = readonly [document: string, reference: string];

export function controlDocuments(message: SipRequest | SipResponse): ControlDocument[] {
  const { understood } = message.bodyParts([CONTROL_TYPE]);
  return understood.map(({ content, id }) => [content.toString(), id] as const);
}
