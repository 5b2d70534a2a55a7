import {
  BRANCH_COOKIE,
  type MessageIdentity,
  type SipRequest,
  type SipResponse,
  type Via,
} from '../message';

/**
 * RFC 3261 §17.1.3: a response belongs to the request with its branch and CSeq method, which some
 * answer in small letters.
 */
export function clientKey(message: SipRequest | SipResponse): string {
  return `${message.cseq.method.toUpperCase()} ${message.topVia.branch ?? ''}`;
}

/**
 * RFC 3261 §17.2.3: branch, sent-by and method, where an ACK matches the INVITE it acknowledges.
 * Requests of RFC 2543 elements, whose branch lacks the cookie, are told apart by the fields that
 * clause names; their To tag is compared apart, since an ACK carries the response's.
 */
export function serverKey(request: SipRequest, method = request.method): string {
  const matched = method === 'ACK' ? 'INVITE' : method;
  const via = request.topVia;
  if (via.hasRfc3261Branch) {
    return `${matched} ${branchTail(via)} ${via.host.toLowerCase()}:${via.port ?? ''}`;
  }
  const { from, callId, cseq, uri } = request;
  return `2543 ${matched} ${uri} ${from.tag ?? ''} ${callId} ${cseq.sequence} ${via.sentBy} ${via.branch ?? ''}`;
}

/** Branches are tokens, so compared without case (RFC 3261 §7.3.1). */
function branchTail(via: Via): string {
  return (via.branch ?? '').slice(BRANCH_COOKIE.length).toLowerCase();
}

/** RFC 3261 §8.2.2.2: requests alike in these that match no transaction came over two paths. */
export function mergeKey({ from, callId, cseq }: MessageIdentity, method: string): string {
  return `${method} ${cseq.sequence} ${from.tag ?? ''} ${callId}`;
}
