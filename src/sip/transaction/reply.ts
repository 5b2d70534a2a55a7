import { createResponse, type ResponseParts, type SipRequest, type SipResponse } from '../message';
import type { ServerTransaction } from './server-transaction';

/** Answers a request, naming the product (RFC 3261 §20.35). Returns what was sent. */
export function reply(
  product: string,
  request: SipRequest,
  transaction: ServerTransaction,
  status: number,
  parts: ResponseParts = {},
): SipResponse {
  const headers = [...(parts.headers ?? []), ['Server', product] as const];
  const response = createResponse(request, status, { ...parts, headers });
  transaction.respond(response);
  return response;
}
