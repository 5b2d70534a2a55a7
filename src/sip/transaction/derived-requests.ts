import { createRequest, type SipRequest, type SipResponse } from '../message';

/** ACK of a non-2xx final response, RFC 3261 §17.1.1.3: the INVITE's branch, the response's To. */
export function createAckOfFailure(invite: SipRequest, response: SipResponse): SipRequest {
  return createRequest('ACK', invite.uri, {
    via: invite.topVia,
    routes: invite.routes,
    from: invite.from,
    to: response.to,
    callId: invite.callId,
    cseq: invite.cseq.sequence,
  });
}

/** CANCEL of a request of ours, RFC 3261 §9.1: everything that routes and matches it is the same. */
export function createCancel(request: SipRequest): SipRequest {
  return createRequest('CANCEL', request.uri, {
    via: request.topVia,
    routes: request.routes,
    from: request.from,
    to: request.to,
    callId: request.callId,
    cseq: request.cseq.sequence,
  });
}
